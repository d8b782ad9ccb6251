from datetime import timedelta

from app.audit.store import SYSTEM, Actor, add_entry, list_of
from app.console.timeline import Moment, tell
from app.kit import clock
from app.onboarding.reading.progress import list_calls, read_progress
from app.runtime import Runtime
from tests.factories.onboardings import LIVE, add_call, add_onboarding


def moments(rt: Runtime, key: str, people: dict[str, str] | None = None) -> list[Moment]:
    with rt.db.read() as session:
        progress = read_progress(session, key)
        days = tell(progress, list_calls(session, key), list_of(session, "onboarding", key), people or {})
    return [moment for day in days for moment in day.moments]


def test_it_runs_from_the_newest_to_the_code(rt: Runtime) -> None:
    row = add_onboarding(rt, proofs=LIVE)
    told = moments(rt, row.id)
    assert [moment.at for moment in told] == sorted((moment.at for moment in told), reverse=True)
    assert told[-1].title == "Signup finished"
    titles = [moment.title for moment in told]
    assert titles[0] == "Client is live"
    assert "Step 4: register the phone, done" in titles
    live = next(moment for moment in told if moment.title == "Client is live")
    assert live.detail == "14 s after the code reached us."


def test_people_and_programs_are_named(rt: Runtime) -> None:
    row = add_onboarding(rt, states=("done",) * 4 + ("skipped",))
    now = clock.now()
    with rt.db.write() as session:
        add_entry(session, Actor("staff", "s1"), "step.retried", "onboarding", row.id, now=now, step="credit")
        add_entry(session, SYSTEM, "step.retried", "onboarding", row.id, now=now, step="register")
        add_entry(session, Actor("staff", "s1"), "test.waived", "onboarding", row.id, now=now, reason="by phone")
        add_entry(session, SYSTEM, "onboarding.begun", "onboarding", row.id, now=now)
    told = {
        moment.title: moment.detail for moment in moments(rt, row.id, {"s1": "Robin Example"}) if moment.kind == "staff"
    }
    assert told == {
        "Robin Example pressed Try again": "Share the credit line",
        "The command line pressed Try again": "Register the phone",
        "Robin Example skipped the test message": "“by phone”",
    }


def test_calls_differ_by_what_was_answered(rt: Runtime) -> None:
    row = add_onboarding(rt)
    for status in (200, 400, None):
        add_call(rt, row, status=status, reply={} if status else None)
    calls = [moment for moment in moments(rt, row.id) if moment.call is not None]
    assert {(moment.call.status, moment.tone) for moment in calls if moment.call} == {
        (200, "busy"),
        (400, "act"),
        (None, "wait"),
    }


def test_each_day_has_its_own_lines(rt: Runtime) -> None:
    row = add_onboarding(rt, ago=timedelta(days=3))
    add_call(rt, row, status=200, reply={})
    with rt.db.read() as session:
        progress = read_progress(session, row.id)
        days = tell(progress, list_calls(session, row.id), (), {})
    assert len(days) == 2
    assert days[0].day > days[1].day
    assert all(moment.at.date() == day.day for day in days for moment in day.moments)
