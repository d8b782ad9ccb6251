"""Keeping notifications: the bytes are a row before Meta hears 200. Nothing is parsed here."""

import hashlib
from datetime import datetime

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
