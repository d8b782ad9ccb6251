"""The abandonment funnel: how many links came how far, by week and by plan, and where Meta's window was left.

A link counts in the week it was made (weeks begin on Monday, UTC), and so does what became of it later. Counted by the
database: two queries, however many links there are. Who stopped is listed by `stopped.py`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.orm import Session

from app.onboarding.funnel import reached
from app.onboarding.funnel.reached import STAGES
from app.onboarding.links.room import A_WEEK
from app.onboarding.models import Link, Signup
from app.onboarding.window.endings import (
    PATIENCE_FOR_CODE,
    PATIENCE_FOR_EXCHANGE,
    PATIENCE_FOR_WINDOW,
    Ending,
    Heard,
    ending_of,
)
from app.onboarding.window.events import EndEvent

WEEKS = 12


@dataclass(frozen=True)
class Counts:
    """How many links came at least so far. `name` is a week's Monday (2026-11-16), a plan, or "" for all."""

    name: str
    made: int
    opened: int
    window: int
    finished: int
    connected: int
    live: int

    def share(self, stage: str) -> int:
        """Of a hundred that opened their link, how many came so far."""
        return round(100 * int(getattr(self, stage)) / self.opened) if self.opened else 0


@dataclass(frozen=True)
class Left:
    """How many left Meta's window in one way, counting each link's last opening of it."""

    ending: Ending
    count: int


@dataclass(frozen=True)
class Wish:
    """Which links: of one plan ("none": none chosen yet), of the week that begins on this Monday."""

    plan: str | None = None
    week: date | None = None


@dataclass(frozen=True)
class Funnel:
    """`all` and `left` are of the wish; `weeks` are of its plan, newest first; `plans` are of its week."""

    all: Counts
    weeks: tuple[Counts, ...]
    plans: tuple[Counts, ...]
    left: tuple[Left, ...]


NO_PLAN = "none"


def read_funnel(session: Session, wish: Wish, *, now: datetime) -> Funnel:
    """The funnel of the last twelve weeks."""
    rows = _count(session, now=now)
    of_plan = [row for row in rows if wish.plan in {None, row.plan or NO_PLAN}]
    of_week = [row for row in rows if wish.week in {None, _monday(row.week, now)}]
    both = [row for row in of_plan if row in of_week]
    weeks = [monday_of(now) - place * A_WEEK for place in range(WEEKS)]
    plans = sorted({row.plan or NO_PLAN for row in of_week}, key=lambda name: (name == NO_PLAN, name))
    return Funnel(
        all=_add("", both),
        weeks=tuple(
            _add(f"{week.date():%Y-%m-%d}", (row for row in of_plan if row.week == place))
            for place, week in enumerate(weeks)
        ),
        plans=tuple(_add(name, (row for row in of_week if (row.plan or NO_PLAN) == name)) for name in plans),
        left=_left(session, wish, now=now),
    )


def monday_of(moment: datetime) -> datetime:
    """The beginning of a moment's week."""
    day = moment.astimezone(UTC).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), UTC)


def chosen(wish: Wish, *, now: datetime) -> list[ColumnElement[bool]]:
    """The conditions of a wish on links."""
    newest = monday_of(now)
    begins = datetime.combine(wish.week, time(), UTC) if wish.week else newest - (WEEKS - 1) * A_WEEK
    ends = begins + A_WEEK if wish.week else newest + A_WEEK
    conditions: list[ColumnElement[bool]] = [Link.created_at >= begins, Link.created_at < ends]
    if wish.plan == NO_PLAN:
        conditions.append(reached.plan().is_(None))
    elif wish.plan is not None:
        conditions.append(reached.plan() == wish.plan)
    return conditions


def _monday(place: int, now: datetime) -> date:
    return (monday_of(now) - place * A_WEEK).date()


def _count(session: Session, *, now: datetime) -> Sequence[Row[tuple[int, str | None, str, int]]]:
    """Links by week (0: this one), plan and furthest stage."""
    newest = monday_of(now)
    week = case(
        *((Link.created_at >= newest - place * A_WEEK, place) for place in range(WEEKS - 1)), else_=WEEKS - 1
    ).label("week")
    links = select(week, reached.plan().label("plan"), reached.stage().label("stage"))
    one = links.where(*chosen(Wish(), now=now)).subquery()
    counted = select(one.c.week, one.c.plan, one.c.stage, func.count().label("number"))
    return session.execute(counted.group_by(one.c.week, one.c.plan, one.c.stage)).all()


def _add(name: str, rows: Iterable[Row[tuple[int, str | None, str, int]]]) -> Counts:
    exactly: Counter[str] = Counter()
    for row in rows:
        exactly[row.stage] += row.number
    return Counts(name, **_at_least(exactly))


def _at_least(exactly: Mapping[str, int]) -> dict[str, int]:
    """Who came further has come so far, too."""
    return {name: sum(exactly.get(later, 0) for later in STAGES[place:]) for place, name in enumerate(STAGES)}


def _left(session: Session, wish: Wish, *, now: datetime) -> tuple[Left, ...]:
    """Each link's last opening, where it brought nothing: alike ones counted together, then explained."""
    said = Signup.event
    words = {name: said[name].as_string() for name in ("kind", "current_step", "error_id", "error_message")}
    flags = {
        "window_is_late": func.coalesce(Signup.opened_at, Signup.created_at) <= now - PATIENCE_FOR_WINDOW,
        "event_is_late": Signup.event_at <= now - PATIENCE_FOR_CODE,
        "has_code": Signup.code_at.is_not(None),
        "code_is_late": Signup.code_at <= now - PATIENCE_FOR_EXCHANGE,
        "is_closed": Signup.closed_at.is_not(None),
        "is_refused": Signup.code_refused.is_not(None),
    }
    columns = [column.label(name) for name, column in {**words, **flags}.items()]
    alike = (
        select(*columns)
        .join(Link, Link.id == Signup.link_id)
        .where(Signup.id == reached.newest_signup(), Signup.onboarding_id.is_(None), *chosen(wish, now=now))
        .subquery()
    )
    found: Counter[str] = Counter()
    endings: dict[str, Ending] = {}
    for row in session.execute(select(alike, func.count().label("number")).group_by(*alike.c)):
        ending = ending_of(_heard(row, now), now=now)
        if ending is not None:
            endings[ending.key] = ending
            found[ending.key] += row.number
    return tuple(Left(endings[key], count) for key, count in sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _heard(row: Row[tuple[object, ...]], now: datetime) -> Heard:
    """What the openings of one group have in common; a time stands for all times on its side of the wait."""
    event = None
    if row.kind is not None:
        event = EndEvent(
            row.kind, current_step=row.current_step, error_id=row.error_id, error_message=row.error_message
        )
    return Heard(
        event=event,
        opened_at=now - PATIENCE_FOR_WINDOW if row.window_is_late else now,
        event_at=now - PATIENCE_FOR_CODE if row.event_is_late else now,
        code_at=(now - PATIENCE_FOR_EXCHANGE if row.code_is_late else now) if row.has_code else None,
        closed_at=now if row.is_closed else None,
        code_refused="refused" if row.is_refused else None,
    )
