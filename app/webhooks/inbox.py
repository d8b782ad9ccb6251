"""Keeping notifications: the bytes are a row before Meta hears 200. Nothing is parsed here."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import LargeBinary, delete, func, literal
from sqlalchemy.orm import Session

from app.kit.ids import new_id
from app.webhooks.models import Notification
from app.work.arrivals import insert_into


def keep(session: Session, body: bytes, *, now: datetime) -> bool:
    """Store the bytes, due at once; True when they are new, False when it was a repeat, which is counted.

    Meta repeats for up to 7 days whatever was not answered with 200 in time, and never says that it is a repeat.
    """
    row_id = new_id()
    insert = insert_into(session, Notification).values(
        id=row_id, digest=hashlib.sha256(body).hexdigest(), body=body, received_at=now, due_at=now
    )
    kept = session.scalar(
        insert.on_conflict_do_update(
            index_elements=[Notification.digest], set_={"repeats": Notification.repeats + 1}
        ).returning(Notification.id)
    )
    return kept == row_id


def forget(session: Session, waba_ids: Sequence[str]) -> int:
    """Delete the notifications, done or dead, that name one of these accounts as an entry; how many went.

    One may tell of several accounts. It then goes for all of them: what it told stands in rows of their own by now.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    gone = 0
    for waba_id in waba_ids:
        named = literal(f'"id":"{waba_id}"'.encode(), LargeBinary)
        body = Notification.body
        place = func.instr(body, named) if is_sqlite else func.position(named.op("IN")(body))
        rows = delete(Notification).where(Notification.due_at.is_(None), place > 0).returning(Notification.id)
        gone += len(session.execute(rows).all())
    return gone
