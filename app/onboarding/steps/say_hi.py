"""Step 5: one message in, one message out. The client writes this onboarding's word from another phone; we answer once.

The answer is written down before it is sent and never sent twice: when its fate is unknown, Meta's receipt, which
carries our own key of it, tells. Messages and receipts come in through `app/onboarding/life/two_way.py`.
"""

from collections.abc import Mapping
from typing import Any

from app.kit.secret import Secret
from app.messaging.answers import note_accepted, note_not_accepted, take_answer
from app.meta.errors import MetaError, MetaUnreachable
from app.onboarding import rules
from app.onboarding.ledger.outcomes import Outcome, Parked, Waiting
from app.onboarding.ledger.troubles import SAY_HI, trouble
from app.onboarding.ledger.walk import Walk
from app.onboarding.life.account_life import PAUSED

ANSWERS = {
    "en": "Hi! This number is connected and your message has arrived. This was a test; nobody needs to reply.",
    "es": "¡Hola! Este número está conectado y su mensaje ha llegado. Era una prueba; no hace falta responder.",
    "pt_BR": "Olá! Este número está conectado e a sua mensagem chegou. Foi um teste; não é preciso responder.",
}


def run(walk: Walk) -> Outcome:
    heard: Mapping[str, Any] | None = walk.facts.evidence.get("heard")
    if heard is None:
        return Parked(rules.NEEDS_CLIENT, trouble(SAY_HI))
    if walk.held_because() is not None:
        return Waiting(PAUSED)
    text = ANSWERS.get(walk.facts.language or "en", ANSWERS["en"])
    # Opened before the answer is written down: what fails between row and call leaves an answer that is never sent.
    token = walk.open_token()
    message, may_send = walk.write(
        lambda session, now: take_answer(
            session,
            walk.facts.onboarding_id,
            phone_number_id=walk.phone_number_id,
            contact=heard["contact"],
            text=text,
            reply_to=heard["wamid"],
            now=now,
            by_hand=walk.by_hand,
        )
    )
    if may_send:
        _send(walk, token, message.id, text, heard)
    return Waiting("receipt", None, {"answer": message.id})


def _send(walk: Walk, token: Secret, message_id: str, text: str, heard: Mapping[str, Any]) -> None:
    try:
        sent = walk.meta.messages.send_text(
            walk.phone_number_id,
            token,
            to=heard["contact"],
            body=text,
            reply_to=heard["wamid"],
            tag=message_id,
        )
    except MetaError as refused:
        lost, code = isinstance(refused, MetaUnreachable) and refused.request_written, refused.code
        walk.note(lambda session, _now: note_not_accepted(session, message_id, outcome_known=not lost, code=code))
        if not lost:
            raise
    else:
        walk.note(lambda session, now: note_accepted(session, message_id, sent.wamid, now=now))
