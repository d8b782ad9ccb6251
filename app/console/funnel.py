"""The abandonment funnel: how far links came, where Meta's window was left, and who stopped, each with one button."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from app.console.guard import staff_only
from app.console.pager import newer, older, read_place
from app.kit import clock
from app.onboarding.funnel.funnel import NO_PLAN, Wish, read_funnel
from app.onboarding.funnel.stopped import STOPPABLE, list_stopped
from app.onboarding.links.weekly import read_room
from app.onboarding.plans import PLANS
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("funnel", __name__, url_prefix="/funnel"), staff_only)

ROWS = 25
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@bp.get("")
def show() -> str:
    """The whole page, of one plan and one week where they are asked for."""
    wish, stage, place, now = _wish(), _stage(), read_place(), clock.now()
    with rt().db.read() as session:
        funnel = read_funnel(session, wish, now=now)
        stopped = list_stopped(session, wish, now=now, stage=stage, before=place.before, limit=ROWS)
        room = read_room(session, limit=rt().settings.meta_weekly_signup_limit, now=now)
    kept: dict[str, Any] = {"plan": wish.plan, "week": wish.week and wish.week.isoformat()}
    return render_template(
        "console/funnel.html",
        funnel=funnel,
        stopped=stopped,
        weekly=room,
        wish=wish,
        kept=kept,
        stage=stage,
        plans=(*PLANS, NO_PLAN),
        older=older(place, stopped.next, stage=stage, **kept),
        newer=newer(place, stage=stage, **kept),
    )


def _wish() -> Wish:
    """What is no plan or no day counts as not asked for."""
    plan, week = request.args.get("plan"), request.args.get("week", "")
    return Wish(plan if plan in PLANS or plan == NO_PLAN else None, _day(week) if _DAY.fullmatch(week) else None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _stage() -> str | None:
    wanted = request.args.get("stage")
    return wanted if wanted in STOPPABLE else None
