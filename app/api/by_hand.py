"""`POST /v1/onboardings/by-hand`: a client entered with account and token, where Meta's window cannot be used."""

from typing import Any, Final

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict

from app.api.answers import answer
from app.api.guard import api_key, program, scope
from app.api.problems import EVERYWHERE, TOO_LARGE
from app.api.reads import reads
from app.kit import clock
from app.onboarding.arrivals.by_hand import enter
from app.onboarding.arrivals.taking_forms import EntryForm
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(
    APIBlueprint(
        "api_by_hand",
        __name__,
        url_prefix="/v1/onboardings",
        abp_tags=[Tag(name="Onboardings", description="One run of the steps for one client, with proofs.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)

EXAMPLE: Final[dict[str, Any]] = {
    "id": "019a9f31-77aa-7c11-b0c2-5d1e60f2a9d4",
    "reference": "onb_7Q2F-4KDM",
    "client_name": "Example Bakery",
    "warnings": ["This token ends in 60 days. A new one must be entered before then, or the client goes dark."],
}


class EnteredReply(BaseModel):
    """The onboarding begun. `warnings` are about its token; the token itself is never told."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [EXAMPLE]},
        openapi_extra={"example": EXAMPLE},  # type: ignore[typeddict-unknown-key]
    )

    id: str
    reference: str
    client_name: str
    warnings: list[str]


@bp.post("/by-hand", responses={201: EnteredReply, **TOO_LARGE}, security=[{"api_key": ["onboardings:enter"]}])
@scope("onboardings:enter")
@reads
def enter_by_hand(body: EntryForm) -> Response:
    """Enter a client by hand

    The token is inspected first: one of a person, of another app, or that ends within a day is refused.
    """
    entered = enter(rt(), body.entry(), token=body.secret(), actor=program().actor, now=clock.now())
    reply = EnteredReply(
        id=entered.onboarding_id,
        reference=entered.reference,
        client_name=entered.client_name,
        warnings=list(entered.warnings),
    )
    response = answer(reply, 201)
    response.headers["Location"] = f"{rt().settings.public_url}/v1/onboardings/{entered.reference}"
    return response
