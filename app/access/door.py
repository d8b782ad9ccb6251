"""The door for staff: sign in with a password, and be recognised afterwards.

A walker: hashing a password takes 0.2 s on purpose, so it happens between transactions, never inside one.
"""

from dataclasses import dataclass
from datetime import datetime

from app.access.passwords import hash_password, is_outdated, matches
from app.access.rules import is_worth_noting
from app.access.sessions import Visitor, add_session, find_visitor, list_addresses, touch
from app.access.staff import find_by_email
from app.access.tries import account_of, add_try, forgive, network_of, refuse_floods
from app.db import Database
from app.kit.errors import NotAllowed
from app.kit.secret import Secret

WRONG = "This e-mail address and password do not fit together."


@dataclass(frozen=True)
class Found:
    """What stands in the database for the e-mail that was typed; no hash where nobody has it."""

    password_hash: str | None
    enabled: bool


def sign_in(
    db: Database, *, email: str, password: Secret, address: str | None, user_agent: str | None, now: datetime
) -> Secret:
    """The secret for a new session's cookie.

    Raises `NotAllowed` with one text for a wrong password, an unknown e-mail and a disabled person (and after the same
    work, so that neither text nor time tells them apart), `TooMany` after too many wrong passwords.
    """
    account, network = account_of(email), network_of(address)
    found = _count(db, email, account, network, now=now)
    if not matches(found.password_hash, password) or not found.enabled:
        raise NotAllowed(WRONG, known=False, code="wrong_password")
    fresh_hash = hash_password(password) if is_outdated(found.password_hash or "") else None
    with db.write() as session:
        staff = find_by_email(session, email)
        if staff is None or staff.disabled_at is not None or staff.password_hash != found.password_hash:
            # Between the look and now the person was disabled or given another password.
            raise NotAllowed(WRONG, known=False, code="wrong_password")
        staff.password_hash = fresh_hash or staff.password_hash
        forgive(session, account, network)
        _, secret = add_session(session, staff, address=address, user_agent=user_agent, now=now)
        return secret


def recognise(db: Database, secret: str, *, now: datetime, by_hand: bool = True) -> Visitor | None:
    """Who a cookie belongs to, or None. Its last use is written at most once a minute.

    What a page asks by itself (`by_hand=False`) is no use: an open page must not keep an idle session alive.
    """
    with db.read() as session:
        visitor = find_visitor(session, secret, now=now)
    if by_hand and visitor is not None and is_worth_noting(visitor.seen_at, now):
        with db.write() as session:
            touch(session, visitor.session_id, now=now)
    return visitor


def _count(db: Database, email: str, account: str, network: str, *, now: datetime) -> Found:
    """Look, count this try, look again.

    The first look keeps a flood from filling the table. The second makes the count exact without a lock: each try is
    stored before it is counted, so of many at once only as many pass as the limit allows.
    """
    with db.read() as session:
        staff = find_by_email(session, email)
        known = staff is not None and network in {
            network_of(address) for address in list_addresses(session, staff.id, now=now)
        }
        refuse_floods(session, account, network, known=known, counted=0, now=now)
        found = Found(staff.password_hash, staff.disabled_at is None) if staff else Found(None, enabled=False)
    with db.write() as session:
        add_try(session, account, network, now=now)
    with db.read() as session:
        refuse_floods(session, account, network, known=known, counted=1, now=now)
    return found
