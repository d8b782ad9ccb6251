"""One open incident for each kind and subject; a change only where somebody should hear of it; closed by itself."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import Database
from app.incidents.book import HOUSE, Problem, Subject, report, resolve
from app.incidents.models import Incident, IncidentChange

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
BAKERY = Subject("account", "900100200300400", "Example Bakery", client_id="client-1")
HOUR = timedelta(hours=1)


def tell(db: Database, problem: Problem, subject: Subject = BAKERY, now: datetime = NOON) -> str:
    with db.write() as session:
        return report(session, subject, problem, now=now).id


def clear(db: Database, kind: str, subject: Subject = BAKERY, now: datetime = NOON) -> bool:
    with db.write() as session:
        return resolve(session, kind, subject, because="seen again", now=now)


def changes(db: Database) -> list[tuple[str, str, str]]:
    with db.read() as session:
        rows = session.scalars(select(IncidentChange).order_by(IncidentChange.at, IncidentChange.position))
        return [(row.what, row.severity, row.stage) for row in rows]


def test_the_same_problem_found_again_is_one_incident_and_one_change(db: Database) -> None:
    first = tell(db, Problem("subscription_lost", ["Meta lists another app."]))
    assert tell(db, Problem("subscription_lost", ["Meta lists another app."]), now=NOON + HOUR) == first
    with db.read() as session:
        row = session.scalars(select(Incident)).one()
    assert (row.opened_at, row.seen_at, row.severity, row.client_id) == (NOON, NOON + HOUR, "urgent", "client-1")
    assert changes(db) == [("opened", "urgent", "")]


def test_worse_better_and_nearer_are_changes(db: Database) -> None:
    for hours, (severity, stage) in enumerate(
        [
            ("warning", "14"),
            ("warning", "7"),
            ("urgent", "3"),
            ("urgent", "3"),
            ("warning", "3"),
        ]
    ):
        tell(db, Problem("token_expiring", ["It ends."], severity, stage), now=NOON + hours * HOUR)
    assert changes(db) == [
        ("opened", "warning", "14"),
        ("stage", "warning", "7"),
        ("worse", "urgent", "3"),
        ("better", "warning", "3"),
    ]


def test_new_reasons_alone_tell_nobody_anew_but_are_kept(db: Database) -> None:
    tell(db, Problem("quality_dropped", ["GREEN to YELLOW"]))
    tell(db, Problem("quality_dropped", ["GREEN to YELLOW", "Blocked by 12 people"]))
    with db.read() as session:
        assert session.scalars(select(Incident.reasons)).one() == ["GREEN to YELLOW", "Blocked by 12 people"]
    assert len(changes(db)) == 1


def test_what_is_gone_is_closed_and_can_open_anew(db: Database) -> None:
    first = tell(db, Problem("credit_missing", ["primary_funding_id is empty"]))
    assert clear(db, "credit_missing", now=NOON + HOUR) is True
    assert clear(db, "credit_missing", now=NOON + HOUR) is False
    assert tell(db, Problem("credit_missing", ["again"]), now=NOON + 2 * HOUR) != first
    with db.read() as session:
        closed = session.get_one(Incident, first)
    assert (closed.closed_at, closed.closed_because, closed.open_key) == (NOON + HOUR, "seen again", None)
    assert [what for what, _, _ in changes(db)] == ["opened", "closed", "opened"]


def test_another_kind_or_subject_is_another_incident(db: Database) -> None:
    ids = {
        tell(db, Problem("credit_missing", ["none"])),
        tell(db, Problem("subscription_lost", ["none"])),
        tell(db, Problem("disk_filling", ["3 % left"]), HOUSE),
        tell(db, Problem("credit_missing", ["none"]), Subject("account", "5", "Example Cafe", "client-2")),
    }
    assert len(ids) == 4
    assert clear(db, "credit_missing") is True
    assert clear(db, "disk_filling", HOUSE) is True


def test_many_finders_at_once_open_one(db: Database) -> None:
    together = threading.Barrier(6)

    def find(_: int) -> str:
        together.wait(10)
        return tell(db, Problem("token_dead", ["190"]))

    with ThreadPoolExecutor(6) as crowd:
        assert len(set(crowd.map(find, range(6)))) == 1
    assert len(changes(db)) == 1


@pytest.mark.parametrize("problem", [Problem("no_such_kind", []), Problem("token_dead", [], "terrible")])
def test_words_that_no_table_has_are_refused(db: Database, problem: Problem) -> None:
    with pytest.raises((KeyError, ValueError)):
        tell(db, problem)
    assert changes(db) == []
