"""What staff may do to an onboarding: try a step again, and waive the test message with a reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.kit.errors import Conflict, Fault, InvalidInput, NotFound
from app.onboarding import rules
from app.onboarding.ledger import ledger
from app.onboarding.ledger.troubles import PIN_TROUBLES, SAY_HI, key_of
from app.onboarding.models import Onboarding, Step

LEAST_REASON = 5
MOST_REASON = 500


def retry_step(session: Session, which: str, step_name: str, *, actor: Actor, now: datetime) -> str:
    """Let a step run again now; returns the onboarding's key. Conflict when there is nothing to try again."""
    onboarding, step = _step_of(session, which, step_name)
    trouble = key_of(step.trouble)
    if wants_pin(step.state, trouble):
        raise Conflict(
            "The PIN we tried was refused, and would be again. Give the number's own PIN, or switch its two-step "
            "verification off and say so.",
            code="pin_wanted",
        )
    if not may_retry(step.state, trouble):
        raise Conflict(f"The step “{step_name}” cannot be tried again: it is {step.state.replace('_', ' ')}.")
    return run_again(session, onboarding, step, actor=actor, now=now)


def run_again(session: Session, onboarding: Onboarding, step: Step, *, actor: Actor, now: datetime) -> str:
    """Let this step run now, for somebody who has made sure that it may; returns the onboarding's key."""
    step.state = rules.NOT_STARTED
    step.failures = 0
    step.next_try_at = None
    # Whoever asks spends what a machine may not: the last registers of a number, for one.
    step.evidence = {**step.evidence, "asked_by": actor.kind}
    onboarding.due_at = now
    add_entry(session, actor, "step.retried", "onboarding", onboarding.id, now=now, step=step.name)
    return onboarding.id


def may_retry(state: str, trouble: str | None) -> bool:
    """Whether "Try again" makes sense: a person's turn, or a wait that a person may cut short. `trouble` is its key."""
    if wants_pin(state, trouble):
        return False
    if state in {rules.RETRYING, rules.WAITING, rules.REFUSED, rules.NEEDS_US}:
        return True
    return state == rules.NEEDS_CLIENT and trouble != SAY_HI


def wants_pin(state: str, trouble: str | None) -> bool:
    """Whether the step stands still until somebody gives the number's own PIN, or switches it off."""
    return state in rules.PARKED and trouble in PIN_TROUBLES


def waive_test(session: Session, which: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Skip the test message for a reason that is kept; the onboarding's key. It will be connected, but never "live"."""
    wanted = check_reason(reason)
    onboarding, step = _step_of(session, which, "test")
    if step.state in rules.SETTLED:
        raise Conflict("The test message is settled already.")
    step.state, step.trouble, step.next_try_at, step.ended_at = rules.SKIPPED, None, None, now
    step.evidence = {**step.evidence, "waived": {"reason": wanted, "by": actor.id, "at": now.isoformat()}}
    onboarding.due_at = now
    add_entry(session, actor, "test.waived", "onboarding", onboarding.id, now=now, reason=wanted)
    return onboarding.id


def check_reason(reason: str) -> str:
    """A reason that is kept, without the space around it; `InvalidInput` for one that says nothing or too much."""
    wanted = reason.strip()
    if not LEAST_REASON <= len(wanted) <= MOST_REASON:
        raise InvalidInput([Fault("reason", f"must have {LEAST_REASON} to {MOST_REASON} characters")])
    return wanted


def _step_of(session: Session, which: str, name: str) -> tuple[Onboarding, Step]:
    onboarding = ledger.get_onboarding(session, which, lock=True)
    if onboarding.ended_at is not None:
        raise Conflict("This run has ended; a newer one counts, or the client has taken the account away.")
    step = ledger.find_step(session, onboarding.id, name)
    if step is None:
        raise NotFound("This onboarding has no such step.")
    return onboarding, step
