"""The clock: of many, one leads and rings."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import select, update

from app.build import build
from app.clock import SCHEDULES, Clock
from app.db import Database
from app.runtime import Runtime
from app.upkeep.check.jobs import Checks
from app.work.beats import silent_roles
from app.work.leadership import lead
from app.work.models import Leadership, Tick
from app.worker import jobs_of
from config import Settings
from tests.conftest import Rings
from tests.waiting import until

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
EVERY_MINUTE = {"often": IntervalTrigger(minutes=1, start_date=NOON, timezone="UTC")}


@pytest.fixture
def rt(db: Database, settings: Settings, rings: Rings) -> Runtime:
    made = build(settings)
    made.close()
    return replace(made, db=db, wakes=rings)


def ticks(db: Database) -> list[datetime]:
    with db.read() as session:
        return list(session.scalars(select(Tick.planned_at).order_by(Tick.planned_at)))


def work_off(db: Database) -> None:
    with db.write() as session:
        session.execute(update(Tick).values(due_at=None))


def test_only_the_leading_clock_enqueues(rt: Runtime, db: Database, rings: Rings) -> None:
    first, second = Clock(rt, EVERY_MINUTE, lead_every=0), Clock(rt, EVERY_MINUTE, lead_every=0)
    with time_machine.travel(NOON, tick=False):
        first.look()
    with time_machine.travel(NOON + timedelta(seconds=10), tick=False):
        first.look()
    with time_machine.travel(NOON + timedelta(seconds=24), tick=False):
        assert second.look() == 0
    assert (ticks(db), rings.rung) == ([], [])


def test_what_is_due_is_enqueued_once_and_rung_for(rt: Runtime, db: Database, rings: Rings) -> None:
    alone = {"forget": SCHEDULES["forget"]}
    one = Clock(rt, alone)
    with time_machine.travel(NOON, tick=False):
        one.look()
    with time_machine.travel(datetime(2026, 11, 3, 3, 17, tzinfo=UTC), tick=False):
        another = Clock(rt, alone)
        assert (another.look(), another.look()) == (1, 0)
    assert rings.rung == ["ticks"]
    assert ticks(db) == [datetime(2026, 11, 3, 3, 17, tzinfo=UTC)]


def test_another_clock_takes_over_when_the_leader_falls_silent(rt: Runtime, db: Database) -> None:
    first, second = Clock(rt, EVERY_MINUTE, lead_every=0), Clock(rt, EVERY_MINUTE, lead_every=0)
    with time_machine.travel(NOON, tick=False) as now:
        assert (first.look(), second.look()) == (0, 0)
        now.shift(timedelta(seconds=14))
        assert second.look() == 0
        now.shift(timedelta(seconds=46))
        assert second.look() == 1
        assert first.look() == 0
    assert ticks(db) == [NOON + timedelta(minutes=1)]


def test_two_clocks_make_each_of_a_thousand_ticks_once(rt: Runtime, db: Database) -> None:
    """They take over from each other again and again: every seventh time the leader falls silent for a while."""
    both = [Clock(rt, EVERY_MINUTE, lead_every=0), Clock(rt, EVERY_MINUTE, lead_every=0)]
    made = Counter[int]()
    with time_machine.travel(NOON, tick=False) as now:
        both[0].look()
        for minute in range(1000):
            now.shift(timedelta(minutes=1))
            silent = minute // 7 % 2
            for place, one in enumerate(both):
                made[place] += 0 if place == silent else one.look()
            made[silent] += both[silent].look()
            work_off(db)
    assert ticks(db) == [NOON + timedelta(minutes=minute) for minute in range(1, 1001)]
    assert made.total() == 1000
    assert min(made.values()) > 400, "both have led"


def test_a_clock_asleep_for_three_days_makes_one_tick_of_them(rt: Runtime, db: Database) -> None:
    with time_machine.travel(NOON, tick=False) as now:
        Clock(rt, EVERY_MINUTE).look()
        now.shift(timedelta(days=3))
        one = Clock(rt, EVERY_MINUTE)
        assert (one.look(), one.look()) == (1, 0)
    assert ticks(db) == [NOON + timedelta(days=3)]


def test_every_schedule_has_its_job(rt: Runtime) -> None:
    checks = Checks(rt)
    assert set(SCHEDULES) == set(jobs_of(rt, checks))
    checks.close()


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
