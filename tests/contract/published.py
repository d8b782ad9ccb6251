"""Meta's own published description of the API, read where somebody has put it; it is not ours to carry along.

`META_DESCRIPTION` names the file; else it is looked for where our own reference material lies, beside the checkout.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

import yaml

NAME = "business-messaging-api_v23.0.yaml"
BESIDE = Path(__file__).parents[2].parent / "shared" / "meta" / NAME
FILE = Path(os.environ.get("META_DESCRIPTION") or BESIDE)


@cache
def description() -> dict[str, Any]:
    """The whole document. The C loader reads its megabyte in a second or two; the other one takes ten times that."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(FILE.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - both loaders are safe ones


def operation(path: str, method: str) -> dict[str, Any] | None:
    """One operation, with its references resolved as they are looked at; None where there is none."""
    found = description()["paths"].get(path, {}).get(method.lower())
    return None if found is None else dict(found)


def resolved(node: Any) -> Any:
    """`node` without references, however deep."""
    if isinstance(node, dict) and "$ref" in node:
        target: Any = description()
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return resolved(target)
    if isinstance(node, dict):
        return {key: resolved(value) for key, value in node.items()}
    return [resolved(item) for item in node] if isinstance(node, list) else node


def one_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its `allOf` parts laid together, so that its properties and required ones stand in one place."""
    merged: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
    for part in schema.get("allOf", []):
        flat = one_schema(part)
        merged["properties"] = {**merged.get("properties", {}), **flat.get("properties", {})}
        merged["required"] = sorted({*merged.get("required", []), *flat.get("required", [])})
    return merged


def variants(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a schema, or itself alone."""
    return [one_schema(variant) for variant in schema.get("oneOf", [schema])]
