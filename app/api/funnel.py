"""`/v1/funnel`: how far links brought their clients, who stopped where, and Meta's weekly limit."""

from datetime import date
from typing import Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field, field_validator

from app.api.answers import answer
from app.api.funnel_replies import FunnelReply, told
from app.api.guard import api_key, scope
from app.api.links import Key
from app.api.problems import EVERYWHERE
from app.api.reads import reads
from app.kit import clock
from app.onboarding.funnel.funnel import NO_PLAN, Wish, read_funnel
from app.onboarding.funnel.stopped import list_stopped
from app.onboarding.links.weekly import read_room
from app.onboarding.plans import PLANS
from app.web.fields import Form
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(
    APIBlueprint(
        "api_funnel",
        __name__,
        url_prefix="/v1/funnel",
        abp_tags=[Tag(name="Funnel", description="How far links brought their clients, and who stopped.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)


class FunnelQuery(Form):
    """Which links, and from where in the list of those who stopped."""

    plan: str | None = Field(default=None, description="A plan, or `none` for clients who have chosen none yet.")
    week: date | None = Field(default=None, description="The Monday on which the week began in which links were made.")
    stage: Literal["made", "opened", "window", "finished", "connected"] | None = Field(
        default=None, description="Only those who stopped here."
    )
    before: Key | None = Field(default=None, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=100)

    @field_validator("plan")
    @classmethod
    def _is_plan(cls, plan: str | None) -> str | None:
        if plan is not None and plan not in {*PLANS, NO_PLAN}:
            raise ValueError(f"must be one of {', '.join([*PLANS, NO_PLAN])}")
        return plan

    @field_validator("week", mode="before")
    @classmethod
    def _is_day(cls, week: object) -> object:
        try:
            return date.fromisoformat(week) if isinstance(week, str) else week
        except ValueError:
            raise ValueError("must be a day like 2026-11-16") from None

    @field_validator("week")
    @classmethod
    def _is_monday(cls, week: date | None) -> date | None:
        if week is not None and week.weekday() != 0:
            raise ValueError("must be a Monday")
        return week


@bp.get("", responses={200: FunnelReply}, security=[{"api_key": ["links:read"]}])
@scope("links:read")
@reads
def show_funnel(query: FunnelQuery) -> Response:
    """Show the funnel

    Links of the last twelve weeks by stage, week and plan; how Meta’s window was left; who stopped, newest link first;
    and how many new clients Meta still lets in.
    """
    now, wish = clock.now(), Wish(query.plan, query.week)
    with rt().db.read() as session:
        funnel = read_funnel(session, wish, now=now)
        page = list_stopped(session, wish, now=now, stage=query.stage, before=query.before, limit=query.limit)
        room = read_room(session, limit=rt().settings.meta_weekly_signup_limit, now=now)
    return answer(told(wish, funnel, page, room))
