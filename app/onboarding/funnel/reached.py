"""How far a link has brought its client, as SQL: one word a link, from the rows that are there anyway.

made → opened → window (Meta's) → finished (there: the code or a FINISH came) → connected → live. Each word takes in
those before it. Where several onboardings came through one link, the furthest counts.
"""

from collections import defaultdict

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.onboarding.models import Link, Onboarding, Proof, Signup
from app.onboarding.plans import PLANS

STAGES = ("made", "opened", "window", "finished", "connected", "live")

# Aliases, so that whoever asks may join the same tables for reasons of its own.
_Came = aliased(Onboarding)
_Tried = aliased(Signup)
_THEIRS = _Came.link_id == Link.id
_TRIED = _Tried.link_id == Link.id


def stage() -> ColumnElement[str]:
    """The furthest stage of a link."""
    finished = or_(_Tried.code_at.is_not(None), _Tried.event["kind"].as_string().startswith("FINISH"))
    return case(
        (exists().where(_THEIRS, _has_proofs(live=True)), "live"),
        (exists().where(_THEIRS, _has_proofs(live=False)), "connected"),
        (or_(exists().where(_THEIRS), exists().where(_TRIED, finished)), "finished"),
        (exists().where(_TRIED), "window"),
        (Link.opened_at.is_not(None), "opened"),
        else_="made",
    )


def read_stage(session: Session, link_id: str) -> str:
    """How far one link has brought its client; the link is there."""
    return session.scalars(select(stage()).select_from(Link).where(Link.id == link_id)).one()


def plan() -> ColumnElement[str]:
    """The plan of a link's client: the one in force, else the one it asked for last, else null."""
    in_force = select(func.coalesce(_Came.plan, _Came.plan_asked)).where(_THEIRS).order_by(_Came.id.desc()).limit(1)
    asked = select(_Tried.plan_asked).where(_TRIED, _Tried.plan_asked.is_not(None)).order_by(_Tried.id.desc()).limit(1)
    return func.coalesce(in_force.scalar_subquery(), asked.scalar_subquery())


def newest_signup() -> ColumnElement[str]:
    """The key of the last opening of Meta's window through a link, null without one."""
    return select(_Tried.id).where(_TRIED).order_by(_Tried.id.desc()).limit(1).scalar_subquery()


def newest_onboarding() -> ColumnElement[str]:
    """The key of the last onboarding that came through a link, null without one."""
    return select(_Came.id).where(_THEIRS).order_by(_Came.id.desc()).limit(1).scalar_subquery()


def client_is_aboard() -> ColumnElement[bool]:
    """Whether the link's client is connected, by whatever way."""
    return exists().where(_Came.client_id == Link.client_id, _has_proofs(live=False))


def _has_proofs(*, live: bool) -> ColumnElement[bool]:
    """Whether an onboarding has the proofs of its plan; plans that want the same ones are asked about together."""
    plans_by_kinds: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in PLANS.values():
        plans_by_kinds[tuple(sorted(one.proofs if live else one.connected))].append(one.name)
    in_force = func.coalesce(_Came.plan, _Came.plan_asked, "standard")
    return or_(*(and_(in_force.in_(names), _proven(kinds)) for kinds, names in plans_by_kinds.items()))


def _proven(kinds: tuple[str, ...]) -> ColumnElement[bool]:
    seen = select(func.count()).where(Proof.onboarding_id == _Came.id, Proof.kind.in_(kinds)).scalar_subquery()
    return seen == len(kinds)
