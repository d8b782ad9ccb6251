"""`/v1/accounts`: what others share with our portfolio, and taking it over."""

from typing import Annotated, Any, Final

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.answers import answer
from app.api.guard import api_key, program, scope
from app.api.problems import EVERYWHERE, TOO_LARGE
from app.api.reads import reads
from app.kit import clock
from app.onboarding.arrivals import adoption
from app.onboarding.arrivals.adoption import Adopted, Preview
from app.onboarding.arrivals.taking_forms import AdoptForm
from app.onboarding.shares.adopting import Funding, Offer, Verdict
from app.onboarding.shares.shared_accounts import list_shared
from app.web.fields import Form
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(
    APIBlueprint(
        "api_accounts",
        __name__,
        url_prefix="/v1/accounts",
        abp_tags=[Tag(name="Accounts", description="Accounts that are shared with our portfolio, and adopting them.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)

ACCOUNT: Final[dict[str, Any]] = {
    "waba_id": "524126980791429",
    "name": "Example Bakery",
    "currency": "USD",
    "business_id": "2729063490586005",
    "business_name": "Example Bakery Ltd",
    "numbers": [
        {"phone_number_id": "106540352242922", "display_phone_number": "+44 7700 900142", "status": "CONNECTED"}
    ],
    "more_numbers": False,
    "subscribed": None,
    "funding": "nobody",
    "standing": "free",
    "client": None,
    "reference": None,
}
LIST: Final[dict[str, Any]] = {"accounts": [ACCOUNT], "after": None, "in_time": True}
STEPS: Final = [
    {
        "step": "fetch",
        "number": None,
        "what": "Ask Meta for the token the client’s portfolio gave our app.",
        "changes": False,
    }
]
RESULT: Final[dict[str, Any]] = {
    "dry_run": True,
    "accounts": [
        {
            "waba_id": "524126980791429",
            "outcome": "would_begin",
            "client": "new: Example Bakery Ltd",
            "reference": None,
            "detail": "",
            "steps": STEPS,
        }
    ],
}


class SharedQuery(Form):
    """Which of the shared accounts, from where."""

    held_too: bool = Field(default=False, description="Those we hold already, too.")
    after: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        default=None, description="`after` of the page before."
    )


class SharedNumber(BaseModel):
    """A number of a shared account, in Meta’s words."""

    phone_number_id: str
    display_phone_number: str | None
    status: str | None


class SharedReply(BaseModel):
    """A shared account. `standing`: free, returns (was with us), new_numbers, held or under_way; null = unknown."""

    waba_id: str
    name: str | None
    currency: str | None
    business_id: str | None
    business_name: str | None
    numbers: list[SharedNumber]
    more_numbers: bool
    subscribed: bool | None
    funding: Funding
    standing: Verdict
    client: str | None
    reference: str | None


class SharedListReply(BaseModel):
    """Shared accounts, newest first. `after` continues; `in_time` is false where Meta was too slow to fill the page."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [LIST]},
        openapi_extra={"example": LIST},  # type: ignore[typeddict-unknown-key]
    )

    accounts: list[SharedReply]
    after: str | None
    in_time: bool


class PlannedReply(BaseModel):
    """One step of adopting; `changes` says whether it changes anything at Meta."""

    step: str
    number: str | None
    what: str
    changes: bool


class AdoptedReply(BaseModel):
    """One account. `outcome`: would_begin (in a dry run), begun, held, under_way or refused, with the reason."""

    waba_id: str
    outcome: str
    client: str | None
    reference: str | None
    detail: str
    steps: list[PlannedReply]


class AdoptReply(BaseModel):
    """What became of each account, or would."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [RESULT]},
        openapi_extra={"example": RESULT},  # type: ignore[typeddict-unknown-key]
    )

    dry_run: bool
    accounts: list[AdoptedReply]


@bp.get("/shared", responses={200: SharedListReply}, security=[{"api_key": ["accounts:read"]}])
@scope("accounts:read")
@reads
def show_shared(query: SharedQuery) -> Response:
    """List shared accounts

    Those of other portfolios that are shared with ours, and that no client of ours holds yet.
    """
    page = list_shared(rt(), after=query.after, held_too=query.held_too)
    shown = [_shared(offer) for offer in page.offers]
    return answer(SharedListReply(accounts=shown, after=page.after, in_time=page.in_time))


@bp.post("/adopt", responses={200: AdoptReply, **TOO_LARGE}, security=[{"api_key": ["accounts:adopt"]}])
@scope("accounts:adopt")
@reads
def adopt(body: AdoptForm) -> Response:
    """Adopt accounts

    A dry run unless `dry_run` is false. Adopting an account twice begins nothing twice.
    """
    if body.dry_run:
        seen = adoption.preview(rt(), body.orders())
        return answer(AdoptReply(dry_run=True, accounts=[_preview(one) for one in seen]))
    done = adoption.adopt(rt(), body.orders(), actor=program().actor, now=clock.now())
    return answer(AdoptReply(dry_run=False, accounts=[_adopted(one) for one in done]))


def _shared(offer: Offer) -> SharedReply:
    account, holder = offer.account, offer.holder
    return SharedReply(
        waba_id=offer.waba_id,
        name=account.name,
        currency=account.currency,
        business_id=account.owner_business_id,
        business_name=account.owner_business_name,
        numbers=[
            SharedNumber(phone_number_id=one.id, display_phone_number=one.display_phone_number, status=one.status)
            for one in offer.numbers
        ],
        more_numbers=offer.more_numbers,
        subscribed=offer.subscribed,
        funding=offer.funding,
        standing=offer.verdict,
        client=holder.client_name if holder else None,
        reference=(holder.reference or None) if holder else None,
    )


def _preview(one: Preview) -> AdoptedReply:
    verdict = one.offer.verdict if one.offer else ""
    taken = verdict if verdict in {"held", "under_way"} else "refused"
    return AdoptedReply(
        waba_id=one.order.waba_id,
        outcome=taken if one.why_not else "would_begin",
        client=one.client or None,
        reference=one.offer.holder.reference or None if one.offer and one.offer.holder else None,
        detail=one.why_not,
        steps=[
            PlannedReply(step=step.step, number=step.number, what=step.words, changes=step.changes)
            for step in one.steps
        ],
    )


def _adopted(one: Adopted) -> AdoptedReply:
    return AdoptedReply(
        waba_id=one.waba_id, outcome=one.outcome, client=None, reference=one.reference, detail=one.words, steps=[]
    )
