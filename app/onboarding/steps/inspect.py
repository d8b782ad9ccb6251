"""Step 1 where staff entered account and token by hand: prove them as if they had come from a browser."""

from app.onboarding.arrivals.identify import identify
from app.onboarding.ledger.outcomes import Outcome
from app.onboarding.ledger.walk import Walk


def run(walk: Walk) -> Outcome:
    return identify(walk, walk.open_credential())
