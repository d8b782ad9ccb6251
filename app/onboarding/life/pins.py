"""The two-step PIN of a number: the guided way out of a mismatch, and the audited look at the one we hold.

We make a random PIN and seal it before the first registration, which sets it for good. A number that had one before
refuses ours (133005); then a person enters the old one, or switches two-step verification off, and the step runs again.
"""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.credentials.retirement import retire
from app.credentials.vault import Vault
from app.kit.errors import Conflict, Fault, InvalidInput, NotFound
from app.kit.secret import Secret
from app.onboarding import rules
from app.onboarding.ledger import ledger
from app.onboarding.ledger.desk import check_reason, run_again, wants_pin
from app.onboarding.ledger.troubles import key_of
from app.onboarding.models import Onboarding, Step

_SIX_DIGITS = re.compile(r"[0-9]{6}")


def give_pin(session: Session, vault: Vault, which: str, *, pin: Secret, actor: Actor, now: datetime) -> str:
    """Keep the number's own PIN, sealed, and let the register step run once more with it; the onboarding's key."""
    if not _SIX_DIGITS.fullmatch(pin.reveal()):
        raise InvalidInput([Fault("pin", "must be six digits")])
    onboarding, step = _waits_for_pin(session, which)
    vault.seal(
        session,
        kind="pin",
        client_id=onboarding.client_id,
        subject=str(onboarding.phone_number_id),
        secret=pin,
        facts={"from": actor.kind},
        now=now,
    )
    add_entry(session, actor, "pin.given", "onboarding", onboarding.id, now=now)
    return run_again(session, onboarding, step, actor=actor, now=now)


def tell_two_step_is_off(session: Session, which: str, *, actor: Actor, now: datetime) -> str:
    """Somebody switched two-step verification off at Meta: run the register step once more; the onboarding's key.

    The number has no PIN any more, so what we or somebody tried for it is retired, and the step makes a new random one.
    """
    onboarding, step = _waits_for_pin(session, which)
    retire(session, kind="pin", client_id=onboarding.client_id, subject=str(onboarding.phone_number_id), now=now)
    add_entry(session, actor, "pin.switched_off", "onboarding", onboarding.id, now=now)
    return run_again(session, onboarding, step, actor=actor, now=now)


def reveal_pin(session: Session, vault: Vault, which: str, *, reason: str, actor: Actor, now: datetime) -> Secret:
    """The PIN we hold of a number, for a reason that is kept. Raises `Conflict` where Meta never took it."""
    wanted = check_reason(reason)
    onboarding = ledger.get_onboarding(session, which)
    if onboarding.phone_number_id is None:
        raise NotFound("This onboarding has no number.")
    step = ledger.find_step(session, onboarding.id, "register")
    if step is None or step.state != rules.DONE or step.evidence.get("pin") is None:
        raise Conflict("We hold no PIN that Meta has accepted for this number.", code="no_pin")
    held = vault.open_current(session, kind="pin", client_id=onboarding.client_id, subject=onboarding.phone_number_id)
    if held is None:
        raise NotFound("There is no PIN of this number.")
    add_entry(session, actor, "pin.revealed", "onboarding", onboarding.id, now=now, reason=wanted)
    return held.secret


def _waits_for_pin(session: Session, which: str) -> tuple[Onboarding, Step]:
    onboarding = ledger.get_onboarding(session, which, lock=True)
    step = ledger.find_step(session, onboarding.id, "register")
    if step is None or onboarding.ended_at is not None or not wants_pin(step.state, key_of(step.trouble)):
        raise Conflict("This number does not wait for its PIN.", code="no_pin_wanted")
    return onboarding, step
