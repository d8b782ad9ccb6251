"""The one word for how an onboarding stands, as the tables write it."""

from app.onboarding import rules
from app.onboarding.reading.progress import Progress


def word_of(seen: Progress) -> str:
    """live, connected, parked:<why>, waiting:<for what>, retrying, open, replaced, removed."""
    if seen.state in {"needs_attention", "stopped"}:
        assert seen.current is not None
        assert seen.current.trouble is not None, seen
        return f"parked:{seen.current.trouble.key}"
    test = seen.step("test")
    if seen.state == "connected" and test is not None and test.state == rules.WAITING:
        return f"connected, waiting:{test.condition}"
    if seen.state == "waiting":
        return f"waiting:{next(step.condition for step in seen.steps if step.condition)}"
    if seen.state == "open" and any(step.state == rules.RETRYING for step in seen.steps):
        return "retrying"
    return seen.state
