"""Decisions about the house, by hand: where each line is drawn, and every word that people read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.upkeep.check import house_rules
from app.upkeep.check.house_rules import GIGABYTE, Calls, Trouble

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ENDS = {"v22.0": date(2027, 5, 20), "v26.0": None}


def disk(severity: str, free: str, share: str) -> Trouble:
    return Trouble(severity, f"{free} GB are free, {share} of the disk.", severity)


@pytest.mark.parametrize(
    ("free", "total", "trouble"),
    [
        (50, 100, None),
        (10, 100, None),
        (5, 50, None),
        (9, 100, disk("warning", "9.0", "9%")),
        (5, 100, disk("warning", "5.0", "5%")),
        (4, 100, disk("urgent", "4.0", "4%")),
        (4, 10, disk("warning", "4.0", "40%")),
        (1, 10, disk("warning", "1.0", "10%")),
        (0.5, 4, disk("urgent", "0.5", "12%")),
        (20, 1000, disk("urgent", "20.0", "2%")),
        (0, 0, disk("urgent", "0.0", "0%")),
    ],
)
def test_a_disk_fills(free: float, total: float, trouble: Trouble | None) -> None:
    assert house_rules.disk(int(free * GIGABYTE), int(total * GIGABYTE)) == trouble


WORKS, ENDED = "v22.0 works until 20 May 2027.", "v22.0 ended on 20 May 2027."


@pytest.mark.parametrize(
    ("version", "today", "trouble"),
    [
        ("v26.0", date(2030, 1, 1), None),
        ("v22.0", date(2027, 2, 18), None),
        ("v22.0", date(2027, 2, 19), Trouble("notice", WORKS, "90 days")),
        ("v22.0", date(2027, 4, 19), Trouble("notice", WORKS, "90 days")),
        ("v22.0", date(2027, 4, 20), Trouble("warning", WORKS, "30 days")),
        ("v22.0", date(2027, 5, 12), Trouble("warning", WORKS, "30 days")),
        ("v22.0", date(2027, 5, 13), Trouble("urgent", WORKS, "7 days")),
        ("v22.0", date(2027, 5, 20), Trouble("urgent", WORKS, "7 days")),
        ("v22.0", date(2027, 5, 21), Trouble("urgent", ENDED, "ended")),
        (
            "v99.0",
            date(2027, 1, 1),
            Trouble("notice", "v99.0 is in no table of ours: nobody knows how long it works.", "unknown"),
        ),
    ],
)
def test_a_version_of_graph_ends(version: str, today: date, trouble: Trouble | None) -> None:
    assert house_rules.graph_version(version, ENDS, today) == trouble


def test_a_key_grows_old() -> None:
    year = timedelta(days=365)
    assert house_rules.key_age(NOON - year, NOON, year) is None
    assert house_rules.key_age(NOON - year - timedelta(days=1), NOON, year) == Trouble(
        "notice", "The newest of CREDENTIAL_KEYS has sealed for 366 days; the limit is 365."
    )


def failed(severity: str, how: str, before: str) -> Trouble:
    return Trouble(severity, f"{how} calls of the last half hour failed; {before} the day before.")


@pytest.mark.parametrize(
    ("lately", "usually", "trouble"),
    [
        (Calls(0, 0), Calls(1000, 0), None),
        (Calls(19, 19), Calls(1000, 0), None),
        (Calls(20, 4), Calls(1000, 0), failed("warning", "4 of 20", "0%")),
        (Calls(100, 19), Calls(1000, 0), None),
        (Calls(100, 25), Calls(1000, 10), failed("warning", "25 of 100", "1%")),
        (Calls(100, 30), Calls(1000, 125), None),
        (Calls(100, 75), Calls(1000, 250), failed("urgent", "75 of 100", "25%")),
        (Calls(100, 49), Calls(1000, 100), failed("warning", "49 of 100", "10%")),
        (Calls(100, 50), Calls(1000, 100), failed("urgent", "50 of 100", "10%")),
        (Calls(40, 40), Calls(0, 0), failed("urgent", "40 of 40", "0%")),
    ],
)
def test_errors_of_meta_rise(lately: Calls, usually: Calls, trouble: Trouble | None) -> None:
    assert house_rules.graph_errors(lately, usually) == trouble


@pytest.mark.parametrize(
    ("state", "hours", "stuck"),
    [
        ("needs_us", 0, True),
        ("refused", 0, True),
        ("retrying", 6, False),
        ("retrying", 7, True),
        ("running", 6, False),
        ("running", 7, True),
        ("waiting", 99, False),
    ],
)
def test_a_step_stands_still(state: str, hours: int, stuck: bool) -> None:
    assert house_rules.is_stuck(state, since=NOON - timedelta(hours=hours), now=NOON) is stuck


def test_a_step_that_has_not_begun_does_not_stand_still() -> None:
    assert not house_rules.is_stuck("retrying", since=None, now=NOON)
