"""The list of onboardings: filtered by derived state, searched, counted, turned over page by page.

The state is derived in SQL by the same rule as `rules.state_of`; a test holds the two against each other.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.numbers.models import Account
from app.onboarding import rules
from app.onboarding.models import Onboarding, Proof, Step
from app.onboarding.plans import ASKED, FIRST_STEPS, PLANS, STANDARD, Plan, plan_for
from app.onboarding.reading.progress import Progress, read_many

STATES = ("needs_attention", "stopped", "paused", "waiting", "open", "connected", "live", "replaced", "removed")


@dataclass(frozen=True)
class Page:
    """`next` continues the list (pass it as `before`), None at the end. `counts` are of all states, unfiltered."""

    rows: tuple[Progress, ...]
    next: str | None
    counts: dict[str, int]


def list_progress(
    session: Session,
    *,
    state: str | None = None,
    search: str | None = None,
    link_id: str | None = None,
    plan: str | None = None,
    way: str | None = None,
    before: str | None = None,
    limit: int = 25,
) -> Page:
    """One page, newest first. Keys sort by time, so the key of the last row is where the next page begins."""
    query = select(Onboarding).order_by(Onboarding.id.desc()).limit(limit + 1)
    if state:
        query = query.where(_state() == state)
    if link_id:
        query = query.where(Onboarding.link_id == link_id)
    if plan:
        query = query.where(_in_force() == plan)
    if way:
        query = query.where(Onboarding.way == way)
    if before:
        query = query.where(Onboarding.id < before)
    if search:
        query = query.join(Client, Client.id == Onboarding.client_id).where(_matches(search))
    rows = session.scalars(query).all()
    shown = rows[:limit]
    return Page(tuple(read_many(session, shown)), shown[-1].id if len(rows) > limit else None, _counts(session))


def _counts(session: Session) -> dict[str, int]:
    state = _state().label("state")
    found = dict(session.execute(select(state, func.count()).select_from(Onboarding).group_by(state)).all())
    return {name: found.get(name, 0) for name in STATES}


def _matches(search: str) -> ColumnElement[bool]:
    """By part of the client's name, or by the beginning of a reference or an id. `%` and `_` are letters here."""
    return or_(
        Client.name.icontains(search, autoescape=True),
        Onboarding.reference.istartswith(search, autoescape=True),
        Onboarding.waba_id == search,
        Onboarding.phone_number_id == search,
    )


def _state() -> ColumnElement[str]:
    def with_step(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(Step.onboarding_id == Onboarding.id, *conditions)

    troubled = or_(
        Step.state.in_([rules.REFUSED, rules.NEEDS_US]), and_(Step.state == rules.NEEDS_CLIENT, Step.name != "test")
    )
    first = Step.name.in_(FIRST_STEPS)
    return case(
        (Onboarding.ended_because.is_not(None), Onboarding.ended_because),
        (_is_paused(), "paused"),
        (_has_all(lambda plan: plan.proofs if plan.live else None), "live"),
        (with_step(troubled, first, Step.state != rules.NEEDS_US), "stopped"),
        (with_step(troubled), "needs_attention"),
        (_has_all(lambda plan: None if plan.parked else plan.connected), "connected"),
        (with_step(Step.state == rules.WAITING), "waiting"),
        else_="open",
    )


def is_connected() -> ColumnElement[bool]:
    """Whether an onboarding has every proof its plan wants before the two messages, whatever its state is now."""
    return _has_all(lambda plan: None if plan.parked else plan.connected)


def _is_paused() -> ColumnElement[bool]:
    return exists().where(
        Account.client_id == Onboarding.client_id,
        Account.waba_id == Onboarding.waba_id,
        Account.paused_at.is_not(None),
    )


def _has_all(wanted: Callable[[Plan], tuple[str, ...] | None]) -> ColumnElement[bool]:
    """Whether an onboarding has every proof its plan in force wants; a plan that wants None never has."""
    by_proofs: dict[tuple[str, ...], list[ColumnElement[bool]]] = defaultdict(list)
    in_force = _in_force()
    for name in PLANS:
        for pays in (True, False):
            kinds = wanted(plan_for(name, on_our_credit=pays))
            if kinds is not None:
                by_proofs[kinds].append(and_(in_force == name, Onboarding.on_our_credit.is_(pays)))
    return or_(*(and_(or_(*plans), _seen(kinds)) for kinds, plans in by_proofs.items()))


def _in_force() -> ColumnElement[str]:
    """The plan of an onboarding; before Meta has shown its number, the one that was asked for."""
    return func.coalesce(Onboarding.plan, case((Onboarding.plan_asked.in_(ASKED), Onboarding.plan_asked)), STANDARD)


def _seen(kinds: tuple[str, ...]) -> ColumnElement[bool]:
    seen = select(func.count()).where(Proof.onboarding_id == Onboarding.id, Proof.kind.in_(kinds)).scalar_subquery()
    return seen == len(kinds)
