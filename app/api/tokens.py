"""`/v1/onboardings/{reference}/token`: how the account's token stands. No door hands out a token."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict

from app.api.answers import answer
from app.api.guard import api_key, scope
from app.api.onboardings import SECURITY, OnboardingPath
from app.api.problems import EVERYWHERE, NOT_THERE
from app.api.reads import reads
from app.kit.errors import NotFound
from app.onboarding.reading.progress import read_progress
from app.upkeep.tokens.reading import TokenView, TryView, find_token, list_tries
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(
    APIBlueprint(
        "api_tokens",
        __name__,
        url_prefix="/v1/onboardings/<reference>/token",
        abp_tags=[Tag(name="Onboardings", description="One run of the steps for one client, with proofs.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)

EXAMPLE: Final[dict[str, Any]] = {
    "kind": "business_token",
    "state": "alive",
    "last_four": "x7Qd",
    "since": "2026-11-02T10:21:33Z",
    "ends_at": "2027-01-01T10:21:33Z",
    "never_ends": False,
    "dead_since": None,
    "next_look_at": "2026-12-17T14:02:10Z",
    "tries": [],
}
STATES: Final[dict[str, Literal["alive", "not_renewable", "dead"]]] = {
    "new": "alive",
    "waiting": "alive",
    "lasting": "alive",
    "refused": "not_renewable",
    "dead": "dead",
}


class TokenTryReply(BaseModel):
    """One try to renew it: `way` look, exchange or fetch; `outcome` renewed, or why not, with Meta’s numbers."""

    at: datetime
    way: str
    outcome: str
    code: int | None
    subcode: int | None
    trace_id: str | None
    new_end: datetime | None


class TokenReply(BaseModel):
    """The token that counts for the account, by its last four characters alone."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [EXAMPLE]},
        openapi_extra={"example": EXAMPLE},  # type: ignore[typeddict-unknown-key]
    )

    kind: str
    state: Literal["alive", "not_renewable", "dead"]
    last_four: str | None
    since: datetime
    ends_at: datetime | None
    never_ends: bool
    dead_since: datetime | None
    next_look_at: datetime | None
    tries: list[TokenTryReply]


@bp.get("", responses={200: TokenReply, **NOT_THERE}, security=SECURITY)
@scope("onboardings:read")
@reads
def show_token(path: OnboardingPath) -> Response:
    """Show how an account’s token stands

    When it ends, when it is renewed, and what was tried last. The token itself is shown to nobody.
    """
    with rt().db.read() as session:
        progress = read_progress(session, path.reference)
        found = find_token(session, progress.client_id, progress.waba_id)
        if found is None:
            raise NotFound("This onboarding has no token yet, or none any more.")
        tries = list_tries(session, found.watch_id)
    return answer(told(found, tries))


def told(found: TokenView, tries: Sequence[TryView]) -> TokenReply:
    """A token in the words of the API."""
    return TokenReply(
        kind=found.kind,
        state=STATES[found.state],
        last_four=found.last_four,
        since=found.since,
        ends_at=found.ends_at,
        never_ends=found.state == "lasting",
        dead_since=found.dead_since,
        next_look_at=found.renews_at,
        tries=[
            TokenTryReply(
                at=each.at,
                way=each.way,
                outcome=each.outcome,
                code=each.code,
                subcode=each.subcode,
                trace_id=each.trace_id,
                new_end=each.new_end,
            )
            for each in tries
        ],
    )
