"""The walker: moves onboardings along their steps until only a person, Meta or the clock can move them.

Look → close → call → note: steps that do not depend on one another run side by side, each is noted the moment it ends,
and whatever that makes possible starts at once. Killed anywhere, the next worker goes on when the lease ends.

One thread of a process keeps the books of all the onboardings it holds. What ends while it writes is noted with the
next stroke, so a busy hour costs few transactions and a quiet one waits for nobody.
"""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from queue import Empty, SimpleQueue

import structlog
from sqlalchemy.orm import Session

from app.credentials.vault import OpenCredential
from app.kit import clock
from app.kit.ids import readable
from app.kit.turn import Turn
from app.meta.errors import MetaError
from app.onboarding.ledger import ledger
from app.onboarding.ledger.acts import UnderWay
from app.onboarding.ledger.ledger import Facts, StepCalls
from app.onboarding.ledger.noting import note_outcome
from app.onboarding.ledger.outcomes import OTHER_RUN, Outcome, TryAgain, Waiting
from app.onboarding.ledger.partner import Partner
from app.onboarding.ledger.troubles import outcome_of, trouble
from app.onboarding.ledger.walk import Walk
from app.onboarding.models import Onboarding
from app.onboarding.steps.registry import STEPS
from app.runtime import Runtime
from app.work.due import claim
from app.work.keeper import Keeper, LeaseLost

log = structlog.get_logger(__name__)

LOOK_UP_EVERY = 1.0  # seconds


@dataclass
class _Held:
    """An onboarding this process holds: under which name, which steps are under way, which tokens they have opened."""

    key: str
    holder: str
    under_way: dict[str, Walk] = field(default_factory=dict)
    opened: dict[str, OpenCredential] = field(default_factory=dict)
    lease: ExitStack = field(default_factory=ExitStack)


@dataclass(frozen=True)
class _Ended:
    """A step has come back."""

    held: _Held
    walk: Walk
    future: Future[Outcome]


class Walker:
    """Walks onboardings; one per worker process, used by all its threads."""

    def __init__(self, rt: Runtime) -> None:
        threads = rt.settings.worker_threads
        self._rt = rt
        self._keeper = Keeper(rt.db, timedelta(seconds=rt.settings.lease_seconds))
        self._partner = Partner(rt)
        self._most = threads
        self._held: dict[str, _Held] = {}
        # How many steps of an onboarding run in this process, also of those held no more.
        self._at_work = Counter[str]()
        self._turn = Turn()
        # None says that somebody rang: there may be onboardings to claim.
        self._news: SimpleQueue[_Ended | None] = SimpleQueue()
        # Steps wait for calls, never the other way round, so two pools cannot wait for one another in a circle.
        self._steps = ThreadPoolExecutor(4 * threads, thread_name_prefix="step")
        self._calls = ThreadPoolExecutor(8 * threads, thread_name_prefix="call")

    def close(self) -> None:
        """End the threads once what they are doing has ended; nothing may be walked afterwards."""
        self._steps.shutdown()
        self._calls.shutdown()
        self._keeper.close()

    def take(self, worker: str) -> int:
        """Walk what is due, and what becomes due meanwhile, as far as it goes; how many onboardings that were.

        Where another thread of this process is walking already, that one takes them up and this one is free at once.
        """
        self._news.put(None)
        walked: list[int] = []
        self._turn.take(lambda: walked.append(self._walk_all(worker)))
        return sum(walked)

    def _walk_all(self, worker: str) -> int:
        try:
            return self._walk(worker)
        finally:
            for held in list(self._held.values()):
                self._let_go(held)

    def _walk(self, worker: str) -> int:
        walked, may_claim = 0, False
        while True:
            news = self._listen()
            may_claim = may_claim or None in news
            heard = [item for item in news if item is not None]
            self._at_work.subtract(item.held.key for item in heard)
            ended = [item for item in heard if self._held.get(item.held.key) is item.held]
            touched = self._touched_by(ended, everything=not news)
            room = self._most - len(self._held)
            if may_claim and room:
                fresh = self._claim(worker, room)
                touched |= {held.key: [] for held in fresh}
                walked += len(fresh)
                may_claim = len(fresh) == room
            if touched:
                self._note(touched)
            if not self._held and not may_claim and self._news.empty():
                return walked

    def _listen(self) -> list[_Ended | None]:
        """Everything that has happened; waits for it while steps are under way, though never long.

        A message or a wait that has ended must not wait for a call that hangs, so now and then there is no news, and
        everything held is looked at.
        """
        news: list[_Ended | None] = []
        try:
            if self._held:
                news.append(self._news.get(timeout=LOOK_UP_EVERY))
            while True:
                news.append(self._news.get_nowait())
        except Empty:
            return news

    def _touched_by(self, ended: Iterable[_Ended], *, everything: bool) -> dict[str, list[_Ended]]:
        touched: dict[str, list[_Ended]] = {key: [] for key in self._held} if everything else {}
        for item in ended:
            failed = item.future.exception()
            if isinstance(failed, LeaseLost):
                log.warning("lease_lost", onboarding=item.held.key)
                self._let_go(item.held)
            elif failed is not None:
                raise failed
            else:
                touched.setdefault(item.held.key, []).append(item)
        return {key: items for key, items in touched.items() if key in self._held}

    def _claim(self, worker: str, most: int) -> list[_Held]:
        # Walks of one worker share its name; a lease must be told from the one this very worker takes over later.
        holder = f"{worker}/{readable(6)}"
        now, lease = clock.now(), self._keeper.lease
        # Also of what is held no more some steps may be at work yet: those must end before it is begun anew here.
        self._at_work = +self._at_work
        busy = {*self._held, *self._at_work}
        keys = self._rt.db.together(
            lambda session: claim(session, Onboarding, worker=holder, now=now, lease=lease, most=most, besides=busy)
        )
        fresh = [_Held(key, holder) for key in keys]
        for held in fresh:
            held.lease.enter_context(self._keeper.holding(Onboarding, held.key, holder))
            self._held[held.key] = held
        return fresh

    def _note(self, touched: dict[str, list[_Ended]]) -> None:
        """Write all of it down at once; when that fails, each by itself, so that a bad one keeps no other waiting."""
        try:
            self._stroke(touched)
        except Exception:
            if len(touched) > 1:
                log.exception("stroke_failed", onboardings=len(touched))
                for key, ended in touched.items():
                    self._note({key: ended})
            else:
                ((key, _),) = touched.items()
                log.exception("onboarding_failed", onboarding=key)
                # Its lease runs out, and then it is taken up again.
                self._let_go(self._held[key])

    def _stroke(self, touched: dict[str, list[_Ended]]) -> None:
        """One transaction: note what has ended, start what that made possible, give back what can go no further."""
        now = clock.now()
        gone, started = self._rt.db.together(lambda session: self._turn_pages(session, touched, now))
        # Only what is written down is true; had the transaction failed, nothing would be forgotten here.
        for item in chain.from_iterable(touched.values()):
            del item.held.under_way[item.walk.step]
        for held in gone:
            self._let_go(held)
        for held, name, facts in started:
            self._start(held, name, facts)

    def _turn_pages(
        self, session: Session, touched: dict[str, list[_Ended]], now: datetime
    ) -> tuple[list[_Held], list[tuple[_Held, str, Facts]]]:
        """The stroke's own part: which onboardings are held no more, and which steps may start."""
        gone: list[_Held] = []
        started: list[tuple[_Held, str, Facts]] = []
        # Pages are read once and all changes go out together at the end: every flush in between costs a round trip.
        with session.no_autoflush:
            pages = ledger.open_pages(session, touched)
            for key, ended in touched.items():
                held, page = self._held[key], pages.get(key)
                if page is None or page.onboarding.leased_by != held.holder:
                    log.warning("lease_lost", onboarding=key)
                    gone.append(held)
                    continue
                for item in ended:
                    note_outcome(session, page, item.walk.step, item.future.result(), now=now)
                busy = held.under_way.keys() - {item.walk.step for item in ended}
                ready = ledger.start_ready(page, under_way=busy, now=now)
                started += [(held, name, facts) for name, facts in ready]
                if not ready and not busy:
                    ledger.close_page(page)
                    gone.append(held)
            ledger.note_calls(session, [_calls_of(item.walk) for key in pages for item in touched[key]])
        return gone, started

    def _start(self, held: _Held, name: str, facts: Facts) -> None:
        walk = Walk(self._rt, facts, name, held.holder, self._calls, self._partner, opened=held.opened)
        held.under_way[name] = walk
        self._at_work[held.key] += 1
        future = self._steps.submit(self._do, walk)
        future.add_done_callback(lambda done: self._news.put(_Ended(held, walk, done)))

    def _do(self, walk: Walk) -> Outcome:
        """Run one step; whatever goes wrong becomes a value that the ledger can keep."""
        try:
            return STEPS[walk.step](walk)
        except MetaError as refused:
            return outcome_of(refused, walk.step, whose=walk.whose(refused.token))
        except UnderWay:
            return Waiting(OTHER_RUN)
        except LeaseLost:
            raise
        except Exception as bug:
            log.exception("step_failed", onboarding=walk.facts.onboarding_id, step=walk.step)
            return TryAgain(trouble("internal", error=type(bug).__name__))

    def _let_go(self, held: _Held) -> None:
        """Hold it no more: its lease is not prolonged, and what still comes back from it is not heard."""
        held.lease.close()
        if self._held.get(held.key) is held:
            del self._held[held.key]


def _calls_of(walk: Walk) -> StepCalls:
    return StepCalls(walk.facts.onboarding_id, walk.step, walk.facts.attempt, walk.calls)
