"""Decisions about the house, by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.upkeep.check import house_rules
from app.upkeep.check.house_rules import GIGABYTE, Calls

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ENDS = {"v22.0": date(2027, 5, 20), "v26.0": None}


@pytest.mark.parametrize(
    ("free", "total", "severity"),
    [
        (50, 100, None),
        (9, 100, "warning"),
        (4, 100, "urgent"),
        (4, 10, "warning"),
        (0.5, 4, "urgent"),
        (20, 1000, "urgent"),
    ],
)
def test_a_disk_fills(free: float, total: float, severity: str | None) -> None:
    found = house_rules.disk(int(free * GIGABYTE), int(total * GIGABYTE))
    assert (found.severity if found else None) == severity


@pytest.mark.parametrize(
    ("version", "today", "severity", "stage"),
    [
        ("v26.0", date(2030, 1, 1), None, ""),
        ("v22.0", date(2027, 1, 1), None, ""),
        ("v22.0", date(2027, 3, 1), "notice", "90 days"),
        ("v22.0", date(2027, 5, 1), "warning", "30 days"),
        ("v22.0", date(2027, 5, 18), "urgent", "7 days"),
        ("v22.0", date(2027, 5, 21), "urgent", "ended"),
        ("v99.0", date(2027, 1, 1), "notice", "unknown"),
    ],
)
def test_a_version_of_graph_ends(version: str, today: date, severity: str | None, stage: str) -> None:
    found = house_rules.graph_version(version, ENDS, today)
    assert (found.severity, found.stage) == (severity, stage) if found else severity is None


def test_a_key_grows_old() -> None:
    year = timedelta(days=365)
    assert house_rules.key_age(NOON - year, NOON, year) is None
    assert house_rules.key_age(NOON - year - timedelta(days=1), NOON, year) is not None


@pytest.mark.parametrize(
    ("lately", "usually", "severity"),
    [
        (Calls(19, 19), Calls(1000, 0), None),
        (Calls(100, 19), Calls(1000, 0), None),
        (Calls(100, 25), Calls(1000, 10), "warning"),
        (Calls(100, 25), Calls(1000, 200), None),
        (Calls(100, 60), Calls(1000, 100), "urgent"),
        (Calls(40, 40), Calls(0, 0), "urgent"),
    ],
)
def test_errors_of_meta_rise(lately: Calls, usually: Calls, severity: str | None) -> None:
    found = house_rules.graph_errors(lately, usually)
    assert (found.severity if found else None) == severity


@pytest.mark.parametrize(
    ("state", "hours", "stuck"),
    [
        ("needs_us", 0, True),
        ("refused", 0, True),
        ("retrying", 1, False),
        ("retrying", 7, True),
        ("waiting", 99, False),
    ],
)
def test_a_step_stands_still(state: str, hours: int, stuck: bool) -> None:
    assert house_rules.is_stuck(state, since=NOON - timedelta(hours=hours), now=NOON) is stuck
