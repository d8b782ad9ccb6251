"""A plan that turns out to need a step more: Meta wants a number verified that we took for verified."""

from sqlalchemy.orm import Session

from app.onboarding import rules
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding

UNVERIFIED = "unverified"


def put_verify_first(session: Session, onboarding_id: str) -> None:
    """Give an onboarding the step `verify` before `register`, open until a code has been entered on our page."""
    run = session.get_one(Onboarding, onboarding_id)
    if "verify" not in ledger.plan_of(run).steps:
        run.plan = UNVERIFIED
        ledger.lay_steps(session, run)
        session.flush()
    step = ledger.get_step(session, onboarding_id, "verify")
    step.state, step.trouble, step.ended_at, step.next_try_at = rules.NOT_STARTED, None, None, None
    step.evidence = {"wanted_by": "register"}
