"""All doors that ask for a key; the document describes exactly these."""

from app.api import accounts, acts, by_hand, checks, errors, funnel, incidents, links, onboardings, tokens, unclaimed
from app.api.guard import WRONG_KEYS, was_refused
from app.web.limits import limiter

DOORS = (
    links.bp,
    onboardings.bp,
    acts.bp,
    tokens.bp,
    by_hand.bp,
    accounts.bp,
    checks.bp,
    unclaimed.bp,
    funnel.bp,
    incidents.bp,
    errors.bp,
)

for door in DOORS:
    limiter.limit(WRONG_KEYS, deduct_when=was_refused)(door)
