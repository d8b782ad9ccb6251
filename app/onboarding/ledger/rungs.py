"""A plan that turns out to be another one: what Meta says when a number is registered tells more than its signup."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding import rules
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding
from app.onboarding.plans import PLANS, STANDARD

UNVERIFIED, FROM_PROVIDER = "unverified", "from_provider"


def put_verify_first(session: Session, onboarding_id: str) -> None:
    """Give an onboarding the step `verify` before `register`, open until a code has been entered on our page.

    Meta wants a number verified that we took for verified (133006).
    """
    run = session.get_one(Onboarding, onboarding_id)
    if "verify" not in ledger.plan_of(run).steps:
        run.plan = UNVERIFIED
        ledger.lay_steps(session, run)
        session.flush()
    step = ledger.get_step(session, onboarding_id, "verify")
    step.state, step.trouble, step.ended_at, step.next_try_at = rules.NOT_STARTED, None, None, None
    step.evidence = {"wanted_by": "register"}


def put_move_order(session: Session, onboarding_id: str, *, asked_at: datetime) -> bool:
    """Have `register` wait for what a number from another provider needs first; False where all of it was there.

    The client did not say that the number comes from somebody else, and Meta does (2388103). `asked_at` is when the
    refused attempt began: what was done before that was not what was missing.
    """
    run = session.get_one(Onboarding, onboarding_id)
    if run.plan != STANDARD:
        return False
    steps = {step.name: step for step in ledger.list_steps(session, onboarding_id)}
    wanted = [steps[name] for name in PLANS[FROM_PROVIDER].before("register") if name in steps]
    if all(step.state in rules.SETTLED and step.ended_at and step.ended_at < asked_at for step in wanted):
        return False
    run.plan = FROM_PROVIDER
    ledger.lay_steps(session, run)
    return True
