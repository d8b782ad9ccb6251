"""Moments and spans as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.web.languages import use_language
from app.web.times import ago, clock_time, day, duration
from tests.web.conftest import MakeApp

NOON = datetime(2026, 11, 20, 12, 41, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.1 s"),
        (0.61, "0.6 s"),
        (9.96, "10.0 s"),
        (58.4, "58 s"),
        (60, "1 min"),
        (108, "1 min 48 s"),
        (3599.6, "1 h 0 min"),
        (4800, "1 h 20 min"),
    ],
)
def test_a_span_is_told_in_two_units_at_most(seconds: float, words: str) -> None:
    assert duration(seconds) == duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "20 December 2026"), ("es", "20 de diciembre de 2026"), ("pt_BR", "20 de dezembro de 2026")],
)
def test_a_day_is_written_in_the_pages_language_and_never_broken(make_app: MakeApp, language: str, words: str) -> None:
    with make_app().test_request_context("/"):
        use_language(language)
        assert day(date(2026, 12, 20)) == words.replace(" ", "\u00a0")


@time_machine.travel("2026-11-20T15:00:00Z", tick=False)
def test_a_time_of_today_is_the_clock_and_an_older_one_has_its_day(make_app: MakeApp) -> None:
    with make_app().test_request_context("/"):
        today, before = clock_time(NOON), clock_time(NOON - timedelta(days=2))

    assert today == '<time datetime="2026-11-20T12:41:08+00:00" data-show="clock">12:41 UTC</time>'
    assert ">18\u00a0November\u00a02026, 12:41 UTC<" in before


@time_machine.travel("2026-11-20T12:41:12Z", tick=False)
def test_what_happened_lately_is_so_long_ago_and_later_a_day(make_app: MakeApp) -> None:
    with make_app().test_request_context("/"):
        assert ">4 seconds ago<" in ago(NOON)
        assert ">just now<" in ago(NOON + timedelta(seconds=4))
        assert ">18\u00a0November\u00a02026<" in ago(NOON - timedelta(days=2))
