"""Writing down what a check found: the facts, our record of account and numbers, the incidents, and when it is next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.incidents import book
from app.incidents.book import Problem, Subject
from app.incidents.models import Incident
from app.kit.ids import new_id
from app.numbers.store import see_account, see_number
from app.upkeep.check import rules
from app.upkeep.check.asking import Told
from app.upkeep.check.facts import ACCOUNT, FACTS
from app.upkeep.check.held import Held, Key
from app.upkeep.check.models import Fact
from app.upkeep.check.rules import DRIFT, OK, UNKNOWN, Finding, Judgement
from config import Settings

Place = tuple[str, str, str]  # the subject's kind and key, and the fact's name


@dataclass(frozen=True)
class Repair:
    """What became of a repair: begun, asked, done or refused; `trouble` says why, without a secret.

    `ours` is what we hold from then on, where the repair made it another. `by` is who asked, `system` where nobody did.
    """

    state: str
    trouble: str | None = None
    ours: str | None = None
    by: str = "system"


@dataclass
class Found:
    """A check's findings by place, with the places whose facts Meta will not tell."""

    findings: dict[Place, Finding] = field(default_factory=dict)
    unknown: list[Place] = field(default_factory=list)

    def drifts(self) -> list[Place]:
        """What is ours to repair at once."""
        return [
            place
            for place, finding in self.findings.items()
            if finding.judgement.verdict == DRIFT and finding.fact.repairs == "ours"
        ]


def judge_all(held: Held, told: Told, settings: Settings) -> Found:
    """Every reading beside our value."""
    found = Found()
    for place, (metas, says) in told.readings.items():
        kind, key, name = place
        fact = FACTS[name]
        ours = held.ours(name, (kind, key), settings)
        judgement = rules.judge(fact, ours, metas)
        if rules.is_quiet(fact, paused=held.is_paused):
            judgement = Judgement(OK, fact.severity)
        found.findings[place] = Finding(fact, rules.better(fact, ours, metas), metas, judgement, says)
    found.unknown = [place for place in held.facts if FACTS[place[2]].source in told.refused]
    if told.dead is not None:
        found.unknown = [place for place in held.facts if place not in found.findings]
    return found


def note_facts(session: Session, held: Held, found: Found, repairs: Mapping[Place, Repair], *, now: datetime) -> None:
    """Bring the rows up to date; what is as it was costs one statement for all of it."""
    fresh, changed, same = [], [], []
    for place, finding in found.findings.items():
        row = held.facts.get(place)
        values = _values(finding, row, repairs.get(place), now=now)
        if row is None:
            kind, key, name = place
            fresh.append(
                {"id": new_id(), "account_id": held.account_id, "subject_kind": kind, "subject_id": key, "name": name}
                | values
            )
        elif any(getattr(row, column) != value for column, value in values.items() if column != "seen_at"):
            changed.append({"id": row.id} | values)
        else:
            same.append(row.id)
    for place in found.unknown:
        row = held.facts[place]
        if row.verdict != UNKNOWN:
            session.execute(update(Fact).where(Fact.id == row.id).values(verdict=UNKNOWN, since=now))
    if same:
        session.execute(
            update(Fact).where(Fact.id.in_(same)).values(seen_at=now).execution_options(synchronize_session=False)
        )
    if changed:
        session.execute(update(Fact), changed)
    if fresh:
        session.execute(insert(Fact), fresh)
    _forget_strangers(session, held, now=now)


def _values(finding: Finding, row: Fact | None, repair: Repair | None, *, now: datetime) -> dict[str, Any]:
    verdict = finding.judgement.verdict
    stays = row is not None and (row.metas, row.verdict) == (finding.metas, verdict)
    values: dict[str, Any] = {
        "ours": finding.ours,
        "metas": finding.metas,
        "verdict": verdict,
        "severity": finding.judgement.severity,
        "says": list(finding.says),
        "since": row.since if row is not None and stays else now,
        "seen_at": now,
        "repair": row.repair if row is not None else None,
        "was": row.was if row is not None else None,
        "repaired_at": row.repaired_at if row is not None else None,
        "repaired_by": row.repaired_by if row is not None else None,
        "repair_trouble": row.repair_trouble if row is not None else None,
    }
    if repair is not None:
        values |= {"repair": repair.state, "repair_trouble": repair.trouble, "repaired_by": repair.by}
        if repair.state == "begun":
            values["was"] = finding.metas
    if verdict == OK and values["repair"] in {"begun", "asked", "done"} and values["repaired_at"] is None:
        # Also what a process that died had asked for: Meta shows that it happened.
        values |= {"repair": "done", "repaired_at": now, "repair_trouble": None}
    if verdict == OK and values["repair"] == "wanted":
        values["repair"] = None
    if verdict == DRIFT and repair is not None and repair.state == "begun":
        values["repaired_at"] = None
    return values


def note_record(session: Session, held: Held, told: Told, *, now: datetime) -> None:
    """Keep our record of the account and of its numbers as Meta describes them now."""
    if told.seen is None:
        return
    see_account(session, held.account_id, told.seen.account, now=now)
    by_id = {one.number.id: one.number for one in told.seen.numbers}
    for number in held.numbers:
        if number.phone_number_id in by_id:
            see_number(session, number.id, by_id[number.phone_number_id], now=now)


def note_incidents(session: Session, held: Held, found: Found, *, now: datetime) -> None:
    """Open what is wrong and close what is right again, for the account and for each of its numbers."""
    subjects: dict[Key, Subject] = {(ACCOUNT, held.account_id): held.subject}
    subjects |= {("number", number.id): held.subject_of(number) for number in held.numbers}
    wishes = [
        (subjects[key], wish)
        for key, findings in _by_subject(held, found).items()
        if key in subjects
        for wish in rules.wishes_of(findings)
    ]
    closing = [book.key_of(wish.kind, subject) for subject, wish in wishes if wish.open is False]
    still_open = (
        set(session.scalars(select(Incident.open_key).where(Incident.open_key.in_(closing)))) if closing else set()
    )
    for subject, wish in wishes:
        if wish.open:
            book.report(session, subject, Problem(wish.kind, wish.reasons, severity=wish.severity), now=now)
        elif wish.open is False and book.key_of(wish.kind, subject) in still_open:
            book.resolve(session, wish.kind, subject, because="The daily check found it right again.", now=now)


def _by_subject(held: Held, found: Found) -> dict[Key, list[Finding]]:
    """All findings of each subject: what was read now, and what was found before of what was not."""
    by_subject: dict[Key, list[Finding]] = defaultdict(list)
    for (kind, key, _), finding in found.findings.items():
        by_subject[kind, key].append(finding)
    unknown = set(found.unknown)
    for place, row in held.facts.items():
        if place not in found.findings:
            verdict = UNKNOWN if place in unknown else row.verdict
            finding = Finding(
                FACTS[row.name], row.ours, row.metas, Judgement(verdict, row.severity), tuple(row.says or ())
            )
            by_subject[row.subject_kind, row.subject_id].append(finding)
    return by_subject


def _forget_strangers(session: Session, held: Held, *, now: datetime) -> None:
    """Facts of numbers that are ours no more go, and with them their incidents."""
    known = {held.account_id, *(number.id for number in held.numbers)}
    forget(session, {row.subject_id for row in held.facts.values()} - known, now=now)


def forget(session: Session, subject_ids: Iterable[str], *, now: datetime) -> None:
    """Forget the facts of subjects that are ours no more, and close what was open because of them."""
    gone: Sequence[str] = sorted(subject_ids)
    if not gone:
        return
    session.execute(delete(Fact).where(Fact.subject_id.in_(gone)))
    kinds = {fact.kind for fact in FACTS.values() if fact.kind is not None}
    for row in session.scalars(
        select(Incident).where(Incident.subject_id.in_(gone), Incident.open_key.is_not(None), Incident.kind.in_(kinds))
    ).all():
        subject = Subject(row.subject_kind, row.subject_id, row.label, row.client_id)
        book.resolve(session, row.kind, subject, because="It is ours no more.", now=now)
