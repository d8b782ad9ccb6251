"""The one answer of an onboarding's two-way test, written down before it is sent.

States on the way out: queued → accepted (Meta took it) → sent → delivered → read, or failed. `refused` means Meta
said no, so it may be sent again; `unknown` means Meta may have it, so it may not.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.messaging.models import Message

QUEUED, ACCEPTED, REFUSED, UNKNOWN = "queued", "accepted", "refused", "unknown"


def take_answer(
    session: Session,
    onboarding_id: str,
    *,
    phone_number_id: str,
    contact: str,
    text: str,
    reply_to: str,
    now: datetime,
    by_hand: bool = False,
) -> tuple[Message, bool]:
    """The row of an onboarding's answer, and whether the caller may send it now.

    Only whoever makes the row, or finds it refused, may send. One found queued was cut off by a death between row and
    record: nobody can know whether Meta has it, and only a person (`by_hand`) may decide to send once more.
    """
    row = find_answer(session, onboarding_id)
    if row is not None and _is_given_up(row, by_hand=by_hand):
        # The next answer gets a key and a wamid of its own, so that late news of this one cannot be mistaken for it.
        row.onboarding_id = None
        session.flush()
        row = None
    if row is None:
        row = Message(
            phone_number_id=phone_number_id,
            direction="out",
            contact=contact,
            kind="text",
            text=text,
            test=True,
            onboarding_id=onboarding_id,
            reply_to=reply_to,
            state=QUEUED,
            at=now,
        )
        session.add(row)
        session.flush()  # its key travels with the message as a tag
        return row, True
    if row.state == QUEUED:
        row.state = UNKNOWN
    return row, False


def _is_given_up(row: Message, *, by_hand: bool) -> bool:
    return row.state == REFUSED or (by_hand and row.state in {QUEUED, UNKNOWN})


def note_accepted(session: Session, message_id: str, wamid: str, *, now: datetime) -> None:
    """Meta took it. A receipt may have been faster than Meta's answer: then only the id is new."""
    row = session.get_one(Message, message_id, with_for_update=True)
    row.wamid = row.wamid or wamid
    if row.state in {QUEUED, UNKNOWN}:
        row.state, row.sent_at = ACCEPTED, now


def note_not_accepted(session: Session, message_id: str, *, outcome_known: bool, code: int | None) -> None:
    """Meta refused it, or its answer was lost."""
    row = session.get_one(Message, message_id, with_for_update=True)
    if row.state == QUEUED:
        row.state = REFUSED if outcome_known else UNKNOWN
        row.error_code = code


def find_answer(session: Session, onboarding_id: str) -> Message | None:
    return session.scalars(
        select(Message).where(Message.onboarding_id == onboarding_id).with_for_update()
    ).one_or_none()
