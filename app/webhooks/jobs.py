"""Reading kept notifications: claim a batch, hand each one's changes to the fields, settle it.

One notification is one transaction: either all it says is noted and it is done, or nothing is. When that fails, its
changes are taken apart and each is tried by itself, so that a bad one takes none of its neighbours along; then it is
tried again later, and after all tries it is dead, with its reason. Telling a field the same thing twice is harmless.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.ids import readable
from app.runtime import Runtime
from app.webhooks import rules
from app.webhooks.envelope import Change, Unreadable, changes_in
from app.webhooks.hearing import Heard
from app.webhooks.models import REASON, Notification
from app.webhooks.registry import FIELDS
from app.work import due

log = structlog.get_logger(__name__)

BATCH = 50


@dataclass(frozen=True)
class Told:
    """What came of one notification's changes, with the reasons for what failed, now or for ever."""

    heard: Heard
    failed: tuple[str, ...] = ()
    hopeless: bool = False


def read_notifications(rt: Runtime, worker: str) -> int:
    """Take due notifications until a batch is not full; returns how many were taken. Rings for the work they made."""
    taken = 0
    while True:
        batch = _read_batch(rt, worker)
        taken += batch
        if batch < BATCH:
            return taken


def _read_batch(rt: Runtime, worker: str) -> int:
    # Threads of one worker share its name; a lease must be told from the one a sibling thread takes over later.
    holder = f"{worker}/{readable(6)}"
    lease = timedelta(seconds=rt.settings.lease_seconds)
    claimed_at = clock.now()
    keys = rt.db.together(
        lambda session: sorted(due.claim(session, Notification, worker=holder, now=claimed_at, lease=lease, most=BATCH))
    )
    for position, key in enumerate(keys):
        if clock.now() - claimed_at > lease / 2:
            claimed_at = _prolong(rt, keys[position:], holder, lease)
        for stream in _read(rt, key, holder, lease):
            rt.wakes.ring(stream)
    return len(keys)


def _prolong(rt: Runtime, keys: Sequence[str], holder: str, lease: timedelta) -> datetime:
    """Keep what is left of a slow batch, so that no other worker takes it up as well."""
    now = clock.now()
    with rt.db.write() as session:
        for key in keys:
            due.keep(session, Notification, key, worker=holder, now=now, lease=lease)
    return now


def _read(rt: Runtime, key: str, holder: str, lease: timedelta) -> frozenset[str]:
    """Read one notification; returns the streams to ring. A failure that is the database's own leaves it leased."""
    for tell in (_tell_at_once, _tell_apart):
        try:
            return _in_one_go(rt, key, holder, lease, tell)
        except Exception as failed:  # noqa: BLE001 - whatever it is must not keep the rest of the batch waiting
            log.warning("notification_failed", notification=key, kind=type(failed).__name__, way=tell.__name__)
    return frozenset()


def _in_one_go(
    rt: Runtime, key: str, holder: str, lease: timedelta, tell: Callable[[Session, Sequence[Change], datetime], Told]
) -> frozenset[str]:
    now = clock.now()

    def read(session: Session) -> frozenset[str]:
        # Prolonging the lease also locks the row: from here on nobody else can take it before we commit.
        if not due.keep(session, Notification, key, worker=holder, now=now, lease=lease):
            return frozenset()
        notification = session.get_one(Notification, key)
        try:
            told = tell(session, changes_in(notification.body), now)
        except Unreadable as unreadable:
            told = Told(Heard(), (str(unreadable),), hopeless=True)
        due.settle(session, Notification, key, worker=holder, due_at=_note(notification, told, now))
        return told.heard.rings

    return rt.db.together(read)


def _tell_at_once(session: Session, changes: Sequence[Change], now: datetime) -> Told:
    """Hand all changes of a field over together."""
    told = Heard()
    by_field: dict[str, list[Change]] = {}
    for change in changes:
        by_field.setdefault(change.field, []).append(change)
    for field, its in by_field.items():
        told += FIELDS[field].handle(session, its, now) if field in FIELDS else Heard(set_aside=(field,) * len(its))
    return Told(told)


def _tell_apart(session: Session, changes: Sequence[Change], now: datetime) -> Told:
    """Hand over the smallest parts one by one; what a failing part wrote is undone, and only that."""
    told, failed = Heard(), []
    for part in _parts(changes):
        try:
            with session.begin_nested():
                told += _tell_at_once(session, [part], now).heard
        except Exception as failure:  # noqa: BLE001 - a handler's fault becomes a reason; the neighbours go on
            failed.append(f"{part.field}: {type(failure).__name__}")
    return Told(told, tuple(failed))


def _parts(changes: Sequence[Change]) -> Iterable[Change]:
    for change in changes:
        yield from FIELDS[change.field].split(change) if change.field in FIELDS else [change]


def _note(notification: Notification, told: Told, now: datetime) -> datetime | None:
    """Write down what came of it; returns when it is due again."""
    notification.set_aside = _summary(told.heard.set_aside)
    notification.trouble = _summary(told.failed)
    if told.failed:
        notification.failures += 1
        next_at = None if told.hopeless else rules.after_failure(notification.failures, now=now)
        if next_at is None:
            notification.dead_at = now
            log.error("notification_dead", notification=notification.id, reason=notification.trouble)
        return next_at
    next_at = rules.after_hold(notification.received_at, now=now) if told.heard.again else None
    if next_at is None:
        notification.done_at = now
    return next_at


def _summary(words: Sequence[str]) -> str | None:
    """Each word once, with how often it came, cut to what the column holds."""
    counted = [word if count == 1 else f"{word} ×{count}" for word, count in sorted(Counter(words).items())]
    return ", ".join(counted)[:REASON] or None
