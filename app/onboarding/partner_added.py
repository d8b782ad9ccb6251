"""What the webhook intake tells about `PARTNER_ADDED`: Meta says that a business shares an account with us.

It may come before the code, after it, or without any signup of ours. Here it confirms an onboarding; the raw
notification is kept in any case.
"""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.onboarding import ledger
from app.onboarding.models import Onboarding

_OF_ACCOUNT = (
    select(Onboarding).where(Onboarding.waba_id == bindparam("waba_id")).order_by(Onboarding.id).with_for_update()
)


def seen(session: Session, *, waba_id: str, business_id: str | None, at: datetime, now: datetime) -> bool:
    """Note it on the onboardings of that account; True when that made one due (it never does: nothing waits for it)."""
    for onboarding in session.scalars(_OF_ACCOUNT, {"waba_id": waba_id}):
        step = ledger.get_step(session, onboarding.id, ledger.plan_of(onboarding).first)
        step.evidence = {**step.evidence, "partner_added": {"at": at.isoformat(), "business_id": business_id}}
        _ = now
    return False
