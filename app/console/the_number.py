"""What staff see of an onboarding's number beyond its steps: what Meta counts of it, its PIN, what may be pressed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.onboarding.ledger.counted import Counted, read_codes, read_registers
from app.onboarding.ledger.desk import wants_pin
from app.onboarding.ledger.troubles import PIN_TROUBLES
from app.onboarding.reading.progress import Progress, StepView

PARKED = frozenset({"needs_client", "needs_us", "refused"})


@dataclass(frozen=True)
class TheNumber:
    """An empty `why_no_…` means that the button works. `faults` are of the form just sent, by field."""

    codes: Counted | None
    registers: Counted | None
    sent_at: datetime | None
    sent_by: str
    pin: str
    why_no_code: str
    why_no_pin: str
    why_no_reveal: str
    faults: Mapping[str, str] = field(default_factory=dict)


def read_number(
    session: Session, progress: Progress, *, now: datetime, faults: Mapping[str, str] | None = None
) -> TheNumber:
    """Everything the page's card of the number shows."""
    number, verify, register = progress.phone_number_id, progress.step("verify"), progress.step("register")
    sent = verify.evidence.get("code_sent") if verify is not None else None
    holds = register is not None and register.state == "done" and bool(register.evidence.get("pin"))
    return TheNumber(
        codes=read_codes(session, number, now=now) if number and verify is not None else None,
        registers=read_registers(session, number, now=now) if number and register is not None else None,
        sent_at=datetime.fromisoformat(sent["at"]) if sent else None,
        sent_by=sent["method"] if sent else "",
        pin=_pin_words(register, holds=holds),
        why_no_code=_why_no_code(progress, verify),
        why_no_pin=_why_no_pin(progress, register),
        why_no_reveal="" if holds else "Show the PIN is off: we hold none that Meta has accepted.",
        faults=dict.fromkeys(("code", "pin"), "") | dict(faults or {}),
    )


def _pin_words(register: StepView | None, *, holds: bool) -> str:
    if register is None:
        return "not ours: this plan registers nothing"
    if holds:
        return "sealed with us"
    return "refused by Meta" if register.trouble and register.trouble.key in PIN_TROUBLES else "not set by us"


def _why_no_code(progress: Progress, verify: StepView | None) -> str:
    if progress.ended_at is not None:
        return "Ask for a code is off: this run has ended."
    if verify is None or verify.state == "done":
        return "Ask for a code is off: the number is confirmed."
    return "" if verify.state == "needs_client" else "Ask for a code is off: the number does not wait for one just now."


def _why_no_pin(progress: Progress, register: StepView | None) -> str:
    if progress.ended_at is not None:
        return "Enter PIN is off: this run has ended."
    if register is None:
        return "Enter PIN is off: this plan registers nothing."
    if register.state == "done":
        return "Enter PIN is off: this number is registered already."
    asked = wants_pin(register.state, register.trouble_key)
    return "" if asked else "Enter PIN is off: Meta has not refused a PIN of this number."
