"""One real renewal of a client's token, with the first that is live: what Meta's pages do not say, Meta's answer does.

The night after the first client went live it is tried by itself, so that nobody learns on day 45 that it cannot be
done; and again whenever somebody asks for it.

The first client that is live and whose token ends is taken; its token is renewed as it would be by the clock, each way
recorded. Nothing can be lost: the old token lives on, and counts until a new one is proven.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.store import SYSTEM, Actor, add_entry
from app.clients.models import Client
from app.credentials.models import TokenWatch
from app.credentials.watches import CLIENTS, DEAD, GONE
from app.kit import clock
from app.kit.errors import Conflict
from app.onboarding.models import Onboarding
from app.onboarding.reading.progress import read_many
from app.runtime import Runtime
from app.upkeep.tokens.models import TokenRenewal
from app.upkeep.tokens.renewing import Renewer
from app.work.keeper import Keeper

DOCTOR: Final = "doctor"
# How many of the oldest are looked through for one that is live.
MOST: Final = 200
NOBODY: Final = "No client is live whose token ends, so there is none to renew."
AT_IT: Final = "This token is being renewed at this moment; look again in a while."


@dataclass(frozen=True)
class Proven:
    """The last renewal that was asked for: whose, when, and the outcome of each way that was tried."""

    at: datetime
    client_name: str
    outcomes: tuple[tuple[str, str, int | None, int | None], ...]
    new_end: datetime | None


def prove_renewal(rt: Runtime, *, actor: Actor, now: datetime) -> Proven:
    """Renew one client's token now. Raises `Conflict` where there is none, or somebody is at it."""
    with rt.db.read() as session:
        watch_id = _first_live(session)
    if watch_id is None:
        raise Conflict(NOBODY, code="no_token_to_renew")
    with rt.db.write() as session:
        add_entry(session, actor, "token.renewal_tried", "token", watch_id, now=now)
    keeper = Keeper(rt.db, timedelta(seconds=rt.settings.lease_seconds))
    renewer = Renewer(rt, keeper)
    try:
        found = renewer.renew(watch_id, asked_by=DOCTOR)
    finally:
        renewer.close()
        keeper.close()
    if found is None:
        raise Conflict(AT_IT, code="token_is_renewed")
    with rt.db.read() as session:
        proven = find_proven(session)
    if proven is None:
        raise Conflict(NOBODY, code="no_token_to_renew")
    return proven


def prove_first(rt: Runtime) -> int:
    """Renew one client's token where that has never been tried and one is live; how many were tried."""
    with rt.db.read() as session:
        if find_proven(session) is not None or _first_live(session) is None:
            return 0
    try:
        prove_renewal(rt, actor=SYSTEM, now=clock.now())
    except Conflict:
        # Somebody is at it, or it has gone meanwhile: the next night sees.
        return 0
    return 1


def find_proven(session: Session) -> Proven | None:
    """What the last one brought; None before anybody has asked."""
    last = session.scalars(
        select(TokenRenewal).where(TokenRenewal.asked_by == DOCTOR).order_by(TokenRenewal.at.desc()).limit(1)
    ).one_or_none()
    if last is None:
        return None
    rows = session.scalars(
        select(TokenRenewal)
        .where(
            TokenRenewal.asked_by == DOCTOR,
            TokenRenewal.watch_id == last.watch_id,
            TokenRenewal.credential_id == last.credential_id,
        )
        .order_by(TokenRenewal.at, TokenRenewal.id)
    ).all()
    name = session.scalar(
        select(Client.name).join(TokenWatch, TokenWatch.client_id == Client.id).where(TokenWatch.id == last.watch_id)
    )
    outcomes = tuple((row.way, row.outcome, row.code, row.subcode) for row in rows)
    return Proven(last.at, name or "", outcomes, last.new_end)


def _first_live(session: Session) -> str | None:
    rows = session.execute(
        select(TokenWatch.id, Onboarding)
        .join(Onboarding, (Onboarding.client_id == TokenWatch.client_id) & (Onboarding.waba_id == TokenWatch.subject))
        .where(
            TokenWatch.kind == CLIENTS,
            TokenWatch.state.not_in((GONE, DEAD)),
            TokenWatch.ends_at.is_not(None),
            Onboarding.ended_at.is_(None),
        )
        .order_by(Onboarding.id)
        .limit(MOST)
    ).all()
    by_run = {run.id: watch_id for watch_id, run in rows}
    for progress in read_many(session, [run for _, run in rows]):
        if progress.live_at is not None:
            return by_run[progress.id]
    return None
