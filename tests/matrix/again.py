"""Pressing the button that a trouble offers: "Try again", or a new visit of Meta's window."""

from dataclasses import replace

from app.audit.store import Actor
from app.kit import clock
from app.onboarding import rules
from app.onboarding.ledger import desk
from app.onboarding.ledger.troubles import PIN_TROUBLES
from app.onboarding.life import pins
from app.onboarding.reading.progress import StepView
from tests.matrix.cast import Cast
from tests.matrix.cells import Event
from tests.onboarding.journey import Client

STAFF = Actor("staff", "alex@example.com")
# Carried on by a person, who has the account already: the client makes a new one.
CARRIED_ON = frozenset({"app_only", "preverified", "solution"})


def press(cast: Cast) -> bool:
    """Press the button that the trouble offers; whether there was one."""
    troubles = [
        (seen, step)
        for seen in cast.look()
        for step in seen.steps
        if step.state in rules.PARKED and step.trouble and step.trouble.key != "say_hi"
    ]
    if cast.key is None or any(_needs_new_token(step) for seen, step in troubles if seen.id not in cast.older):
        return connect_again(cast)
    for seen, step in troubles:
        if step.trouble and step.trouble.key == "display_name_not_approved":
            cast.approve_name(seen)
        with cast.journey.db.write() as session:
            if step.trouble and step.trouble.key in PIN_TROUBLES:
                pins.tell_two_step_is_off(session, seen.id, actor=STAFF, now=clock.now())
            else:
                desk.retry_step(session, seen.id, step.name, actor=STAFF, now=clock.now())
    return bool(troubles)


def _needs_new_token(step: StepView) -> bool:
    return step.trouble is not None and step.trouble.retry == "never"


def connect_again(cast: Cast, *, patient: bool = True) -> bool:
    """The client chooses Connect WhatsApp again: the same account and number, where Meta has them already.

    Who had come without a window gets a signup link for it, which is what the console offers staff then.
    """
    wish, looked = dict(cast.plan.signup), cast.look()
    # A typed number leads to its own account alone: of several nothing may be aboard yet, if all are to come again.
    is_whole = cast.plan.name == "several" and not any(seen.waba_id for seen in looked)
    if cast.plan.plan not in CARRIED_ON and not is_whole:
        if cast.number is not None:
            wish |= cast.same_number() | ({"plan": "standard"} if cast.plan.name == "several" else {})
        elif cast.finished.get("waba_id"):
            wish |= {"business": {"id": cast.finished["business_id"]}, "account_id": cast.finished["waba_id"]}
    effects = [call["effect"] for call in cast.journey.world.calls() if call["id"] > cast.since]
    # The first one that an exchange brings is the plan's own.
    cast.more_effects["exchanged"] = effects.count("exchanged") + ("exchanged" not in cast.plan.effects)
    if cast.client is None:
        cast.client = Client(cast.new_link(), cast.journey.world.signup(**wish))
        cast.plan = replace(cast.plan, way="popup")
    else:
        cast.client = Client(cast.client.visit, cast.journey.world.signup(**wish))
    cast.finished, cast.event = cast.client.finished, Event.straight()
    # The new token opens the account for its other numbers too, and their page has "Try again".
    cast.older += [seen.id for seen in looked if seen.waba_id]
    cast.key = None
    cast.came_again = True
    cast.tell_of_solution()
    cast.give_code(patient=patient)
    return True
