"""Step 4 of a number of its own: connect it to the Cloud API (Meta's page: "Register a number").

Ten tries per number in 72 hours count even when refused, so the number is looked at first, and the PIN, which the
first registration sets for good, is random and sealed before the call. What a refusal means for the next try stands in
`_refused`; the budget of tries in `app/onboarding/ledger/registers.py`.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.secret import Secret
from app.meta.errors import AlreadyDone, MetaError, MetaRefused
from app.meta.numbers import Number
from app.onboarding import rules
from app.onboarding.ledger import acts, registers, rungs
from app.onboarding.ledger.outcomes import Done, Outcome, TryAgain, Waiting, Yielded
from app.onboarding.ledger.registers import REGISTER
from app.onboarding.ledger.troubles import needs_client, needs_us, outcome_of
from app.onboarding.ledger.walk import Walk
from app.onboarding.steps.name import APPROVED
from app.onboarding.steps.name import REFUSED as DECLINED

# How long a registration that Meta accepted may stay invisible before it is asked for again.
PATIENCE = timedelta(minutes=10)
VERIFY_AGAIN = 133006
TOO_OFTEN = 133016
NOT_MOVABLE_YET = 2388103  # events, payment, name or review of the account it moves to are missing
NO_CERTIFICATE = 131045  # what Meta says while the display name is in review
# What passes by itself still spends a try each time, so it is asked for slowly. Seconds; Meta names the five minutes.
PASSES_SLOWLY = {133000: 300.0, 133004: 60.0, 133015: 300.0}


def run(walk: Walk) -> Outcome:
    token = walk.open_token()
    number = walk.meta.numbers.get(walk.phone_number_id, token)
    if number.is_on_biz_app:
        return needs_us("number_on_phone_app")
    if _is_registered(number):
        return _done(number, {"found": "registered"} | _pin_of_ours(walk))
    if number.code_verification_status in rules.NEVER_VERIFIED:
        return _verify_first(walk)
    if walk.facts.evidence.get("name_refused") and number.name_status not in APPROVED:
        return _name_first(number)
    if _accepted_lately(walk):
        return Waiting("number_connected")
    try:
        act, pin = walk.prepare(REGISTER, walk.phone_number_id, lambda session, now: _begin(session, walk, now))
    except registers.NoneLeft as none:
        return _none_left(none)
    except acts.InDoubt as doubt:
        return Waiting("number_connected", doubt_until=doubt.until)
    try:
        with walk.ending(act):
            walk.meta.numbers.register(walk.phone_number_id, token, pin=pin)
    except MetaError as refused:
        return _refused(walk, number, refused)
    number = walk.meta.numbers.get(walk.phone_number_id, token)
    if _is_registered(number):
        return _done(number, {"pin": "sealed"})
    return Waiting("number_connected", evidence={"pin": "sealed", "accepted_at": clock.now().isoformat()})


def _refused(walk: Walk, number: Number, refused: MetaError) -> Outcome:
    """What to do next: each refusal has its own way, and none is met by merely asking again."""
    if isinstance(refused, AlreadyDone):
        # The number is in this account already (2388012): the next look shows how far it is.
        return Waiting("number_connected", evidence={"accepted_at": clock.now().isoformat()})
    if refused.code == VERIFY_AGAIN:
        return _verify_first(walk)
    if refused.code == TOO_OFTEN:
        until = registers.lock(walk)
        return registers_locked(refused, until)
    if refused.code == NO_CERTIFICATE and number.name_status not in APPROVED and isinstance(refused, MetaRefused):
        return _name_first(number)
    if refused.subcode == NOT_MOVABLE_YET and _move_in_order(walk):
        return Yielded()
    outcome = outcome_of(refused, walk.step)
    if isinstance(outcome, TryAgain) and refused.code in PASSES_SLOWLY:
        return TryAgain(outcome.trouble, not_before=max(outcome.not_before or 0.0, PASSES_SLOWLY[refused.code]))
    return outcome


def registers_locked(refused: MetaError, until: datetime) -> Outcome:
    told = {"code": refused.code, "subcode": refused.subcode, "trace_id": refused.trace_id}
    parked = needs_us("register_locked", until=rules.moment_for_people(until), until_at=until.isoformat())
    return type(parked)(rules.REFUSED, {**parked.trouble, **told})


def _none_left(none: registers.NoneLeft) -> Outcome:
    if none.locked_until is not None:
        until = none.locked_until
        return needs_us("register_locked", until=rules.moment_for_people(until), until_at=until.isoformat())
    return needs_us("register_budget", spent=none.spent, left=max(rules.REGISTERS - none.spent, 0))


def _verify_first(walk: Walk) -> Outcome:
    """Meta wants the code of the number first: the plan gets its step for that, and this one comes after it."""
    walk.write(lambda session, _now: rungs.put_verify_first(session, walk.facts.onboarding_id))
    return Yielded()


def _move_in_order(walk: Walk) -> bool:
    """The number comes from another provider, which nobody told us: it is registered after the other steps, once."""
    key, asked_at = walk.facts.onboarding_id, walk.began_at
    return walk.write(lambda session, _now: rungs.put_move_order(session, key, asked_at=asked_at))


def _name_first(number: Number) -> Outcome:
    """No try is spent until the name is approved; Meta's notification brings the next look forward."""
    seen = {"name_refused": True, "name_status": number.name_status}
    if number.name_status in DECLINED:
        return needs_client("name_declined", seen, name=number.verified_name or "")
    return Waiting("name_review", evidence=seen)


def _accepted_lately(walk: Walk) -> bool:
    """Whether Meta has said yes and merely does not show it yet: asking again would spend one more try.

    A death right after its answer leaves that in the books alone.
    """
    accepted_at, now = walk.facts.evidence.get("accepted_at"), clock.now()
    if accepted_at is not None and now - datetime.fromisoformat(accepted_at) < PATIENCE:
        return True
    with walk.rt.db.read() as session:
        made = acts.list_acts(session, subject=walk.phone_number_id, what=REGISTER, since=now - PATIENCE)
        return any(act.outcome == acts.DONE and act.onboarding_id == walk.facts.onboarding_id for act in made)


def _is_registered(number: Number) -> bool:
    """Connected is Meta's word for registered; before that a number is PENDING on no platform."""
    return number.status == "CONNECTED" and number.platform_type == "CLOUD_API"


def _done(number: Number, evidence: dict[str, Any]) -> Done:
    proof = {"status": number.status, "platform_type": number.platform_type}
    return Done({**evidence, **proof}, {"number_registered": proof})


def _pin_of_ours(walk: Walk) -> dict[str, Any]:
    """Whether our own PIN is the number's: our last registration went out, and was not refused."""
    with walk.rt.db.read() as session:
        ours = registers.was_ours(session, walk.phone_number_id, walk.facts.client_id)
    return {"pin": "sealed"} if ours else {}


def _begin(session: Session, walk: Walk, now: datetime) -> Secret:
    """Within the transaction that writes the act down, so that no two runs can both take the last try."""
    registers.spend(session, walk, now=now)
    return _pin(session, walk, now)


def _pin(session: Session, walk: Walk, now: datetime) -> Secret:
    """The PIN of this number: the one we sealed before, else a new random one, sealed now."""
    kind, client, subject = "pin", walk.facts.client_id, walk.phone_number_id
    held = walk.rt.vault.open_current(session, kind=kind, client_id=client, subject=subject)
    if held is not None:
        return held.secret
    pin = Secret(f"{secrets.randbelow(1_000_000):06d}")
    walk.rt.vault.seal(session, kind=kind, client_id=client, subject=subject, secret=pin, now=now)
    return pin
