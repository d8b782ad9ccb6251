"""How many wrong passwords are too many: per person and place, per place, and per person.

Kept in a table of our own, not in the request limiter's storage: the count must outlive a restart and be shared by all
web processes even where no Redis runs, and it must know things a limiter does not (which tries were right, from where a
person signed in before).

A lock-out must not lock out its owner. So the tightest limit counts one person from one network only, and the limit
that counts a person from everywhere does not apply to networks that person signed in from lately.
"""

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from app.access.models import SignInTry
from app.kit.digests import digest
from app.kit.errors import TooMany

WINDOW = timedelta(minutes=15)
FROM_ONE_NETWORK = 5
"""Wrong passwords for one person from one network in 15 minutes."""
BY_ONE_NETWORK = 30
"""Wrong passwords from one network, whoever they are for."""
FROM_STRANGERS = 20
"""Wrong passwords for one person from networks that person never signed in from."""


def account_of(email: str) -> str:
    """The name under which tries for an e-mail address are counted, whether somebody has it or not."""
    return digest(email.strip().casefold())


def network_of(address: str | None) -> str:
    """What counts as one place: an IPv4 address, or the /64 that one IPv6 subscriber has to itself."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def add_try(session: Session, account: str, network: str, *, now: datetime) -> None:
    """Count a try before its password is looked at, so that many at once cannot slip past the count together."""
    session.execute(delete(SignInTry).where(SignInTry.at < now - WINDOW))
    session.add(SignInTry(account_hash=account, network=network, at=now))


def refuse_floods(session: Session, account: str, network: str, *, known: bool, counted: int, now: datetime) -> None:
    """Raise `TooMany` when a limit is reached; `counted` is 1 when the present try is among the rows already."""
    here = SignInTry.network == network
    theirs = SignInTry.account_hash == account
    limits: list[tuple[int, ColumnElement[bool]]] = [
        (FROM_ONE_NETWORK, here & theirs),
        (BY_ONE_NETWORK, here),
    ]
    if not known:
        limits.append((FROM_STRANGERS, theirs))
    waits = [_seconds_to_wait(session, limit - 1 + counted, which, now=now) for limit, which in limits]
    if longest := max(waits):
        minutes = -(-longest // 60)
        unit = "minute" if minutes == 1 else "minutes"
        raise TooMany(f"Too many wrong passwords. Wait {minutes} {unit}, then try again.", retry_after=longest)


def forgive(session: Session, account: str, network: str) -> None:
    """Forget the wrong tries of one person from one network, once the right password was given there."""
    session.execute(delete(SignInTry).where(SignInTry.account_hash == account, SignInTry.network == network))


def _seconds_to_wait(session: Session, allowed_before: int, which: ColumnElement[bool], *, now: datetime) -> int:
    """Whole seconds until fewer than the limit are left in the window; 0 when that is so already."""
    newest_first = select(SignInTry.at).where(which, SignInTry.at > now - WINDOW).order_by(SignInTry.at.desc())
    deciding = session.scalar(newest_first.offset(allowed_before).limit(1))
    return 0 if deciding is None else max(1, int((deciding + WINDOW - now).total_seconds()) + 1)
