"""The step of a number that was never confirmed: the client asks for a code and enters it on our page.

The asking and entering is `app/onboarding/life/verification.py`, while the client waits; this step only looks. Meta's
refusal to register (133006) counts for more than what it shows of the number: then a code must be entered, unless Meta
says that there is nothing to confirm.
"""

from app.onboarding.ledger.outcomes import Done, Outcome
from app.onboarding.ledger.troubles import needs_client
from app.onboarding.ledger.walk import Walk
from app.onboarding.rules import NEVER_VERIFIED


def run(walk: Walk) -> Outcome:
    number = walk.meta.numbers.get(walk.phone_number_id, walk.open_token())
    seen = {"code_verification_status": number.code_verification_status}
    settled = walk.facts.evidence.keys() & {"entered_at", "code_refused_at"}
    wanted = "wanted_by" in walk.facts.evidence and not settled
    if wanted or number.code_verification_status in NEVER_VERIFIED:
        return needs_client("number_not_verified", seen)
    return Done(seen)
