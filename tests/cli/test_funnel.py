from datetime import UTC, datetime, timedelta

import time_machine

from app.runtime import Runtime
from tests.cli.conftest import Run
from tests.factories.links import LIVE, add_link, add_onboarding_of, add_opening

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=3)
CANCEL = {"kind": "CANCEL", "current_step": "PHONE_NUMBER_VERIFICATION", "session_id": "f34b51"}


def words(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


@time_machine.travel(NOW, tick=False)
def test_the_funnel_is_a_table_of_stages_by_week_and_plan(run: Run, rt: Runtime) -> None:
    live = add_link(rt.db, "Sample Florist", at=EARLIER, opened_at=EARLIER)
    add_onboarding_of(rt.db, live, at=EARLIER, proofs=LIVE, first_step_done_at=EARLIER)
    left = add_link(rt.db, at=NOW - timedelta(days=7), opened_at=EARLIER)
    add_opening(rt.db, left, at=EARLIER, event=CANCEL)

    result = run("funnel")

    assert result.exit_code == 0
    assert "New clients in the last seven days: 1 of 10." in result.stderr
    lines = words(result.stdout)
    assert ["All", "2", "2", "2", "1", "1", "1"] in lines
    assert ["Week", "of", "2026-11-16", "1", "1", "1", "1", "1", "1"] in lines
    assert ["Week", "of", "2026-11-09", "1", "1", "1", "0", "0", "0"] in lines
    assert ["New", "number", "2", "2", "2", "1", "1", "1"] in lines
    assert ["Stopped", "at", "the", "six-digit", "code", "1"] in lines
    # Any day of a week names it.
    assert ["All", "1", "1", "1", "0", "0", "0"] in words(run("funnel", "show", "--week", "2026-11-11").stdout)


@time_machine.travel(NOW, tick=False)
def test_who_stopped_is_listed_with_what_to_do(run: Run, rt: Runtime) -> None:
    link = add_link(rt.db, at=EARLIER, opened_at=EARLIER)
    add_opening(rt.db, link, at=EARLIER, event=CANCEL)
    add_link(rt.db, "Looked", at=EARLIER, opened_at=EARLIER)

    listed = run("funnel", "stopped").stdout

    assert link.id in listed
    assert "Stopped at the six-digit code" in listed
    assert "PHONE_NUMBER_VERIFICATION · f34b51" in listed
    assert "does a voice menu answer?" in listed
    only = run("funnel", "stopped", "--stage", "opened", "--limit", "1")
    assert "Saw the page, did not open Meta’s window" in only.stdout
    assert link.id not in only.stdout
    first = run("funnel", "stopped", "--limit", "1")
    assert first.stderr.startswith("More: --before ")


def test_an_empty_house_says_so(run: Run) -> None:
    assert run("funnel", "show").stdout == ""
    assert "No links." in run("funnel", "show").stderr
    assert "Nobody has stopped." in run("funnel", "stopped").stderr


def test_what_is_no_day_is_refused(run: Run) -> None:
    result = run("funnel", "show", "--week", "soon")
    assert result.exit_code == 1
    assert "week: must be a day like 2026-11-16" in result.stderr


@time_machine.travel(NOW, tick=False)
def test_a_full_week_says_when_there_is_room_again(run: Run, rt: Runtime) -> None:
    for place in range(10):
        link = add_link(rt.db, f"Client {place}", at=EARLIER, opened_at=EARLIER)
        add_onboarding_of(rt.db, link, at=EARLIER, first_step_done_at=EARLIER)
    told = run("funnel").stderr
    assert "10 of 10. There is room again from 2026-11-27 09:00 UTC on." in told
