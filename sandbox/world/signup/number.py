"""The popup's number screens. The number decides how the popup goes on; the person does not choose the kind."""

import hmac

from sandbox.world.accounts import find_free_digits, find_number_by_digits
from sandbox.world.example_numbers import (
    META_NUMBER_PREFIX,
    PHONE_APPS,
    TWO_STEP_IS_ON,
    NumberKind,
    find_example,
    read_digits,
)
from sandbox.world.ids import new_digits
from sandbox.world.signup.start import expect, list_numbers, move, refuse, refuse_over_limit
from sandbox.world.signup.state import Screen, Signup, Way
from sandbox.world.state import Number
from sandbox.world.world import World

_VERIFIED_AT_ONCE = frozenset({NumberKind.META, NumberKind.PREREGISTERED, NumberKind.PREVERIFIED})
META_NUMBERS = 2
"""As many 555 numbers as Meta gives to one customer."""
_CODES = 5
_TRIES = 5


def enter_number(world: World, signup: Signup, number: str) -> Signup:
    """NUMBER → CODE (new number) or PORTFOLIO (on the phone app, from Meta, or already connected).

    Raises ``PopupError`` for numbers that ``example_numbers.EXAMPLES`` refuses and for those that already exist here.
    """
    expect(signup, Screen.NUMBER)
    example = find_example(number)
    if example.refusal is not None:
        raise refuse(signup, example.refusal, example.error_id or "1357004")
    if example.kind in PHONE_APPS and signup.way is Way.REDIRECT:
        text = "This number is in use with the WhatsApp Business app, which cannot be connected in this way."
        raise refuse(signup, text)
    existing = find_number_by_digits(world, number)
    if existing is not None and any(choice.id == existing.id for choice in list_numbers(world, signup)):
        return pick_number(world, signup, existing.id)
    signup.moves_from = _find_mover(signup, existing)
    if example.kind == NumberKind.FROM_PROVIDER and existing is None:
        signup.moves_from = "another provider"
    signup.number = read_digits(number)
    signup.example = example
    signup.verified = signup.is_phone_app or example.kind in _VERIFIED_AT_ONCE
    if signup.verified:
        return move(signup, Screen.PORTFOLIO)
    move(signup, Screen.CODE)
    send_code(world, signup)
    return signup


def _find_mover(signup: Signup, existing: Number | None) -> str | None:
    """The record that somebody else's number moves away from, None for a number that is nobody's.

    A connected number moves while its two-step verification is off; any other is refused.
    """
    if existing is None:
        return None
    if existing.status != "CONNECTED" or existing.is_on_biz_app:
        text = "This number is already connected to another WhatsApp account. Disconnect it there, then try again."
        raise refuse(signup, text, "2388012")
    if existing.pin_hash is not None:
        raise refuse(signup, TWO_STEP_IS_ON, "2388001")
    return existing.id


def pick_number(world: World, signup: Signup, number_id: str) -> Signup:
    """NUMBER → REVIEW with a number of a portfolio the person administers; portfolio and account come with it."""
    expect(signup, Screen.NUMBER)
    number = next((choice for choice in list_numbers(world, signup) if choice.id == number_id), None)
    if number is None:
        raise refuse(signup, "You have no permission for this phone number.", "3441038")
    account = world.records.accounts[number.account_ids[-1]]
    refuse_over_limit(world, signup, account.owner_business_id)
    signup.number_id, signup.number = number.id, number.digits
    signup.account_id, signup.business_id = account.id, account.owner_business_id
    signup.verified = number.code_status == "VERIFIED"
    return move(signup, Screen.REVIEW)


def take_meta_number(world: World, signup: Signup) -> Signup:
    """NUMBER → PORTFOLIO with a fresh 555 number from Meta: verified at once, its name needs approval."""
    own = [number for number in list_numbers(world, signup) if number.is_meta_number]
    if len(own) >= META_NUMBERS:
        raise refuse(signup, "You already have as many numbers from Meta as a business may have.")
    taken = {number.digits for number in list(world.records.numbers.values())}
    free = (f"{META_NUMBER_PREFIX}{serial:04}" for serial in range(1, 10_000))
    return enter_number(world, signup, next(digits for digits in free if digits not in taken))


def take_preverified_number(world: World, signup: Signup) -> Signup:
    """NUMBER → PORTFOLIO with the number the partner verified beforehand (``extras.setup.preVerifiedPhone``)."""
    if signup.preverified_id is None:
        raise refuse(signup, "There is no number prepared for you.")
    return enter_number(world, signup, find_free_digits(world, "88"))


def skip_number(world: World, signup: Signup) -> Signup:
    """NUMBER → PORTFOLIO without a number; ends in FINISH_ONLY_WABA."""
    del world
    expect(signup, Screen.NUMBER)
    signup.number, signup.example = "", None
    return move(signup, Screen.PORTFOLIO)


def send_code(world: World, signup: Signup) -> str | None:
    """Sends (or sends again) the six digits, into ``signup.hint_code``. None where the code never arrives."""
    del world
    expect(signup, Screen.CODE)
    if signup.code_sent_count >= _CODES:
        raise refuse(signup, "You asked for too many codes. Try again later.", "2388093")
    signup.code_sent_count += 1
    signup.code_tries = 0
    arrives = signup.example is None or signup.example.kind != NumberKind.NO_CODE
    signup.hint_code = new_digits(6) if arrives else None
    return signup.hint_code


def check_code(world: World, signup: Signup, code: str) -> Signup:
    """CODE → PORTFOLIO if the six digits are right; ``PopupError`` if not."""
    del world
    expect(signup, Screen.CODE)
    if signup.code_tries >= _TRIES:
        raise refuse(signup, "Too many wrong codes. Ask for a new one.", "136025")
    if signup.hint_code is None or not hmac.compare_digest(signup.hint_code.encode(), code.strip().encode()):
        signup.code_tries += 1
        raise refuse(signup, "That code is not right. Check it and try again.", "136025")
    signup.verified = True
    signup.hint_code = None
    return move(signup, Screen.PORTFOLIO)


def skip_code(world: World, signup: Signup) -> Signup:
    """CODE → PORTFOLIO with an unverified number, which v4 allows."""
    del world
    expect(signup, Screen.CODE)
    signup.hint_code = None
    return move(signup, Screen.PORTFOLIO)
