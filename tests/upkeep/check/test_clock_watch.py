"""A clock that stopped is found by the workers, once, and closes by itself."""

from datetime import timedelta

from sqlalchemy import select

from app.incidents.models import Incident
from app.kit import clock
from app.runtime import Runtime
from app.upkeep.check.clock_watch import ClockWatch
from app.work.beats import beat


def test_a_clock_that_stopped_is_one_incident_until_it_runs_again(rt: Runtime) -> None:
    watch, now = ClockWatch(rt), clock.now()
    assert watch.look(now)
    with rt.db.write() as session:
        beat(session, "clock-1", "clock", now=now)
    assert watch.look(now + timedelta(seconds=50))
    for seconds in (61, 75):
        assert not watch.look(now + timedelta(seconds=seconds))
    with rt.db.read() as session:
        found = session.scalars(select(Incident)).one()
    assert (found.kind, found.severity, found.subject_kind, found.closed_at) == (
        "clock_stopped",
        "critical",
        "house",
        None,
    )
    with rt.db.write() as session:
        beat(session, "clock-2", "clock", now=now + timedelta(seconds=80))
    assert watch.look(now + timedelta(seconds=81))
    with rt.db.read() as session:
        assert session.scalars(select(Incident.closed_because)).one() == "A clock runs again."


def test_a_house_without_any_clock_says_so(rt: Runtime) -> None:
    watch = ClockWatch(rt)
    assert not watch.look(clock.now() + timedelta(minutes=2))
    with rt.db.read() as session:
        assert session.scalars(select(Incident.reasons)).one() == ["No clock was ever started."]
