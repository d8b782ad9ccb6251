"""Bad days that are no fault of one call: two tabs, late lists, a clock that jumps, a database that goes away."""

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import psycopg

from app.onboarding.walker import Walker
from tests.matrix.cast import Cast
from tests.matrix.cells import Cell
from tests.matrix.traps import Trap

HOUR = timedelta(hours=1)
LOCK_FOR = 1.5  # seconds another process holds SQLite's lock
HOLD_LOCK = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


def before(cast: Cast, cell: Cell) -> None:
    """What is so before the client comes."""
    if cell.kind != "day":
        return
    if cell.answer == "scopes_missing":
        cast.wish["scopes"] = ["whatsapp_business_management"]
    elif cell.answer == "no_targets":
        cast.wish["all_targets"] = True
    elif cell.answer == "line_elsewhere":
        cast.wish["attached_elsewhere"] = True


def first_act(cast: Cast, cell: Cell, trap: Trap) -> None:
    """The client comes, the day happens, and everybody does what is theirs until nothing moves."""
    what = cell.answer if cell.kind == "day" else None
    if what in _AT_ONCE:
        _AT_ONCE[what](cast)
    if what in _MEANWHILE:
        trap.meanwhile = lambda: _MEANWHILE[what](cast)
    if what == "two_tabs":
        cast.arrive_twice(side_by_side)
    else:
        cast.arrive()
    if what == "two_workers":
        side_by_side(lambda: cast.journey.walker.take("worker-1"), lambda: _second_worker(cast))
    if what == "database_restart":
        _live_through(cast)
    cast.live_on()


def _live_through(cast: Cast) -> None:
    """A worker's own loop: what a walk raises is logged, and the next look takes up what was leased."""
    for _ in range(3):
        # As app/work/streams.py does, which logs it.
        with suppress(Exception):
            cast.journey.walker.take("worker")
        cast.journey.end_leases()
        cast.journey.hurry()


def _second_worker(cast: Cast) -> None:
    walker = Walker(cast.journey.rt)
    try:
        walker.take("worker-2")
    finally:
        walker.close()


def _reload(cast: Cast) -> None:
    """The page is loaded again and posts the code again while the worker walks."""
    key, cast_key = cast.journey.post_code(cast.client, event=cast.end_event()), cast.key  # type: ignore[arg-type]
    assert key == cast_key


def _late_lists(cast: Cast) -> None:
    cast.journey.world.fault("/*/phone_numbers", {"status": 200, "body": {"data": []}}, method="GET", times=2)


def _late_funding(cast: Cast) -> None:
    cast.journey.world.lag(primary_funding_id=3)


def _late_subscription(cast: Cast) -> None:
    """The first look finds nothing, as on every day; so do the next two, after subscribing."""
    cast.journey.world.fault("/*/subscribed_apps", {"status": 200, "body": {"data": []}}, method="GET", times=3)


def _revoke(cast: Cast) -> None:
    cast.journey.world.change("tokens", account_id=cast.finished["waba_id"], which="all", revoked_subcode=467)


def _take_number(cast: Cast) -> None:
    cast.journey.world.take_out(str(cast.number))


def _unshare(cast: Cast) -> None:
    cast.journey.world.change(f"accounts/{cast.finished['waba_id']}", shared=False, silent=True)


def _lock(cast: Cast) -> None:
    db = cast.journey.db
    if not db.is_sqlite:
        with psycopg.connect(_server(cast), autocommit=True) as other:
            other.execute("BEGIN")
            other.execute("LOCK TABLE steps IN ACCESS EXCLUSIVE MODE")
            threading.Event().wait(LOCK_FOR)
        return
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_LOCK, str(db.url.database), str(LOCK_FOR)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    cast.holders.append(holder)


def _restart(cast: Cast) -> None:
    """Every connection of ours breaks; on SQLite, where there is no server, the files are let go of."""
    db = cast.journey.db
    if db.is_sqlite:
        db.engine.dispose()
        return
    with psycopg.connect(_server(cast), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )


def _server(cast: Cast) -> str:
    return cast.journey.db.url.set(drivername="postgresql").render_as_string(hide_password=False)


_AT_ONCE: dict[Any, Callable[[Cast], None]] = {
    "list_late": _late_lists,
    "funding_late": _late_funding,
    "subscription_late": _late_subscription,
}
_MEANWHILE: dict[Any, Callable[[Cast], None]] = {
    "reload": _reload,
    "token_revoked": _revoke,
    "number_taken": _take_number,
    "account_unshared": _unshare,
    "clock_forward": lambda cast: cast.travel(HOUR),
    "clock_back": lambda cast: cast.travel(-HOUR),
    "database_locked": _lock,
    "database_restart": _restart,
}


def side_by_side(*work: Callable[[], Any]) -> None:
    """All at once; the first failure is raised when all have ended."""
    failed: list[BaseException] = []

    def run(do: Callable[[], Any]) -> None:
        try:
            do()
        except BaseException as failure:  # noqa: BLE001 - raised again below
            failed.append(failure)

    threads = [threading.Thread(target=run, args=(do,)) for do in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
