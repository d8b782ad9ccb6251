"""Every few minutes: what may be wrong with this house itself, as incidents that close by themselves.

Each look is tried by itself, so that one that fails keeps none of the others from being done.
"""

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.credentials.models import Credential
from app.incidents import book
from app.incidents.book import HOUSE, Problem, Subject
from app.incidents.models import Incident
from app.kit import clock
from app.meta.catalogue import tell
from app.meta.errors import MetaError
from app.meta.versions import read_versions
from app.onboarding import rules
from app.onboarding.links.weekly import read_room
from app.onboarding.models import Onboarding, Step, StepCall
from app.onboarding.steps.subscribe import OBJECT
from app.runtime import Runtime
from app.upkeep.check import house_rules
from app.upkeep.check.house_rules import Calls, Trouble
from app.upkeep.check.models import AccountCheck, Fact

log = structlog.get_logger(__name__)

LATELY: Final = timedelta(minutes=30)
USUALLY: Final = timedelta(days=1)
MOST_STUCK: Final = 500


def look_at_house(rt: Runtime) -> int:
    """Do every look; how many found something."""
    return sum(_tried(rt, look) for look in LOOKS)


def _tried(rt: Runtime, look: Callable[[Runtime, datetime], int]) -> int:
    try:
        return look(rt, clock.now())
    except Exception:
        log.exception("house_look_failed", look=look.__name__)
        return 0


def look_at_disk(rt: Runtime, now: datetime) -> int:
    """How full the disk is that holds our data."""
    usage = shutil.disk_usage(rt.settings.data_dir)
    return _tell(rt, "disk_filling", house_rules.disk(usage.free, usage.total), now)


def look_at_version(rt: Runtime, now: datetime) -> int:
    """How near the end of the Graph version in use is."""
    found = house_rules.graph_version(rt.settings.meta_graph_version, read_versions(), now.date())
    return _tell(rt, "graph_version", found, now)


def look_at_week(rt: Runtime, now: datetime) -> int:
    """How near Meta's weekly limit of new clients is."""
    with rt.db.read() as session:
        room = read_room(session, limit=rt.settings.meta_weekly_signup_limit, now=now)
    found = None
    if room.is_full:
        found = Trouble("urgent", f"All {room.limit} new clients of seven days are aboard.", "full")
    elif room.is_nearly_full:
        found = Trouble("warning", f"{room.used} of {room.limit} new clients of seven days are aboard.", "near")
    return _tell(rt, "weekly_signups", found, now)


def look_at_key(rt: Runtime, now: datetime) -> int:
    """Since when the newest key has been the newest: from the first row it sealed, or from when it was first seen.

    Rows that were wrapped anew keep their own age, so a key that follows another counts from its first appearance.
    """
    key_id = rt.vault.key_id
    with rt.db.write() as session:
        row = session.scalars(
            select(Fact).where(Fact.subject_kind == HOUSE.kind, Fact.name == "key").with_for_update()
        ).one_or_none()
        if row is None:
            first = session.scalar(select(func.min(Credential.created_at)).where(Credential.key_id == key_id))
            row = _house_fact("key", key_id, first or now, now)
            session.add(row)
        elif row.metas != key_id:
            row.metas, row.since = key_id, now
        row.seen_at, since = now, row.since
    limit = timedelta(days=rt.settings.credential_key_days)
    return _tell(rt, "key_old", house_rules.key_age(since, now, limit), now)


def _house_fact(name: str, value: str, since: datetime, now: datetime) -> Fact:
    return Fact(
        subject_kind=HOUSE.kind,
        subject_id=HOUSE.id,
        name=name,
        ours=None,
        metas=value,
        verdict="ok",
        severity="notice",
        says=[],
        was=None,
        since=since,
        seen_at=now,
    )


def look_at_errors(rt: Runtime, now: datetime) -> int:
    """Whether calls to Meta fail more often than the day before; calls of steps, and checks that could not ask."""
    with rt.db.read() as session:
        lately = _calls(session, now - LATELY, now)
        usually = _calls(session, now - USUALLY, now - LATELY)
    return _tell(rt, "graph_errors", house_rules.graph_errors(lately, usually), now)


def _calls(session: Session, since: datetime, until: datetime) -> Calls:
    its = StepCall.at.between(since, until)
    unanswered = or_(StepCall.status.is_(None), StepCall.status >= 500, StepCall.status == 429)
    made = session.scalar(select(func.count()).select_from(StepCall).where(its)) or 0
    failed = session.scalar(select(func.count()).select_from(StepCall).where(its, unanswered)) or 0
    checks = AccountCheck.tried_at.between(since, until)
    tried = session.scalar(select(func.count()).select_from(AccountCheck).where(checks)) or 0
    gone = session.scalar(select(func.count()).select_from(AccountCheck).where(checks, AccountCheck.failures > 0)) or 0
    return Calls(made + tried, failed + gone)


def look_at_callback(rt: Runtime, now: datetime) -> int:
    """Where our app as a whole sends its events; a client's own overrides are the clients' checks'."""
    settings = rt.settings
    try:
        found = rt.meta.subscriptions.list_of(settings.meta_app_id, rt.meta.app_token)
    except MetaError as error:
        log.warning("callback_not_read", error=str(error))
        return 0
    theirs = next((one.callback_url for one in found if one.object == OBJECT), None)
    trouble = None
    if theirs != settings.callback_url:
        says = f"Meta sends our app's events to {theirs}" if theirs else "Meta sends our app's events nowhere"
        trouble = Trouble("urgent", f"{says}, not to {settings.callback_url}. Register it on the set-up page.")
    return _tell(rt, "callback_differs", trouble, now)


def look_at_steps(rt: Runtime, now: datetime) -> int:
    """Onboardings that stand still: parked for us, or tried for hours."""
    with rt.db.read() as session:
        rows = session.execute(
            select(Onboarding.id, Onboarding.reference, Onboarding.client_id, Client.name, Step)
            .join(Step, Step.onboarding_id == Onboarding.id)
            .join(Client, Client.id == Onboarding.client_id)
            .where(
                Onboarding.ended_at.is_(None),
                Step.state.in_([rules.NEEDS_US, rules.REFUSED, rules.RETRYING, rules.RUNNING]),
            )
            .order_by(Onboarding.id, Step.position)
        ).all()
        opened = session.execute(
            select(Incident.subject_id, Incident.label, Incident.client_id).where(
                Incident.kind == "step_stuck", Incident.open_key.is_not(None)
            )
        ).all()
    stuck: dict[str, tuple[Subject, list[str]]] = {}
    for key, reference, client_id, name, step in rows:
        if house_rules.is_stuck(step.state, since=step.started_at, now=now) and len(stuck) < MOST_STUCK:
            subject = Subject("onboarding", key, f"{name} · {reference}", client_id)
            stuck.setdefault(key, (subject, []))[1].append(_why(step))
    gone = [Subject("onboarding", key, label, client_id) for key, label, client_id in opened if key not in stuck]
    for subject, reasons in stuck.values():
        with rt.db.write() as session:
            book.report(session, subject, Problem("step_stuck", reasons), now=now)
    for subject in gone:
        with rt.db.write() as session:
            book.resolve(session, "step_stuck", subject, because="It goes on.", now=now)
    return len(stuck)


def _why(step: Step) -> str:
    trouble = step.trouble or {}
    if "key" not in trouble:
        return f"The step {step.name} has been tried for hours."
    return f"{step.name}: {tell(trouble['key'], trouble.get('facts', {})).meaning}"


def _tell(rt: Runtime, kind: str, found: Trouble | None, now: datetime) -> int:
    """Open, change or close; a house in order writes nothing."""
    with rt.db.read() as session:
        is_open = session.scalar(select(Incident.id).where(Incident.open_key == book.key_of(kind, HOUSE)))
    if found is None and is_open is None:
        return 0
    with rt.db.write() as session:
        if found is None:
            book.resolve(session, kind, HOUSE, because="It is in order again.", now=now)
            return 0
        problem = Problem(kind, (found.reason,), severity=found.severity, stage=found.stage)
        book.report(session, HOUSE, problem, now=now)
    return 1


LOOKS: Final[Sequence[Callable[[Runtime, datetime], int]]] = (
    look_at_disk,
    look_at_version,
    look_at_week,
    look_at_key,
    look_at_errors,
    look_at_callback,
    look_at_steps,
)
