"""The table of waits is whole: each is used, ends with words that exist, and says who must act then."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.console.words import WAITS as WORDS
from app.meta.catalogue import describe
from app.onboarding.ledger import waits
from app.onboarding.ledger.waits import WAITS
from tests.house.source import ROOT


@pytest.mark.parametrize("name", WAITS)
def test_each_wait_ends_with_a_finding_and_somebody_who_acts(name: str) -> None:
    wait = WAITS[name]
    assert describe(wait.then).who == wait.who
    assert 0 < wait.first <= wait.slowest < wait.patience.total_seconds()
    assert WORDS[name]


@pytest.mark.parametrize("name", WAITS)
def test_each_wait_is_used_by_name(name: str) -> None:
    sources = [path.read_text() for path in Path(ROOT / "app/onboarding").rglob("*.py")]
    assert any(f'"{name}"' in text for text in sources)


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("3 s", timedelta(seconds=3)),
        ("10 min", timedelta(minutes=10)),
        ("2 h", timedelta(hours=2)),
        ("14 d", timedelta(days=14)),
    ],
)
def test_patience_is_written_as_people_write_it(written: str, time: timedelta) -> None:
    assert waits._time(written) == time


@pytest.mark.parametrize("written", ["", "3", "s", "3 weeks", "1.5 h", "-1 h", "3  s"])
def test_what_is_no_time_stops_the_program_at_its_start(written: str) -> None:
    with pytest.raises(ValueError, match="is no patience"):
        waits._time(written)
