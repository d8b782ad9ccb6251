"""What workers call: many accounts side by side, each in a thread of its own, so that a slow one holds up nobody."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import select

from app.kit import clock
from app.kit.ids import readable
from app.numbers.models import Number
from app.onboarding.ledger.partner import Partner
from app.runtime import Runtime
from app.upkeep.check.checking import Checking
from app.upkeep.check.held import Held, hold
from app.upkeep.check.models import AccountCheck
from app.upkeep.check.noting import forget
from app.upkeep.check.rows import ensure_rows
from app.work import due
from app.work.keeper import Keeper
from app.work.pace import Pace

log = structlog.get_logger(__name__)

UPKEEP = "upkeep"  # the limit that all calls of upkeep share
BATCH = 16


class Checks:
    """The stream of checks of one worker process."""

    def __init__(self, rt: Runtime, keeper: Keeper | None = None) -> None:
        self._rt = rt
        self._lease = timedelta(seconds=rt.settings.lease_seconds)
        self._keeper = keeper or Keeper(rt.db, self._lease)
        self._partner = Partner(rt)
        self._pace = Pace(rt.db, UPKEEP, rt.settings.meta_upkeep_calls_per_second)
        self._meta = rt.meta.paced(self._pace.turn)
        self._pool = ThreadPoolExecutor(rt.settings.worker_threads, thread_name_prefix="check")
        self._free = rt.settings.worker_threads
        self._running: set[str] = set()
        self._changed = threading.Condition()

    def take(self, worker: str) -> int:
        """Claim and begin checks until none is due; returns how many were begun. The last ones may still be running."""
        begun = 0
        while True:
            room = self._wait_for_room()
            holder = f"{worker}/{readable(6)}"
            keys = self._claim(holder, min(room, BATCH))
            if not keys:
                return begun
            begun += len(keys)
            self._begin(keys, holder)

    @property
    def paced(self) -> Runtime:
        """The same parts, whose calls to Meta keep to the limit of upkeep; for what else a worker does of it."""
        return replace(self._rt, meta=self._meta)

    def close(self) -> None:
        """Let the checks that run come to their end, and begin none."""
        self._pool.shutdown(wait=True)

    def wait_until_idle(self) -> None:
        """Return when no check runs."""
        with self._changed:
            self._changed.wait_for(lambda: self._free == self._rt.settings.worker_threads)

    def _wait_for_room(self) -> int:
        # Waiting for a few to end makes full batches, which cost less than many small ones.
        wanted = min(BATCH, max(1, self._rt.settings.worker_threads // 4))
        with self._changed:
            self._changed.wait_for(lambda: self._free >= wanted, timeout=1.0)
            self._changed.wait_for(lambda: self._free >= 1)
            return self._free

    def _claim(self, holder: str, most: int) -> Sequence[str]:
        now, lease = clock.now(), self._lease
        with self._changed:
            busy = set(self._running)
        return self._rt.db.together(
            lambda session: list(
                due.claim(session, AccountCheck, worker=holder, now=now, lease=lease, most=most, besides=busy)
            )
        )

    def _begin(self, keys: Sequence[str], holder: str) -> None:
        with self._rt.db.read() as session:
            held = hold(session, self._rt.vault, keys)
        for key in keys:
            if key not in held:
                self._put_to_rest(key, holder)
                continue
            lease = ExitStack()
            lease.enter_context(self._keeper.holding(AccountCheck, key, holder))
            with self._changed:
                self._free -= 1
                self._running.add(key)
            future = self._pool.submit(self._check, key, holder, held[key])
            future.add_done_callback(partial(self._end, key, lease))

    def _check(self, key: str, holder: str, held: Held) -> None:
        Checking(self._rt, self._meta, self._partner, key, holder, held).run()

    def _end(self, key: str, lease: ExitStack, ended: "Future[None]") -> None:
        lease.close()
        trouble = ended.exception()
        if trouble is not None:
            # The row stays leased until the lease ends and is then taken again.
            log.error("check_failed", kind=type(trouble).__name__, exc_info=trouble)
        with self._changed:
            self._free += 1
            self._running.discard(key)
            self._changed.notify_all()

    def _put_to_rest(self, key: str, holder: str) -> None:
        """The account is ours no more: it is asked about no more, and what was wrong with it is nobody's trouble."""
        now = clock.now()
        with self._rt.db.write() as session:
            row = session.get(AccountCheck, key)
            if row is not None and due.settle(session, AccountCheck, key, worker=holder, due_at=None):
                numbers = session.scalars(select(Number.id).where(Number.account_id == row.account_id)).all()
                forget(session, {row.account_id, *numbers}, now=now)


def make_rows(rt: Runtime) -> int:
    """The nightly tick: every connected account has its row."""
    with rt.db.write() as session:
        return ensure_rows(session, now=clock.now())
