"""The desk of an onboarding: one card for each thing that stands in the way, with what staff can press and why not."""

from dataclasses import dataclass
from typing import Final

from app.console.words import STEP_TITLES
from app.onboarding.ledger.desk import may_retry, wants_pin
from app.onboarding.plans import FIRST_STEPS
from app.onboarding.reading.progress import Progress, StepView, Trouble

REFUSALS: Final = {
    "exchange": "Meta will not confirm the signup",
    "fetch": "Meta will not hand over the token",
    "inspect": "Meta will not confirm the token",
    "subscribe": "Meta will not subscribe us to the account",
    "credit": "Meta will not share our credit line",
    "verify": "Meta will not verify the number",
    "register": "Meta will not register the phone",
    "confirm": "Meta will not show the number",
    "name": "Meta will not approve the display name",
    "sync": "Meta will not hand over contacts and chats",
    "test": "The test message does not get through",
}
PARKED: Final = frozenset({"refused", "needs_us", "needs_client"})


@dataclass(frozen=True)
class Card:
    """One card. An empty `why_no_…` means that the button works."""

    step: StepView
    tone: str
    title: str
    actor: str
    trouble: Trouble
    why_no_retry: str
    why_no_skip: str


def cards_of(progress: Progress) -> tuple[Card, ...]:
    """What stands in the way, the most urgent first: where a person must act, then where we try by ourselves."""
    cards = [_card(step, step.trouble, progress.state) for step in progress.steps if step.trouble is not None]
    return tuple(sorted(cards, key=lambda card: (card.step.state not in PARKED, card.step.position)))


def _card(step: StepView, trouble: Trouble, state: str) -> Card:
    parked = step.state in PARKED
    tone = "busy" if not parked else "stop" if state == "stopped" and step.name in FIRST_STEPS else "act"
    return Card(
        step=step,
        tone="wait" if _is_invitation(step) else tone,
        title=_title(step, trouble),
        actor=trouble.who if parked else "nobody",
        trouble=trouble,
        why_no_retry=_why_no_retry(step, trouble),
        why_no_skip="" if step.name == "test" and parked else _why_no_skip(step),
    )


def _title(step: StepView, trouble: Trouble) -> str:
    if _is_invitation(step):
        return "We wait for the client to say hi"
    title = STEP_TITLES[step.name]
    match step.state:
        case "refused":
            return REFUSALS[step.name]
        case "needs_us" if trouble.who != "client":
            return f"“{title}” cannot go on without us"
        case "needs_us" | "needs_client":
            return f"“{title}” cannot go on without the client"
    return f"“{title}” failed; we try again by ourselves"


def _is_invitation(step: StepView) -> bool:
    """Asking the client to write the test message is no trouble, though it stands in the same place."""
    return step.name == "test" and step.state == "needs_client" and not _may_retry(step)


def _may_retry(step: StepView) -> bool:
    return may_retry(step.state, step.trouble_key)


def _why_no_retry(step: StepView, trouble: Trouble) -> str:
    if _is_invitation(step):
        return "Try again is off: a message from another phone is missing, and only a person can send it."
    if wants_pin(step.state, trouble.key):
        return "Try again is off: it would spend a try on the PIN that was refused. Use one of the two ways above."
    if trouble.retry == "never" and step.state in PARKED:
        return "Try again is off: the same signup would get the same answer."
    if not _may_retry(step):
        return "Try again is off: this step is running just now."
    return ""


def _why_no_skip(step: StepView) -> str:
    if step.name == "test":
        return "Skip with reason is off: this step is not parked."
    return "Skip with reason is off: only the test message can be left out."
