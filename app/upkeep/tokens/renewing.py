"""Moving the watches along: claim, look, close, call, note.

Many tokens are asked about at once, in threads, within a limit of calls a second. One process of all does it at a time
(a leadership in the database), so that the limit holds for the whole house; while one batch is noted the next is under
way. A death between Meta's answer and our record costs a new token nobody has seen: the old one counts until then.
"""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.credentials.models import Credential, TokenWatch
from app.credentials.watches import GONE, NEW, WAITING
from app.kit import clock
from app.kit.ids import readable
from app.numbers.models import Account
from app.runtime import Runtime
from app.upkeep.tokens.after import Done
from app.upkeep.tokens.noting import note
from app.upkeep.tokens.rules import renew_at
from app.upkeep.tokens.ways import Found, Task, Ways
from app.work import due
from app.work.keeper import Keeper
from app.work.leadership import LEASE, lead, resign

log = structlog.get_logger(__name__)

LEADERSHIP = "tokens"
BATCH = 500
# How many are written down in one transaction: on SQLite everybody else who writes waits for it, pages among them.
AT_A_STROKE = 125
SIDE_BY_SIDE = 64


@dataclass
class _Batch:
    """Watches that are held, with the answers that are under way."""

    keys: Sequence[str]
    answers: "list[Future[list[Done]]]"
    holding: ExitStack


class Renewer:
    """What one worker process does for tokens. `take` is its stream's verb."""

    def __init__(self, rt: Runtime, keeper: Keeper, *, batch: int = BATCH) -> None:
        self._rt = rt
        self._keeper = keeper
        self._batch = batch
        self._pool: ThreadPoolExecutor | None = None

    def take(self, worker: str) -> int:
        """Work off every due watch, unless another process is at it; how many that were."""
        holder = f"{worker}/{readable(6)}"
        with self._leading(holder) as leads:
            if not leads.is_set():
                return 0
            done, batch = 0, self._begin(holder, leads)
            while batch is not None:
                ahead = self._begin(holder, leads, besides=batch.keys)
                try:
                    done += self._end(batch, holder)
                except BaseException:
                    if ahead is not None:
                        ahead.holding.close()
                    raise
                batch = ahead
            return done

    def renew(self, watch_id: str, *, asked_by: str) -> Found | None:
        """Renew one token now, whatever its time; None while somebody else is at it."""
        holder = f"{asked_by}/{readable(12)}"
        now = clock.now()
        with self._rt.db.write() as session:
            free = or_(TokenWatch.leased_until.is_(None), TokenWatch.leased_until <= now)
            taken = session.scalars(
                update(TokenWatch)
                .where(TokenWatch.id == watch_id, free)
                .values(leased_by=holder, leased_until=now + self._keeper.lease, asked_by=asked_by)
                .returning(TokenWatch.id)
                .execution_options(synchronize_session=False)
            ).all()
        if not taken:
            return None
        with self._keeper.holding_all(TokenWatch, taken, holder):
            (task,) = self._load(taken)
            found = self._ask(task, self._ways())
            note(
                self._rt, [Done(task, found)], holder, from_day=self._rt.settings.token_renew_from_day, now=clock.now()
            )
        return found

    def close(self) -> None:
        """Let go of the threads."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _begin(self, holder: str, leads: threading.Event, *, besides: Sequence[str] = ()) -> _Batch | None:
        """Claim a batch and send its questions off; None when nothing is due or somebody else leads by now."""
        if not leads.is_set():
            return None
        now, lease = clock.now(), self._keeper.lease
        with self._rt.db.write() as session:
            keys = due.claim(
                session, TokenWatch, worker=holder, now=now, lease=lease, most=self._batch, besides=besides
            )
        if not keys:
            return None
        holding = ExitStack()
        holding.enter_context(self._keeper.holding_all(TokenWatch, keys, holder))
        try:
            tasks = self._load(keys)
            ways = self._ways()
            pool = self._pool = self._pool or ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="tokens")
            answers: list[Future[list[Done]]] = []
            answers.append(pool.submit(self._ask_all, deque(tasks), ways, answers, SIDE_BY_SIDE - 1))
        except BaseException:
            holding.close()
            raise
        return _Batch(keys, answers, holding)

    def _end(self, batch: _Batch, holder: str) -> int:
        with batch.holding:
            # Each thread has called in the next one before it ends, so the list is whole where it is read to its end.
            done = [one for answer in batch.answers for one in answer.result()]
            from_day = self._rt.settings.token_renew_from_day
            renewed = sum(
                note(self._rt, done[start : start + AT_A_STROKE], holder, from_day=from_day, now=clock.now())
                for start in range(0, len(done), AT_A_STROKE)
            )
        log.info("tokens_looked_at", looked=len(done), renewed=renewed)
        return len(done)

    def _ask_all(
        self, waiting: deque[Task], ways: Ways, answers: "list[Future[list[Done]]]", others: int
    ) -> list[Done]:
        """Ask until none waits. `others` more may be called in to help: before the first question, each calls one.

        So all are at it within milliseconds where Meta takes its time, and few are woken where an answer costs nothing.
        Each takes the next task by itself: handing out every single one costs more than asking about it.
        """
        done: list[Done] = []
        while True:
            try:
                task = waiting.popleft()
            except IndexError:
                return done
            if not done and others and self._pool is not None:
                answers.append(self._pool.submit(self._ask_all, waiting, ways, answers, others - 1))
            done.append(Done(task, self._ask(task, ways)))

    def _ask(self, task: Task, ways: Ways) -> Found:
        """The answer to one task; what needs no question is answered right here."""
        if task.state == GONE:
            return Found("gone")
        if task.state in (NEW, WAITING) and task.inspected and task.suspected is None and task.asked_by is None:
            at = renew_at(task.began_at, task.ends_at, from_day=ways.from_day, key=task.credential_id)
            if at is None or clock.now() < at:
                return Found("planned")
        try:
            return ways.ask(task)
        except Exception:
            # A fault of our own with one token must not keep the others from being renewed.
            log.exception("token_look_failed", watch=task.watch_id)
            return Found("later")

    def _ways(self) -> Ways:
        settings = self._rt.settings
        return Ways(
            self._rt.meta,
            settings.meta_app_id,
            self._rt.partner_token,
            settings.token_renew_from_day,
        )

    def _load(self, keys: Sequence[str]) -> list[Task]:
        with self._rt.db.read() as session:
            tasks = read_tasks(session, keys)
            secrets = self._rt.vault.open_many(session, [task.credential_id for task in tasks])
        for task in tasks:
            task.secret = secrets.get(task.credential_id)
        return tasks

    @contextmanager
    def _leading(self, holder: str) -> Iterator[threading.Event]:
        """Lead for as long as the block lasts; the event is set while the leadership is ours."""
        leads, ended = threading.Event(), threading.Event()
        db = self._rt.db

        def ask() -> None:
            with db.write() as session:
                ours = lead(session, LEADERSHIP, holder, now=clock.now()) is not None
            leads.set() if ours else leads.clear()

        def keep_asking() -> None:
            while not ended.wait(LEASE.total_seconds() / 3):
                try:
                    ask()
                except Exception:
                    log.exception("tokens_leadership_not_kept")
                    leads.clear()

        ask()
        if not leads.is_set():
            yield leads
            return
        thread = threading.Thread(target=keep_asking, name="tokens-lead", daemon=True)
        thread.start()
        try:
            yield leads
        finally:
            ended.set()
            thread.join()
            with db.write() as session:
                resign(session, LEADERSHIP, holder)


def read_tasks(session: Session, keys: Sequence[str]) -> list[Task]:
    """The watches with what is known of their tokens, without the secrets."""
    rows = session.execute(
        select(
            TokenWatch.id.label("watch_id"),
            TokenWatch.kind,
            TokenWatch.client_id,
            TokenWatch.subject,
            TokenWatch.credential_id,
            TokenWatch.state,
            TokenWatch.began_at,
            TokenWatch.ends_at,
            Credential.inspected_at.is_not(None).label("inspected"),
            TokenWatch.failures,
            TokenWatch.alarmed,
            TokenWatch.suspected,
            TokenWatch.dead_since,
            TokenWatch.asked_by,
            Credential.facts,
            Account.business_id,
            TokenWatch.last_way,
            TokenWatch.last_outcome,
            TokenWatch.last_at,
        )
        .join(Credential, Credential.id == TokenWatch.credential_id)
        .outerjoin(Account, (Account.client_id == TokenWatch.client_id) & (Account.waba_id == TokenWatch.subject))
        .where(TokenWatch.id.in_(keys))
    ).all()
    # By place: the columns stand in the order of the fields, and names for each cost as much as the reading.
    found: list[Any] = list(rows)
    return [Task(*row) for row in found]
