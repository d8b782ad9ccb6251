"""What the API says of the funnel."""

from datetime import date, datetime
from typing import Any, Literal

from app.api.link_replies import CLIENT, OPENING, ClientReply, ContactReply, OpeningReply, Shown, example, told_opening
from app.onboarding.funnel.funnel import Counts, Funnel, Left, Wish
from app.onboarding.funnel.stopped import Stopped, StoppedPage
from app.onboarding.links.room import WeeklyRoom
from app.web.languages import tag_of

StageName = Literal["made", "opened", "window", "finished", "connected", "live"]

COUNTS: dict[str, Any] = {"made": 12, "opened": 10, "window": 8, "finished": 5, "connected": 5, "live": 4}
FUNNEL: dict[str, Any] = {
    "plan": None,
    "week": None,
    "counts": COUNTS,
    "weeks": [{"week": "2026-11-16", "counts": COUNTS}],
    "plans": [{"plan": "standard", "counts": COUNTS}],
    "left": [{"ending": "stopped_at_the_code", "says": "Stopped at the six-digit code", "count": 3}],
    "stopped": [
        {
            "link_id": "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010",
            "client": CLIENT,
            "stage": "window",
            "plan": "standard",
            "since": "2026-11-20T12:07:40Z",
            "opening": OPENING,
            "onboarding": None,
        }
    ],
    "next": None,
    "weekly_limit": {"used": 8, "limit": 10, "left": 2, "opens_at": None},
}


class CountsReply(Shown):
    """How many links came at least so far; each counts in all stages before its own."""

    made: int
    opened: int
    window: int
    finished: int
    connected: int
    live: int


class WeekReply(Shown):
    """Links made in the week that began on this Monday."""

    week: date
    counts: CountsReply


class PlanReply(Shown):
    """Links of one plan; null for those whose client has chosen none yet."""

    plan: str | None
    counts: CountsReply


class LeftReply(Shown):
    """How many left Meta’s window in this way."""

    ending: str
    says: str
    count: int


class StoppedReply(Shown):
    """One client that stopped, by its newest link. `onboarding` is the reference of the one that began, if one did."""

    link_id: str
    client: ClientReply
    stage: StageName
    plan: str | None
    since: datetime
    opening: OpeningReply | None
    onboarding: str | None


class WeeklyLimitReply(Shown):
    """New clients of the last seven days against Meta’s limit; `opens_at` is when there is room again if it is full."""

    used: int
    limit: int
    left: int
    opens_at: datetime | None


class FunnelReply(Shown):
    """The funnel of the last twelve weeks, who stopped in it, and Meta’s weekly limit."""

    model_config = example(FUNNEL)

    plan: str | None
    week: date | None
    counts: CountsReply
    weeks: list[WeekReply]
    plans: list[PlanReply]
    left: list[LeftReply]
    stopped: list[StoppedReply]
    next: str | None
    weekly_limit: WeeklyLimitReply


def told(wish: Wish, funnel: Funnel, page: StoppedPage, room: WeeklyRoom) -> FunnelReply:
    """The funnel in the words of the API."""
    return FunnelReply(
        plan=wish.plan,
        week=wish.week,
        counts=_counts(funnel.all),
        weeks=[WeekReply(week=date.fromisoformat(week.name), counts=_counts(week)) for week in funnel.weeks],
        plans=[PlanReply(plan=_plan(plan.name), counts=_counts(plan)) for plan in funnel.plans],
        left=[_left(left) for left in funnel.left],
        stopped=[_stopped(row) for row in page.rows],
        next=page.next,
        weekly_limit=WeeklyLimitReply(used=room.used, limit=room.limit, left=room.left, opens_at=room.opens_at),
    )


def _counts(counts: Counts) -> CountsReply:
    return CountsReply(**{name: getattr(counts, name) for name in CountsReply.model_fields})


def _plan(name: str) -> str | None:
    return None if name == "none" else name


def _left(left: Left) -> LeftReply:
    return LeftReply(ending=left.ending.key, says=left.ending.staff, count=left.count)


def _stopped(row: Stopped) -> StoppedReply:
    language = tag_of(row.language) if row.language else None
    contact = ContactReply(name=row.contact_name, email=row.contact_email, language=language)
    return StoppedReply(
        link_id=row.link_id,
        client=ClientReply(id=row.client_id, name=row.client_name, external_ref=row.external_ref, contact=contact),
        stage=row.stage,  # type: ignore[arg-type]  # a word of STAGES, as the literal lists them
        plan=row.plan,
        since=row.since,
        opening=told_opening(row.opening) if row.opening is not None else None,
        onboarding=row.reference,
    )
