"""`flask onboardings …`: what may be done about an onboarding: try again, skip the test, codes and PINs.

Codes and PINs are never typed on the command line, where other people of the machine could read them.
"""

from typing import cast

import click

from app.audit.store import SYSTEM
from app.cli.onboardings import onboardings
from app.cli.told import ask_digits, note
from app.console.words import STEP_TITLES
from app.kit import clock
from app.kit.errors import Conflict
from app.onboarding.ledger.desk import retry_step, waive_test
from app.onboarding.life import pins, verification
from app.onboarding.reading.progress import read_progress
from app.web.here import rt

__all__ = ["onboardings"]


@onboardings.command("retry")
@click.argument("reference")
@click.argument("step", required=False, type=click.Choice(list(STEP_TITLES)))
def retry(reference: str, step: str | None) -> None:
    """Let a step that stands still run again now; without STEP the one that matters."""
    now = clock.now()
    with rt().db.write() as session:
        progress = read_progress(session, reference)
        name = step or (progress.current.name if progress.current else None)
        if name is None:
            raise Conflict("Every step is done; there is nothing to try again.")
        retry_step(session, progress.id, name, actor=SYSTEM, now=now)
    rt().wakes.ring("onboardings")
    note(f"{STEP_TITLES[name]}: tried again as soon as a worker is free.")


@onboardings.command("waive")
@click.argument("reference")
@click.option("--reason", required=True, help="Why no test message is needed; it is kept.")
def waive(reference: str, reason: str) -> None:
    """Skip the test message. The client can be connected this way, but not "live"."""
    with rt().db.write() as session:
        waive_test(session, reference, reason=reason, actor=SYSTEM, now=clock.now())
    rt().wakes.ring("onboardings")
    note("The test message is skipped.")


@onboardings.command("request-code")
@click.argument("reference")
@click.option("--method", type=click.Choice(["SMS", "VOICE"]), default="SMS", show_default=True, help="How it comes.")
def request_code(reference: str, method: str) -> None:
    """Let Meta send six digits to a number that was never confirmed. One a minute, five in twelve hours."""
    how = cast(verification.Method, method)
    verification.request_code(rt(), _key_of(reference), method=how, actor=SYSTEM)
    note("Meta sends a code to the number. Enter it with: flask onboardings enter-code " + reference)


@onboardings.command("enter-code")
@click.argument("reference")
def enter_code(reference: str) -> None:
    """Hand Meta the six digits that came. They are asked for, or read from a pipe."""
    verification.enter_code(rt(), _key_of(reference), code=ask_digits("Code"), actor=SYSTEM)
    note("The number is confirmed.")


@onboardings.command("pin")
@click.argument("reference")
def give_pin(reference: str) -> None:
    """Keep the number's own PIN and register once with it. It is asked for, or read from a pipe."""
    pin = ask_digits("PIN")
    with rt().db.write() as session:
        pins.give_pin(session, rt().vault, reference, pin=pin, actor=SYSTEM, now=clock.now())
    rt().wakes.ring("onboardings")
    note("Registered once more with this PIN as soon as a worker is free.")


@onboardings.command("two-step-off")
@click.argument("reference")
def two_step_off(reference: str) -> None:
    """Say that two-step verification was switched off in WhatsApp Manager: the number is registered once more."""
    with rt().db.write() as session:
        pins.tell_two_step_is_off(session, reference, actor=SYSTEM, now=clock.now())
    rt().wakes.ring("onboardings")
    note("Registered once more as soon as a worker is free.")


def _key_of(reference: str) -> str:
    with rt().db.read() as session:
        return read_progress(session, reference).id
