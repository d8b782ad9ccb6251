"""The cards held against Meta's own published description, for every path it covers.

Each difference must be named on the card with a reason; a reason that no longer names a difference must go.
"""

from typing import Any

import pytest

from tests.contract import published
from tests.contract.cards import CARDS, Card

pytestmark = pytest.mark.skipif(
    not published.FILE.exists(),
    reason="Meta's published description is not here; META_DESCRIPTION may name the file",
)
# What every call carries, and what the description therefore does not repeat for each.
EVERYWHERE = {"User-Agent", "Authorization", "Content-Type", "Version"}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def test_cards_and_description_differ_only_where_a_card_says_why() -> None:
    # One test and not one for each card, because whoever runs it must read a megabyte of YAML first.
    covered = [card for card in CARDS.values() if card.openapi]
    assert {card.name: differences_of(card) for card in covered} == {c.name: set(c.disagreement) for c in covered}
    assert {card.name: covering(card) for card in CARDS.values() if not card.openapi and covering(card)} == {}


def differences_of(card: Card) -> set[str]:
    assert card.openapi is not None
    operation = published.operation(card.openapi, card.method)
    assert operation is not None, f"the description has no {card.method} {card.openapi}"
    return {*in_request(card, operation), *in_reply(card, operation), *in_statuses(card, operation)}


def covering(card: Card) -> list[str]:
    """Paths of the description that look like the card's: the same edge, or the same kind of node by its id."""
    node, _, edge = card.path.removeprefix("/").partition("/")
    if not node.startswith("{"):
        wanted = f"/{{Version}}{card.path}"
    elif edge:
        wanted = f"}}/{edge}"
    else:
        wanted = f"/{{{node.strip('{}').partition('_')[0]}-id}}"
    return [path for path in published.description()["paths"] if path.lower().endswith(wanted.lower())]


def in_request(card: Card, operation: dict[str, Any]) -> set[str]:
    """Parameters the description does not know, requires while the card does not, or types otherwise."""
    theirs, required = parameters(operation)
    body = published.resolved(operation.get("requestBody", {})).get("content", {})
    if body:
        variant = fitting_variant(card, next(iter(body.values()))["schema"])
        if variant is None:
            return {"operation"}
        theirs |= variant.get("properties", {})
        required |= set(variant.get("required", []))
    ours = card.request.params
    found = {name for name in ours if name not in theirs}
    found |= {name for name in required if name not in ours or not ours[name].required}
    found |= {name for name in ours.keys() & theirs.keys() if not fits(ours[name].example, theirs[name])}
    return {f"request.{name}" for name in found}


def parameters(operation: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    named = [param for param in published.resolved(operation.get("parameters", [])) if param["in"] == "query"]
    schemas = {param["name"]: param["schema"] for param in named if param["name"] not in EVERYWHERE}
    return schemas, {param["name"] for param in named if param.get("required")}


def fitting_variant(card: Card, schema: dict[str, Any]) -> dict[str, Any] | None:
    """The alternative of the body that speaks of this call: the one whose fixed `type` is ours."""
    alternatives = published.variants(schema)
    if len(alternatives) == 1:
        return alternatives[0]
    kind = card.request.params.get("type")
    for variant in alternatives:
        if kind is not None and kind.example in variant["properties"]["type"].get("enum", []):
            return variant
    return None


def in_reply(card: Card, operation: dict[str, Any]) -> set[str]:
    schema = published.resolved(operation["responses"]["200"])["content"]["application/json"]["schema"]
    return differences(card.reply.example, published.one_schema(schema), "reply", at_top=True)


def differences(value: Any, schema: dict[str, Any], at: str, *, at_top: bool = False) -> set[str]:
    """Places where the card's example is not what the schema describes. A nested object's own id never counts."""
    if isinstance(value, dict) and schema.get("properties"):
        known = schema["properties"]
        found = {f"{at}.{key}" for key in value.keys() - known.keys()}
        found |= {f"{at}.{key}" for key in schema.get("required", []) if key not in value}
        for key in value.keys() & known.keys():
            found |= differences(value[key], published.one_schema(known[key]), f"{at}.{key}")
        return found
    if isinstance(value, list) and value and "items" in schema:
        return differences(value[0], published.one_schema(schema["items"]), f"{at}[]")
    return set() if fits(value, schema) else {at}


def in_statuses(card: Card, operation: dict[str, Any]) -> set[str]:
    """Statuses of errors that the description, where it lists any, does not list."""
    listed = {int(status) for status in operation["responses"] if status.isdecimal() and status != "200"}
    return {f"status.{error.status}" for error in card.errors if listed and error.status not in listed}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    kind = schema.get("type")
    if kind in TYPES and not isinstance(value, TYPES[kind]):
        return False
    return "enum" not in schema or value in schema["enum"]
