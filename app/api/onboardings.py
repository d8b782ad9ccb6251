"""`/v1/onboardings`: how far each client is, and what a program may do about it."""

from typing import Annotated, Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field, StringConstraints

from app.api.answers import answer
from app.api.guard import api_key, scope
from app.api.links import Key
from app.api.problems import EVERYWHERE, NOT_THERE
from app.api.reads import reads
from app.onboarding.reading.progress import read_progress
from app.onboarding.reading.replies import OnboardingListReply, OnboardingReply, told
from app.onboarding.reading.shelf import list_progress
from app.web.fields import Form
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(
    APIBlueprint(
        "api_onboardings",
        __name__,
        url_prefix="/v1/onboardings",
        abp_tags=[Tag(name="Onboardings", description="One run of the steps for one client, with proofs.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)

Plan = Literal[
    "standard",
    "coexistence",
    "from_provider",
    "account_only",
    "unverified",
    "registered",
    "virtual",
    "reconnect",
    "preverified",
    "app_only",
    "solution",
]

SECURITY = [{"api_key": ["onboardings:read"]}]


class OnboardingPath(Form):
    """Which onboarding: its reference, or its id."""

    reference: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,40}$")]


class OnboardingQuery(Form):
    """Which onboardings, from where."""

    link_id: Key | None = None
    state: (
        Literal["open", "waiting", "needs_attention", "connected", "live", "stopped", "paused", "replaced", "removed"]
        | None
    ) = None
    plan: Plan | None = None
    way: Literal["popup", "redirect", "hosted", "adopted", "by_hand"] | None = None
    before: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description="`next` of the page before."
    )
    limit: int = Field(default=50, ge=1, le=100)


@bp.get("", responses={200: OnboardingListReply}, security=SECURITY)
@scope("onboardings:read")
@reads
def show_onboardings(query: OnboardingQuery) -> Response:
    """List onboardings

    Newest first; `next` of one page is `before` of the next.
    """
    with rt().db.read() as session:
        page = list_progress(
            session,
            state=query.state,
            search=None,
            before=query.before,
            limit=query.limit,
            link_id=query.link_id,
            plan=query.plan,
            way=query.way,
        )
    return answer(OnboardingListReply(onboardings=[told(row) for row in page.rows], next=page.next))


@bp.get("/<reference>", responses={200: OnboardingReply, **NOT_THERE}, security=SECURITY)
@scope("onboardings:read")
@reads
def show_onboarding(path: OnboardingPath) -> Response:
    """Show an onboarding

    Its steps with times, its proofs, and what stands in the way: the meaning, who must act, and what to do.
    """
    with rt().db.read() as session:
        progress = read_progress(session, path.reference)
    return answer(told(progress))
