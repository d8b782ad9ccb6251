"""Step 1 of a signup with a code, the part after the code was exchanged and the token sealed: prove what it brought."""

from datetime import timedelta

from app.kit import clock
from app.onboarding.arrivals.identify import identify
from app.onboarding.ledger import ledger
from app.onboarding.ledger.outcomes import Outcome, Waiting
from app.onboarding.ledger.walk import Walk

# Meta's window usually speaks within a second of the code; when it stays silent the token's own targets are used.
PATIENCE_FOR_EVENT = timedelta(seconds=3)


def run(walk: Walk) -> Outcome:
    age = clock.now() - walk.facts.begun_at
    if walk.facts.event_kind is None and walk.facts.way == "popup" and age < PATIENCE_FOR_EVENT:
        return Waiting(ledger.FOR_EVENT, (PATIENCE_FOR_EVENT - age).total_seconds())
    return identify(walk, walk.open_credential())
