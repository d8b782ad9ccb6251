"""What workers do with onboardings."""

from app.onboarding.walker import Walker


def advance_onboardings(walker: Walker, worker: str) -> int:
    """Walk what is due; how many onboardings that were."""
    return walker.take(worker)
