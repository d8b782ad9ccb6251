"""The partner's own token: a sealed row is the truth, the setting META_SYSTEM_TOKEN only seeds it.

The first setting becomes the first row. A setting that was changed since (told by its fingerprint) becomes the next
version once `debug_token` has proven it: a typing mistake must not replace a token that works. Renewals
(`app/upkeep/tokens/`) make further versions, so the setting may be long dead while everything goes on.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.credentials.scopes import take_turn
from app.credentials.vault import OpenCredential, Vault
from app.credentials.watches import PARTNER
from app.db import Database
from app.kit import clock
from app.kit.secret import Secret
from app.meta.errors import MetaError
from app.meta.oauth import Inspection

log = structlog.get_logger(__name__)

SUBJECT: Final = "partner"
# Whoever renews or replaces the token is heard everywhere within this time; the old one lives on meanwhile.
REMEMBER: Final = timedelta(seconds=60)

Inspect = Callable[[Secret], Inspection]


class PartnerTokens:
    """The token in use, kept for a minute and never beyond its own end. One per process, shared by its threads."""

    def __init__(self) -> None:
        # Whoever asks Meta in here may be told that a token is dead, and forgets what is held.
        self._lock = threading.RLock()
        self._held: OpenCredential | None = None
        self._seed = ""
        self._until = 0.0
        self._refused: set[str] = set()

    def current(self, db: Database, vault: Vault, seed: Secret, *, inspect: Inspect, app_id: str) -> OpenCredential:
        """The token to use now. With a setting nobody has proven yet it asks Meta, so nothing may be open then."""
        with self._lock:
            held = self._held
            if held is not None and self._seed == seed.fingerprint and clock.monotonic() < self._until:
                return held
            held = self._read(db, vault, seed, inspect, app_id)
            left = REMEMBER if held.expires_at is None else min(REMEMBER, held.expires_at - clock.now())
            self._held, self._seed = held, seed.fingerprint
            self._until = clock.monotonic() + max(left, timedelta(0)).total_seconds()
            return held

    def forget(self) -> None:
        """Read the row anew with the next use: it was judged, renewed or replaced."""
        with self._lock:
            self._held = None

    def _read(self, db: Database, vault: Vault, seed: Secret, inspect: Inspect, app_id: str) -> OpenCredential:
        with db.read() as session:
            held = vault.open_current(session, kind=PARTNER, client_id=None, subject=SUBJECT)
            known = _is_known(session, seed)
        if known and held is not None:
            return held
        if held is None:
            with db.write() as session:
                return _sow(session, vault, seed, None, now=clock.now())
        if seed.fingerprint in self._refused:
            return held
        try:
            found = inspect(seed)
        except MetaError as unheard:
            log.warning("partner_token_not_proven", code=unheard.code, kind=type(unheard).__name__)
            return held
        if not found.is_valid or found.app_id != app_id:
            # Said once in each process: the token in use goes on, and the set-up page shows which one that is.
            self._refused.add(seed.fingerprint)
            log.warning("partner_token_setting_refused", fingerprint=seed.fingerprint)
            return held
        with db.write() as session:
            return _sow(session, vault, seed, found, now=clock.now())


def facts_of(found: Inspection) -> dict[str, object]:
    """What is kept of an inspection, to show and to compare: nothing of it is secret."""
    return {
        "scopes": sorted(found.scopes),
        "type": found.type,
        "user_id": found.user_id,
        "issued_at": found.issued_at.isoformat() if found.issued_at else None,
    }


def find_in_use(session: Session, vault: Vault, seed: Secret) -> OpenCredential | None:
    """The row in use, without asking Meta or sealing anything; None while the setting has not been taken over."""
    if not _is_known(session, seed):
        return None
    return vault.open_current(session, kind=PARTNER, client_id=None, subject=SUBJECT)


def _is_known(session: Session, seed: Secret) -> bool:
    fingerprint = seed.fingerprint
    rows = select(Credential.id).where(Credential.kind == PARTNER, Credential.fingerprint == fingerprint).limit(1)
    return session.scalar(rows) is not None


def _sow(session: Session, vault: Vault, seed: Secret, found: Inspection | None, *, now: datetime) -> OpenCredential:
    """Seal the setting as the next version, unless another process has done so in this moment."""
    take_turn(session, None)
    if _is_known(session, seed):
        held = vault.open_current(session, kind=PARTNER, client_id=None, subject=SUBJECT)
        if held is not None:
            return held
    row = vault.seal(
        session,
        kind=PARTNER,
        client_id=None,
        subject=SUBJECT,
        secret=seed,
        facts={} if found is None else facts_of(found),
        expires_at=None if found is None else found.expires_at,
        inspected=found is not None,
        now=now,
    )
    return OpenCredential(row.id, seed, row.expires_at)
