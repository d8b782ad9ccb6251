"""Step 4 of a number of its own: connect it to the Cloud API (Meta's page: "Register a number").

Ten tries per number in 72 hours count even when refused, so the number is looked at first, and the PIN, which the
first registration sets for good, is random and sealed before the call.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.secret import Secret
from app.meta.numbers import Number
from app.onboarding import rules
from app.onboarding.outcomes import Done, Outcome, Waiting
from app.onboarding.troubles import needs_client, needs_us
from app.onboarding.walk import Walk

REGISTER = "register"
# How long a registration that Meta accepted may stay invisible before it is asked for again.
PATIENCE = timedelta(minutes=10)


def run(walk: Walk) -> Outcome:
    token = walk.open_token()
    number = walk.meta.numbers.get(walk.phone_number_id, token)
    if number.is_on_biz_app:
        return needs_us("number_on_phone_app")
    if _is_registered(number):
        return _done(number, {"found": "registered"})
    if number.code_verification_status in rules.NEVER_VERIFIED:
        return needs_client("number_not_verified")
    if _accepted_lately(walk):
        return Waiting("number_connected")
    spent, here = walk.tries(REGISTER, walk.phone_number_id, within=rules.REGISTERS_WITHIN)
    if not rules.may_register(spent, here=here, by_hand=walk.by_hand):
        return needs_us("register_budget", spent=spent, left=max(rules.REGISTERS - spent, 0))

    act, pin = walk.prepare(REGISTER, walk.phone_number_id, lambda session, now: _pin(session, walk, now))
    with walk.ending(act):
        walk.meta.numbers.register(walk.phone_number_id, token, pin=pin)
    number = walk.meta.numbers.get(walk.phone_number_id, token)
    if _is_registered(number):
        return _done(number, {"pin": "sealed"})
    return Waiting("number_connected", evidence={"pin": "sealed", "accepted_at": clock.now().isoformat()})


def _accepted_lately(walk: Walk) -> bool:
    """Whether Meta has said yes and merely does not show it yet: asking again would spend one more try."""
    accepted_at = walk.facts.evidence.get("accepted_at")
    return accepted_at is not None and clock.now() - datetime.fromisoformat(accepted_at) < PATIENCE


def _is_registered(number: Number) -> bool:
    """Connected is Meta's word for registered; before that a number is PENDING on no platform."""
    return number.status == "CONNECTED" and number.platform_type == "CLOUD_API"


def _done(number: Number, evidence: dict[str, object]) -> Done:
    proof = {"status": number.status, "platform_type": number.platform_type}
    return Done({**evidence, **proof}, {"number_registered": proof})


def _pin(session: Session, walk: Walk, now: datetime) -> Secret:
    """The PIN of this number: the one we sealed before, else a new random one, sealed now."""
    kind, client, subject = "pin", walk.facts.client_id, walk.phone_number_id
    held = walk.rt.vault.open_current(session, kind=kind, client_id=client, subject=subject)
    if held is not None:
        return held.secret
    pin = Secret(f"{secrets.randbelow(1_000_000):06d}")
    walk.rt.vault.seal(session, kind=kind, client_id=client, subject=subject, secret=pin, now=now)
    return pin
