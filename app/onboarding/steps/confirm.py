"""The step of a number that is connected already: read that it is, and register nothing."""

from app.onboarding.ledger.outcomes import Done, Outcome, Waiting
from app.onboarding.ledger.walk import Walk


def run(walk: Walk) -> Outcome:
    number = walk.meta.numbers.get(walk.phone_number_id, walk.open_token())
    if number.status != "CONNECTED":
        return Waiting("number_connected")
    proof = {"status": number.status, "platform_type": number.platform_type, "is_on_biz_app": number.is_on_biz_app}
    return Done(proof, {"number_registered": proof})
