"""Signed-in browsers: a row for each, its secret kept hashed, revocable from here at any time.

The secret in the cookie is 256 random bits, so a plain SHA-256 hides it as well as a slow hash would: there is nothing
to guess from.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.access.models import Staff, StaffSession
from app.access.rules import ABSOLUTE, session_is_over
from app.audit.store import Actor, add_entry
from app.kit.digests import digest
from app.kit.ids import unguessable
from app.kit.secret import Secret

KNOWN_FOR = timedelta(days=30)
"""How long a place somebody signed in from counts as theirs; ended sessions are kept that long for it."""


@dataclass(frozen=True)
class Visitor:
    """Who is behind a request: the person, and the session the browser shows."""

    staff_id: str
    name: str
    email: str
    session_id: str
    seen_at: datetime

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.staff_id)


def add_session(
    session: Session, staff: Staff, *, address: str | None, user_agent: str | None, now: datetime
) -> tuple[StaffSession, Secret]:
    """A new session with a secret of its own, whatever the browser showed before: nobody can plant one beforehand."""
    secret = Secret(unguessable())
    row = StaffSession(
        staff_id=staff.id,
        secret_hash=digest(secret.reveal()),
        address=address,
        user_agent=(user_agent or "")[:300] or None,
        created_at=now,
        seen_at=now,
        expires_at=now + ABSOLUTE,
    )
    _forget_old(session, staff.id, now=now)
    session.add(row)
    session.flush()  # the ledger below needs the key
    add_entry(session, Actor("staff", staff.id), "staff.signed_in", "staff", staff.id, now=now, address=address)
    return row, secret


def find_visitor(session: Session, secret: str, *, now: datetime) -> Visitor | None:
    """The person behind a cookie, or None where the session is unknown, over, revoked, or its person disabled."""
    found = session.execute(
        select(StaffSession, Staff).join(Staff, Staff.id == StaffSession.staff_id).where(_is(secret))
    ).one_or_none()
    if found is None:
        return None
    row, staff = found
    if staff.disabled_at is not None or session_is_over(
        seen_at=row.seen_at, expires_at=row.expires_at, revoked_at=row.revoked_at, now=now
    ):
        return None
    return Visitor(staff.id, staff.name, staff.email, row.id, row.seen_at)


def touch(session: Session, session_id: str, *, now: datetime) -> None:
    """Note that a session was used; from here its idle time counts anew."""
    session.execute(update(StaffSession).where(StaffSession.id == session_id).values(seen_at=now))


def sign_out(session: Session, visitor: Visitor, *, now: datetime) -> None:
    """End one session on the server: its cookie is worthless from now on, wherever it was copied to."""
    row = session.get_one(StaffSession, visitor.session_id)
    row.revoked_at = row.revoked_at or now
    add_entry(session, visitor.actor, "staff.signed_out", "staff", visitor.staff_id, now=now)


def revoke_all(session: Session, staff_id: str, *, now: datetime) -> None:
    """End every session of one person."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def list_addresses(session: Session, staff_id: str, *, now: datetime) -> set[str]:
    """The addresses somebody signed in from in the last 30 days."""
    rows = session.scalars(
        select(StaffSession.address)
        .where(StaffSession.staff_id == staff_id, StaffSession.created_at > now - KNOWN_FOR)
        .distinct()
    )
    return {address for address in rows if address}


def _forget_old(session: Session, staff_id: str, *, now: datetime) -> None:
    session.execute(
        delete(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.created_at <= now - KNOWN_FOR)
    )


def _is(secret: str) -> ColumnElement[bool]:
    # Looking a hash up by its index may take a little longer for a longer common beginning; whoever could choose
    # hashes that begin alike would have to know the secret already.
    return StaffSession.secret_hash == digest(secret)


def cookie_name(*, https: bool) -> str:
    """With https the name itself makes browsers refuse a cookie that a neighbouring host tries to plant."""
    return "__Host-gangway-staff" if https else "gangway-staff"
