"""The contract cards, read from `cards/`: one JSON file per Graph call we make.

A card says what we may rely on: where the call goes, which kinds of token Meta's page names, what is sent and where,
what comes back, and which errors. `example` values are complete enough to make the call with. `becomes` is the class
of `app.meta.errors` that our client must raise. `rehearsed: false` marks an error the local Meta cannot be brought to
by playing it (its fault door can still send it). `openapi` names the path in Meta's published description, null where
that does not cover the call; `disagreement` says, for each place where the two differ, why the card stays.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).parent / "cards"
EVERY_CALL = "every_call"

TokenKind = Literal["app", "system", "business"]


@dataclass(frozen=True)
class Param:
    type: Literal["string", "integer", "array", "object"]
    required: bool
    example: Any


@dataclass(frozen=True)
class Error:
    status: int
    code: int
    subcode: int | None
    when: str
    becomes: str
    rehearsed: bool = True

    @property
    def name(self) -> str:
        return f"{self.code}" if self.subcode is None else f"{self.code}/{self.subcode}"

    @property
    def envelope(self) -> dict[str, Any]:
        """As Meta writes it."""
        error: dict[str, Any] = {"message": f"(#{self.code}) {self.when}", "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": {**error, "fbtrace_id": "AbCdEf1GhIjKlMnOpQ"}}


@dataclass(frozen=True)
class Request:
    place: Literal["query", "form", "json", "none"]
    params: dict[str, Param]


@dataclass(frozen=True)
class Reply:
    required: list[str]
    example: dict[str, Any]


@dataclass(frozen=True)
class Card:
    name: str
    method: Literal["GET", "POST", "DELETE"]
    path: str
    page: str
    page_date: str
    openapi: str | None
    token_kinds: list[TokenKind]
    ids: dict[str, str]
    request: Request
    reply: Reply
    errors: list[Error]
    notes: list[str]
    disagreement: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The path with the example ids in it."""
        return self.path.format(**self.ids)


def read_card(path: Path) -> Card:
    """One card. A missing or unknown key raises, so no card can say less or more than this shape."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    request = raw.pop("request")
    return Card(
        request=Request(request.pop("in"), {name: Param(**param) for name, param in request.pop("params").items()}),
        reply=Reply(**raw.pop("reply")),
        errors=[Error(**error) for error in raw.pop("errors")],
        **raw,
    )


CARDS = {path.stem: read_card(path) for path in sorted(FOLDER.glob("*.json")) if path.stem != EVERY_CALL}
ERRORS_OF_EVERY_CALL = [Error(**error) for error in json.loads((FOLDER / f"{EVERY_CALL}.json").read_text())["errors"]]
