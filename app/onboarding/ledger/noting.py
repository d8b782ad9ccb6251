"""Noting what a step came back with: done, waits on, parked for a person, or tried again later.

Works inside the walker's transaction, on a page of the ledger that is locked.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.onboarding import rules
from app.onboarding.ledger.ledger import FOR_EVENT, FOR_SHARE, Page, keep_proofs
from app.onboarding.ledger.outcomes import Done, Outcome, Parked, TryAgain, Waiting, Yielded
from app.onboarding.ledger.troubles import SAY_HI, given_up, trouble
from app.onboarding.ledger.waits import WAITS
from app.onboarding.models import Step


def note_outcome(session: Session, page: Page, name: str, outcome: Outcome, *, now: datetime) -> None:
    """Write down what a step came back with, unless a message or a person has decided about it meanwhile."""
    onboarding, step = page.onboarding, page.steps[name]
    if step.state != rules.RUNNING:
        return
    # Whoever asked for this attempt asked for this one alone.
    step.evidence = {**{name: seen for name, seen in step.evidence.items() if name != "asked_by"}, **outcome.evidence}
    step.next_try_at = None
    if not isinstance(outcome, Waiting):
        step.waits_for = step.waiting_since = step.waits_until = None
    match outcome:
        case Done():
            step.state, step.trouble, step.failures, step.ended_at = rules.DONE, None, 0, now
            keep_proofs(session, onboarding.id, page.proofs, outcome.proofs, now=now)
        case Waiting(why=why) if why in {FOR_EVENT, FOR_SHARE} and onboarding.event_kind is not None:
            # The window (or Meta) spoke while the step was about to wait for it.
            step.state = rules.NOT_STARTED
        case Waiting():
            _note_wait(step, outcome, now=now)
            keep_proofs(session, onboarding.id, page.proofs, outcome.proofs, now=now)
        case Yielded():
            step.state, step.trouble, step.failures = rules.NOT_STARTED, None, 0
        case Parked() if outcome.trouble["key"] == SAY_HI and "heard" in step.evidence:
            # The client wrote while the step was about to ask for it: there is nothing left to ask.
            step.state = rules.NOT_STARTED
        case Parked():
            step.state, step.trouble = outcome.state, dict(outcome.trouble)
        case TryAgain():
            _note_failure(step, outcome, now=now)


def _note_wait(step: Step, outcome: Waiting, *, now: datetime) -> None:
    """Wait on, or, when the patience of this wait has ended, park the step for whoever must act then."""
    wait = WAITS[outcome.why]
    if step.waits_for != outcome.why or step.waiting_since is None:
        step.waits_for, step.waiting_since, step.polls = outcome.why, now, 0
    step.waits_until = step.waiting_since + wait.patience
    again = rules.next_poll(wait, since=step.waiting_since, polls=step.polls, now=now)
    if again is None:
        step.state = rules.NEEDS_CLIENT if wait.who == "client" else rules.NEEDS_US
        step.trouble = trouble(wait.then)
        step.waits_for = step.waiting_since = step.waits_until = None
        return
    step.polls += 1
    step.state, step.trouble = rules.WAITING, None
    step.next_try_at = again if outcome.again_in is None else now + timedelta(seconds=outcome.again_in)
    if outcome.ends_failures:
        step.failures = 0
    if outcome.doubt_until is not None:
        step.next_try_at = min(step.next_try_at, max(outcome.doubt_until, now))


def _note_failure(step: Step, outcome: TryAgain, *, now: datetime) -> None:
    step.failures += 1
    step.trouble = dict(outcome.trouble)
    wait = rules.back_off(
        step.failures,
        jitter=secrets.randbelow(1000) / 1000,
        not_before=outcome.not_before,
    )
    if wait is None:
        step.state, step.trouble = rules.NEEDS_US, given_up(outcome.trouble)
    else:
        step.state, step.next_try_at = rules.RETRYING, now + wait
