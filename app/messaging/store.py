"""Add messages that came in, and find those that went out."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.messaging.models import Message
from app.work.arrivals import insert_into


@dataclass(frozen=True)
class Inbound:
    """A message a contact wrote. `contact` is a wa_id, or a user id where Meta names no number."""

    phone_number_id: str
    wamid: str
    contact: str
    kind: str
    text: str | None
    at: datetime
    reply_to: str | None = None


def add_inbound(session: Session, messages: Sequence[Inbound]) -> list[Inbound]:
    """Keep what is new, told by (phone_number_id, wamid); returns the new ones, in the order given.

    The same message may come in several notifications, to several workers, at the same moment.
    """
    found: dict[tuple[str, str], Inbound] = {}
    for message in messages:
        found.setdefault((message.phone_number_id, message.wamid), message)
    if not found:
        return []
    # Two workers with overlapping batches wait for each other's rows; taking them in one order, never in a circle.
    rows = [asdict(found[key]) | {"direction": "in", "state": "received"} for key in sorted(found)]
    added = session.execute(
        insert_into(session, Message)
        .on_conflict_do_nothing(index_elements=["phone_number_id", "wamid"])
        .returning(Message.phone_number_id, Message.wamid),
        rows,
    )
    new = {(phone_number_id, wamid) for phone_number_id, wamid in added}
    return [message for key, message in found.items() if key in new]


def lock_outbound(session: Session, *, wamids: Collection[str], ids: Collection[str]) -> Sequence[Message]:
    """Messages we sent, by Meta's id or by our own, locked until the transaction ends."""
    return session.scalars(
        select(Message)
        .where(or_(Message.wamid.in_(wamids), Message.id.in_(ids)), Message.direction == "out")
        .order_by(Message.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def list_numbers_sending(session: Session, phone_number_ids: Collection[str], *, since: datetime) -> set[str]:
    """Numbers with a message on its way whose wamid we do not know yet."""
    return set(
        session.scalars(
            select(Message.phone_number_id)
            .where(
                Message.phone_number_id.in_(phone_number_ids),
                Message.direction == "out",
                Message.wamid.is_(None),
                Message.state.in_(("queued", "unknown")),
                Message.at >= since,
            )
            .distinct()
        )
    )
