"""What the webhook intake tells about the two-way test: a contact wrote, or Meta gave a receipt for our answer.

Only a message that carries the onboarding's one-time word is answered, once. Any other message proves that messages
arrive and is never answered. When Meta refused the answer, the client is asked to write again, say from another phone:
then that message counts.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.messaging.models import Message
from app.onboarding import rules
from app.onboarding.ledger import ledger
from app.onboarding.ledger.troubles import trouble
from app.onboarding.models import Onboarding, Step

OUT = frozenset({"sent", "delivered", "read"})


def heard(
    session: Session,
    *,
    phone_number_id: str,
    contact: str,
    wamid: str,
    text: str | None,
    at: datetime,
    now: datetime,
) -> bool:
    """A contact wrote to a number; True when that made an onboarding due."""
    made_due = False
    for onboarding in _unfinished(session, phone_number_id):
        proof = {"wamid": wamid, "at": at.isoformat()}
        ledger.note_proofs(session, onboarding.id, {"message_in": proof}, now=now)
        step = ledger.get_step(session, onboarding.id, "test")
        # Written again while the answer is on its way: that one answer is enough.
        is_open = "heard" not in step.evidence or step.state in rules.PARKED
        if not is_open or not rules.says_word(text, onboarding.test_word):
            continue
        step.evidence = {**step.evidence, "heard": {**proof, "contact": contact}}
        if step.state == rules.NEEDS_US:
            # A person decides whether to answer; now there is a fresh message to answer to.
            continue
        if step.state in rules.PARKED:
            step.state, step.trouble, step.failures = rules.NOT_STARTED, None, 0
        onboarding.due_at = now
        made_due = True
    return made_due


def receipt(session: Session, *, wamid: str, state: str, at: datetime, now: datetime) -> bool:
    """Meta's receipt for a test message; True when that made an onboarding due."""
    message = session.scalars(select(Message).where(Message.wamid == wamid, Message.test.is_(True))).first()
    if message is None or message.onboarding_id is None:
        return False
    onboarding = session.get(Onboarding, message.onboarding_id, with_for_update=True)
    if onboarding is None:
        return False
    step = ledger.get_step(session, onboarding.id, "test")
    if state in OUT:
        proof = {"wamid": wamid, "state": state, "at": at.isoformat()}
        ledger.note_proofs(session, onboarding.id, {"message_out": proof}, now=now)
        if step.state not in rules.SETTLED:
            step.state, step.trouble, step.failures, step.ended_at = rules.DONE, None, 0, now
    elif state == "failed" and step.state not in rules.SETTLED:
        message.state = "refused"
        step.state, step.trouble = rules.REFUSED, trouble("answer_failed") | {"code": message.error_code}
    return False


def _unfinished(session: Session, phone_number_id: str) -> Sequence[Onboarding]:
    """Onboardings of this number whose test is still open, locked against their walker."""
    return session.scalars(
        select(Onboarding)
        .join(Step, Step.onboarding_id == Onboarding.id)
        .where(
            Onboarding.phone_number_id == phone_number_id,
            Onboarding.ended_at.is_(None),
            Step.name == "test",
            Step.state.not_in(rules.SETTLED),
        )
        .order_by(Onboarding.id)
        .with_for_update(of=Onboarding)
    ).all()
