"""What a phone app was asked for and what of it has come: kept by the step `sync`, counted as notifications tell.

Meta's page: "Onboarding WhatsApp Business app users". What the notifications hold stays in them as they came: nothing
of it is a message that was sent to us, opens a window for answers, or proves that messages arrive.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.meta.numbers import SyncType
from app.onboarding import rules
from app.onboarding.models import Onboarding, Sync

CONTACTS: Final = "smb_app_state_sync"
HISTORY: Final = "history"
KINDS: Final = get_args(SyncType)
# Meta takes a request within a day of the signup (2593108 afterwards).
WITHIN = timedelta(hours=24)
# Contacts are told for as long as the number lives; nobody needs more of them counted than this.
MOST_CHUNKS = 2000


@dataclass(frozen=True)
class SyncView:
    """What was asked of a phone app and what has come: `kind` is smb_app_state_sync (contacts) or history.

    `state` is to_ask, asked, silent (asked long ago, and nothing has come), arriving, done, declined or too_late.
    `chunks` counts what has come, `progress` (percent) is Meta's own figure, which contacts have none of.
    """

    kind: str
    state: str
    until: datetime
    asked_at: datetime | None
    chunks: int
    progress: int | None
    seen_at: datetime | None


def note_asked(
    session: Session, onboarding_id: str, kind: str, *, begun_at: datetime, request_id: str | None = None, now: datetime
) -> None:
    """The request goes out now, or has gone out and got this id."""
    row = session.scalars(select(Sync).where(Sync.onboarding_id == onboarding_id, Sync.kind == kind)).one_or_none()
    if row is None:
        row = Sync(onboarding_id=onboarding_id, kind=kind, until=begun_at + WITHIN, chunks={})
        session.add(row)
    row.asked_at = row.asked_at or now
    row.request_id = request_id or row.request_id


def note_seen(
    session: Session,
    *,
    waba_id: str,
    phone_number_id: str,
    kind: str,
    chunks: Mapping[str, int],
    declined: bool = False,
    at: datetime,
) -> bool:
    """Chunks have come, or the word that there will be none; False where no run of ours asked for them."""
    rows = session.scalars(
        select(Sync)
        .join(Onboarding, Onboarding.id == Sync.onboarding_id)
        .where(
            Onboarding.waba_id == waba_id,
            Onboarding.phone_number_id == phone_number_id,
            Onboarding.ended_at.is_(None),
            Sync.kind == kind,
        )
        .order_by(Sync.id)
        .with_for_update(of=Sync)
    ).all()
    for row in rows:
        room = MOST_CHUNKS - len(row.chunks)
        fresh = [name for name in chunks if name not in row.chunks][: max(room, 0)]
        row.chunks = {**row.chunks, **{name: chunks[name] for name in fresh}}
        row.seen_at = max(at, row.seen_at or at)
        if declined:
            row.declined_at = row.declined_at or at
        if kind == CONTACTS or 100 in chunks.values():
            # Meta never says that the contacts are complete; the first of them show that the app answers.
            row.done_at = row.done_at or at
    return bool(rows)


def list_syncs(session: Session, onboarding_ids: Collection[str], *, now: datetime) -> dict[str, tuple[SyncView, ...]]:
    """What was asked and what has come, by onboarding; contacts first."""
    found: dict[str, list[SyncView]] = defaultdict(list)
    rows = session.scalars(select(Sync).where(Sync.onboarding_id.in_(onboarding_ids)).order_by(Sync.kind.desc()))
    for row in rows:
        found[row.onboarding_id].append(_view(row, now))
    return {key: tuple(views) for key, views in found.items()}


def to_ask(begun_at: datetime, *, now: datetime) -> tuple[SyncView, ...]:
    """What will be asked of a phone app, before its step has begun."""
    until = begun_at + WITHIN
    state = rules.sync_state(rules.SyncFacts(until), now=now)
    return tuple(SyncView(kind, state, until, None, 0, None, None) for kind in KINDS)


def _view(row: Sync, now: datetime) -> SyncView:
    facts = rules.SyncFacts(
        until=row.until, asked_at=row.asked_at, seen_at=row.seen_at, declined_at=row.declined_at, done_at=row.done_at
    )
    progress = max(row.chunks.values(), default=0) if row.kind == HISTORY and row.chunks else None
    return SyncView(
        kind=row.kind,
        state=rules.sync_state(facts, now=now),
        until=row.until,
        asked_at=row.asked_at,
        chunks=len(row.chunks) if row.kind == HISTORY else sum(row.chunks.values()),
        progress=progress,
        seen_at=row.seen_at,
    )
