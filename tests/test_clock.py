"""The clock: of many, one leads and rings."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.build import build
from app.clock import SCHEDULES, Clock
from app.db import Database
from app.runtime import Runtime
from app.work.beats import silent_roles
from app.work.leadership import lead
from app.work.models import Leadership
from app.worker import streams_of
from config import Settings
from tests.conftest import Rings
from tests.waiting import until

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def rt(db: Database, settings: Settings, rings: Rings) -> Runtime:
    made = build(settings)
    made.close()
    return replace(made, db=db, wakes=rings)


def test_only_the_leading_clock_rings(rt: Runtime, rings: Rings) -> None:
    first, second = Clock(rt), Clock(rt)
    with time_machine.travel(NOON, tick=False):
        first.ring("old_sessions")
        second.ring("old_sessions")
    assert rings.rung == ["old_sessions"]


def test_another_clock_takes_over_when_the_leader_falls_silent(rt: Runtime, rings: Rings) -> None:
    first, second = Clock(rt), Clock(rt)
    with time_machine.travel(NOON, tick=False) as now:
        assert first.lead()
        assert not second.lead()
        now.shift(timedelta(seconds=15))
        assert second.lead()
        first.ring("old_sessions")
        assert rings.rung == []
        second.ring("old_sessions")
    assert rings.rung == ["old_sessions"]


def test_every_schedule_rings_a_stream_that_the_worker_serves(rt: Runtime) -> None:
    assert set(SCHEDULES) <= set(streams_of(rt))


def test_old_sessions_are_forgotten_once_a_night_in_utc() -> None:
    at = SCHEDULES["old_sessions"].get_next_fire_time(None, NOON)
    assert at == datetime(2026, 11, 3, 3, 17, tzinfo=UTC)
    assert SCHEDULES["old_sessions"].get_next_fire_time(at, at + timedelta(seconds=1)) == at + timedelta(days=1)


PROGRAM = """
import sys
from app.build import build
from app.clock import Clock
from tests.conftest import settings_with
from pathlib import Path
folder, address = sys.argv[1:]
Clock(build(settings_with(Path(folder), database_url=address))).run()
"""


@contextmanager
def running(db: Database, folder: object) -> "Iterator[subprocess.Popen[bytes]]":
    address = db.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder), address], env={**os.environ})
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def test_a_clock_beats_leads_and_resigns_when_it_is_told_to_end(db: Database, tmp_path: object) -> None:
    def silent() -> list[str]:
        with db.read() as session:
            return silent_roles(session, ("clock",), now=datetime.now(UTC))

    def takes_over() -> int | None:
        with db.write() as session:
            return lead(session, "clock", "somebody else", now=datetime.now(UTC))

    def is_led() -> bool:
        # Looked at only: asking for the leadership before the clock has done so would take it.
        with db.read() as session:
            return session.scalar(select(Leadership.holder)) is not None

    with running(db, tmp_path) as process:
        assert until(lambda: silent() == [])
        assert until(is_led)
        assert takes_over() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert takes_over() is not None
    assert threading.active_count() >= 1
