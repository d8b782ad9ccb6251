"""Numbers, moments and messages of the messaging tests."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.messaging.models import Message
from app.messaging.receipts import Receipt
from app.messaging.store import Inbound

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PHONE, OTHER_PHONE = "106540352242922", "106540352242923"


def inbound(wamid: str, phone_number_id: str = PHONE, text: str = "hi") -> Inbound:
    return Inbound(phone_number_id, wamid, "5511988887777", "text", text, NOON)


def receipt(state: str, at: datetime = NOON, *, wamid: str = "wamid.1", code: int | None = None) -> Receipt:
    return Receipt(PHONE, wamid, state, at, code)


def add_sent(
    session: Session,
    wamid: str | None = "wamid.1",
    *,
    phone_number_id: str = PHONE,
    state: str = "accepted",
    direction: str = "out",
    at: datetime = NOON,
) -> Message:
    row = Message(
        phone_number_id=phone_number_id,
        wamid=wamid,
        direction=direction,
        contact="5511988887777",
        kind="text",
        text="Hi!",
        state=state,
        at=at,
    )
    session.add(row)
    session.flush()
    return row
