"""The step of a number from Meta: nothing can be sent before its display name is approved (131037).

Meta's notification `phone_number_name_update` brings the next look forward; without it we look ever more slowly.
"""

from app.onboarding.ledger.outcomes import Done, Outcome, Waiting
from app.onboarding.ledger.troubles import needs_client
from app.onboarding.ledger.walk import Walk

APPROVED = frozenset({"APPROVED", "AVAILABLE_WITHOUT_REVIEW"})
REFUSED = frozenset({"DECLINED", "EXPIRED"})


def run(walk: Walk) -> Outcome:
    number = walk.meta.numbers.get(walk.phone_number_id, walk.open_token())
    seen = {"name": number.verified_name, "name_status": number.name_status}
    if number.name_status in APPROVED:
        return Done(seen)
    if number.name_status in REFUSED:
        return needs_client("name_declined", seen, name=number.verified_name or "")
    return Waiting("name_review", evidence=seen)
