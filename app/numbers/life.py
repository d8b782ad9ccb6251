"""The life of an account after its signup: paused while its phone app is off, ended when it is taken away.

Meta's pages: "account_update webhook", "Reconnect offboarded coexistence clients". Whatever sends asks `held_because`.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.orm import Session

from app.kit.ids import new_id
from app.numbers.models import Account, AccountEvent, Number
from app.numbers.rules import REMOVED, Event, concerns, digits_of, standing_of
from app.work.arrivals import insert_into

Held = Literal["paused", "ended", "token_dead"]
# By number (its digits; empty for the account itself) and kind.
Events = dict[str, dict[str, Event]]


def note_event(
    session: Session,
    *,
    waba_id: str,
    kind: str,
    at: datetime,
    now: datetime,
    digits: str = "",
    because: str | None = None,
    by: str | None = None,
) -> bool:
    """Keep an event of an account (or of one number, named by its digits); False when it was known, or an older one.

    `at` is the notification's own time (`entry.time`).
    """
    insert = insert_into(session, AccountEvent).values(
        id=new_id(), waba_id=waba_id, digits=digits, kind=kind, at=at, heard_at=now, because=because, by=by
    )
    new = {"at": at, "heard_at": now, "because": because, "by": by}
    kept = session.scalar(
        insert.on_conflict_do_update(
            index_elements=["waba_id", "digits", "kind"],
            set_=new,
            # The same moment with a reason says more than without one: Meta tells of one end in two shapes.
            where=or_(
                AccountEvent.at < at,
                and_(AccountEvent.at == at, AccountEvent.because.is_(None), literal(because is not None)),
            ),
        ).returning(AccountEvent.id)
    )
    return kept is not None


def settle(session: Session, waba_id: str) -> Sequence[Account]:
    """Let every client's record of an account say what its events come to; the records, locked."""
    rows = session.scalars(
        select(Account).where(Account.waba_id == waba_id).order_by(Account.id).with_for_update()
    ).all()
    for row in rows:
        settle_account(session, row)
    return rows


def settle_account(session: Session, account: Account) -> Events:
    """Let one record say what the events of its account, and of each of its numbers, come to; returns those events."""
    events = events_of(session, account.waba_id)
    found = standing_of(events.get("", {}), account.shared_at)
    account.paused_at, account.ended_at = found.paused_at, found.ended_at
    account.ended_because, account.ended_by = found.ended_because, found.ended_by
    if events.keys() - {""}:
        for number in session.scalars(select(Number).where(Number.account_id == account.id)):
            its = events.get(digits_of(number.display_phone_number), {}).get(REMOVED)
            number.ended_at = its.at if its is not None and concerns(its, account.shared_at) else None
    return events


def events_of(session: Session, waba_id: str) -> Events:
    """The newest events of an account by number (empty for the account itself) and kind."""
    found: dict[str, dict[str, Event]] = defaultdict(dict)
    for row in session.scalars(
        select(AccountEvent).where(AccountEvent.waba_id == waba_id).execution_options(populate_existing=True)
    ):
        found[row.digits][row.kind] = Event(row.at, row.heard_at, row.because, row.by)
    return found


def held_because(session: Session, *, client_id: str, waba_id: str, phone_number_id: str) -> Held | None:
    """Why nothing may be sent from a client's number now; None when it may. Everything that sends asks here first."""
    found = session.execute(
        select(Account.paused_at, Account.ended_at, Account.token_dead_at, Number.ended_at)
        .outerjoin(Number, and_(Number.account_id == Account.id, Number.phone_number_id == phone_number_id))
        .where(Account.client_id == client_id, Account.waba_id == waba_id)
    ).one_or_none()
    if found is None:
        return None
    paused_at, account_ended_at, token_dead_at, number_ended_at = found
    if account_ended_at is not None or number_ended_at is not None:
        return "ended"
    if paused_at is not None:
        return "paused"
    return "token_dead" if token_dead_at is not None else None
