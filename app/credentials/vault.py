"""The vault: the one place that seals secrets into rows and opens them.

Sealing for one client takes turns (a lock on the client's row), so of two sealers at once both are kept, in order, and
the later is current. The unique `current_scope` is the database's own guarantee that there is never a second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, bindparam, select, update
from sqlalchemy.orm import Session

from app.credentials import envelope, succession, watches
from app.credentials.envelope import Sealed
from app.credentials.errors import KeyMissing, SealBroken
from app.credentials.keyring import KeyWrapper
from app.credentials.models import Credential
from app.credentials.scopes import follow_up, place_of, scope_of, sealed_of, take_turn
from app.credentials.succession import Heir, Ready
from app.credentials.watches import PARTNER
from app.kit.errors import Conflict
from app.kit.ids import new_id
from app.kit.secret import Secret

__all__ = ["KeyMissing", "OpenCredential", "Rewrapped", "SealBroken", "Vault"]

# Kinds whose last four characters and fingerprint may be shown. Anything short enough to guess must stay off this list.
RECOGNISABLE = frozenset({"business_token", "partner_token"})


# Built once, because every call to Meta begins with it.
_CURRENT = select(Credential).where(Credential.current_scope == bindparam("scope"))


@dataclass(frozen=True)
class OpenCredential:
    """A secret taken out for use, with the row it came from: who fails with it must name this very row."""

    credential_id: str
    secret: Secret
    expires_at: datetime | None


@dataclass(frozen=True)
class Rewrapped:
    """One batch of a rotation: rows done, rows that cannot be opened, and the last row looked at (None: no more)."""

    done: int
    broken: tuple[str, ...]
    last: str | None


class Vault:
    """Seals and opens; holds the master keys and no state of its own."""

    def __init__(self, keyring: KeyWrapper) -> None:
        self._keyring = keyring

    @property
    def key_id(self) -> str:
        """The master key that seals now."""
        return self._keyring.key_id

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Every master key that opens."""
        return self._keyring.key_ids

    def keeper_of(self, key_id: str) -> str:
        """Who keeps a master key: the name of a key at KMS, or an empty text when the settings hold the key itself."""
        return self._keyring.keeper_of(key_id)

    def seal(
        self,
        session: Session,
        *,
        kind: str,
        client_id: str | None,
        subject: str,
        secret: Secret,
        now: datetime,
        facts: dict[str, Any] | None = None,
        expires_at: datetime | None = None,
        inspected: bool = False,
    ) -> Credential:
        """Add the next version, make it the current one and retire the one before, in the caller's transaction.

        `facts` are shown and stored in plain: ids, scopes and times, never a secret. `inspected`: they and the end are
        Meta's own words, so the token is watched from here on. Raises `NotFound` for an unknown client.
        """
        take_turn(session, client_id)
        version = follow_up(session, kind, client_id, subject, now)
        row_id = new_id()
        sealed = envelope.seal(self._keyring, secret.reveal().encode(), place_of(row_id, kind, client_id))
        row = Credential(
            id=row_id,
            kind=kind,
            client_id=client_id,
            subject=subject,
            version=version,
            current_scope=scope_of(kind, client_id, subject),
            sealed_secret=sealed.secret,
            sealed_data_key=sealed.data_key,
            key_id=sealed.key_id,
            last_four=(secret.last_four or None) if kind in RECOGNISABLE else None,
            fingerprint=secret.fingerprint if kind in RECOGNISABLE else None,
            facts=facts or {},
            expires_at=expires_at,
            inspected_at=now if inspected else None,
            created_at=now,
        )
        session.add(row)
        session.flush()
        if inspected or kind == PARTNER:
            watches.follow(session, row, now=now)
        return row

    def open_current(
        self, session: Session, *, kind: str, client_id: str | None, subject: str
    ) -> OpenCredential | None:
        """The current secret of a scope, or None where there is none. Raises `SealBroken`."""
        scope = scope_of(kind, client_id, subject)
        row = session.scalars(_CURRENT, {"scope": scope}).one_or_none()
        if row is None:
            return None
        if (row.kind, row.client_id, row.subject) != (kind, client_id, subject):
            # Somebody wrote another row's scope here by hand; what it holds is not what was asked for.
            raise SealBroken
        return OpenCredential(row.id, self._open(row), row.expires_at)

    def open_one(self, session: Session, credential_id: str) -> Secret:
        """The secret of one row, current or not. Raises `SealBroken`."""
        return self._open(_get(session, credential_id))

    def identify(
        self,
        session: Session,
        credential_id: str,
        *,
        subject: str,
        facts: dict[str, Any],
        expires_at: datetime | None,
        now: datetime,
    ) -> Credential:
        """Keep what Meta said of a token (`debug_token`): what it opens, its facts, and its end (None: never).

        Under a subject it did not have it becomes the current one of its new scope, and retires the one before.
        Raises `Conflict` for a row that is current no more: what replaced it must not be replaced by it.
        """
        row = _get(session, credential_id)
        if row.subject != subject:
            self._rename(session, row, subject, now)
        row.facts, row.expires_at, row.inspected_at = facts, expires_at, now
        session.flush()
        watches.follow(session, row, now=now)
        return row

    def _rename(self, session: Session, row: Credential, subject: str, now: datetime) -> None:
        take_turn(session, row.client_id)
        # Read anew: whoever had the turn before us may have replaced it.
        if session.scalar(select(Credential.current_scope).where(Credential.id == row.id)) is None:
            raise Conflict("This credential was replaced by a newer one.")
        row.version = follow_up(session, row.kind, row.client_id, subject, now)
        row.subject, row.current_scope = subject, scope_of(row.kind, row.client_id, subject)

    def open_many(self, session: Session, credential_ids: Sequence[str]) -> dict[str, Secret]:
        """The secrets of many rows at once, by row; those that cannot be opened are left out."""
        return succession.open_many(session, self._keyring, credential_ids)

    def prepare(self, heirs: Iterable[Heir], *, now: datetime) -> list[Ready]:
        """Seal each heir for the row it will have, before the transaction in which it succeeds."""
        return succession.prepare(self._keyring, heirs, recognisable=RECOGNISABLE, now=now)

    def succeed(self, session: Session, ready: Sequence[Ready], *, now: datetime) -> frozenset[str]:
        """Put each heir in the place of the row it follows, if that one is still current; the rows that were followed.

        As `seal` with `inspected`, for many at once, and without touching who watches them.
        """
        return succession.succeed(session, ready, now=now)

    def rewrap_batch(self, session: Session, *, most: int, after: str = "") -> Rewrapped:
        """Wrap the data keys of up to `most` rows anew that another than the newest master key wraps.

        Rows are taken by id, from behind `after`, so that a row which cannot be opened is named once and passed by.
        Each is written only if nobody changed it since it was read.
        """
        rows = session.scalars(
            select(Credential)
            .where(Credential.key_id != self._keyring.key_id, Credential.id > after)
            .order_by(Credential.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        done, broken = 0, []
        for row in rows:
            try:
                fresh = envelope.rewrap(self._keyring, sealed_of(row), place_of(row.id, row.kind, row.client_id))
            except SealBroken:
                broken.append(row.id)
            else:
                done += _swap_data_key(session, row, fresh)
        return Rewrapped(done, tuple(broken), rows[-1].id if rows else None)

    def _open(self, row: Credential) -> Secret:
        plain = envelope.open_sealed(self._keyring, sealed_of(row), place_of(row.id, row.kind, row.client_id))
        return Secret(plain.decode())


def _get(session: Session, credential_id: str) -> Credential:
    row = session.get(Credential, credential_id)
    if row is None:
        raise SealBroken
    return row


def _swap_data_key(session: Session, row: Credential, fresh: Sealed) -> int:
    result = session.execute(
        update(Credential)
        .where(
            Credential.id == row.id,
            Credential.key_id == row.key_id,
            Credential.sealed_data_key == row.sealed_data_key,
        )
        .values(key_id=fresh.key_id, sealed_data_key=fresh.data_key)
        .execution_options(synchronize_session="evaluate")
    )
    assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE gives nothing else
    return result.rowcount
