"""A phone number's life: one-time code, registration, PIN, deregistration."""

import hashlib
import hmac
import re

from sandbox.world.ids import new_digits
from sandbox.world.moves import check_move, complete_move
from sandbox.world.notices import tell_account_everywhere
from sandbox.world.refusals import Refusal
from sandbox.world.state import Number, OneTimeCode
from sandbox.world.world import World

CODE_LIFE_S = 600
CODE_REQUESTS = 5
CODE_WINDOW_S = 12 * 3600
CODE_TRIES = 5
REGISTER_ATTEMPTS = 10
REGISTER_WINDOW_S = 72 * 3600
DEREGISTER_REST_S = 300
PIN_TRIES = 5
PIN_WINDOW_S = 3600
REGISTER_UNTIL_S = 14 * 24 * 3600
REGIONS = frozenset(["AU", "ID", "IN", "JP", "SG", "KR", "DE", "CH", "GB", "BR", "BH", "ZA", "AE", "CA"])

_SIX_DIGITS = re.compile(r"[0-9]{6}")


def hash_pin(number_id: str, pin: str) -> str:
    """How a PIN is kept. The number's id salts it; the world forgets everything at its end anyway."""
    return hashlib.sha256(f"{number_id}:{pin}".encode()).hexdigest()


def request_code(world: World, number: Number, method: str) -> str:
    """Sends a one-time code to the number and returns it. Refuses (136024) a verified number and too many requests."""
    if method not in ("SMS", "VOICE"):
        raise Refusal(100, "Invalid parameter", "code_method must be one of {SMS, VOICE}.")
    with world.lock:
        now = world.now()
        _refuse_biz_app(number)
        if read_code_status(number, now) == "VERIFIED":
            raise Refusal(136024, "Request code error", "The phone number is already verified.")
        recent = [at for at in number.code_requests if at > now - CODE_WINDOW_S]
        if len(recent) >= CODE_REQUESTS:
            raise Refusal(136024, "Request code error", "Too many attempts, try again later.")
        number.code_requests = [*recent, now]
        number.code = OneTimeCode(new_digits(6), now + CODE_LIFE_S)
        return number.code.value


def verify_code(world: World, number: Number, value: str) -> None:
    """Marks the number verified if ``value`` is its live code. Refuses (136025) a wrong or expired one."""
    with world.lock:
        code = number.code
        if code is None or world.now() >= code.expires_at or code.tries >= CODE_TRIES:
            raise Refusal(136025, "Verify code error", "The code has expired. Request a new one.")
        if not hmac.compare_digest(code.value.encode(), value.encode()):
            code.tries += 1
            raise Refusal(136025, "Verify code error", "The code is wrong.")
        mark_verified(world, number)


def mark_verified(world: World, number: Number) -> None:
    """The number's owner has proven that it is theirs."""
    with world.lock:
        number.code = None
        number.code_status = "VERIFIED"
        number.verified_at = world.now()


def read_code_status(number: Number, now: float) -> str:
    """VERIFIED wears off where the number is not registered within 14 days of its signup or of its code."""
    since = max(number.onboarded_at, number.verified_at or 0.0)
    waits = number.registered_at is None and number.status != "CONNECTED"
    wore_off = number.code_status == "VERIFIED" and waits and now - since > REGISTER_UNTIL_S
    return "EXPIRED" if wore_off else number.code_status


def register(world: World, number: Number, pin: str | None, region: str | None = None) -> bool:
    """Connects the number to the Cloud API. True if this call connected it, False if it already was.

    The order of checks is Meta's as far as it is known, and every attempt counts against the ten in 72 hours: 133016,
    133015, 133006, the PIN's form (100), the PIN itself (133005, 133008). Registering a connected number again
    succeeds and leaves its PIN alone. One that comes from another provider moves here, if ``moves`` has no objection.
    """
    with world.lock:
        now = world.now()
        _refuse_biz_app(number)
        _count_attempt(number, now)
        if number.deregistered_at is not None and now - number.deregistered_at < DEREGISTER_REST_S:
            raise Refusal(133015, "Please wait a few minutes before attempting to register this phone number")
        if read_code_status(number, now) != "VERIFIED":
            raise Refusal(133006, "Phone number re-verification needed")
        check_pin_form(pin)
        if region is not None and region not in REGIONS:
            raise Refusal(131009, "Parameter value is not valid", "data_localization_region is not supported.")
        if number.status == "CONNECTED":
            return False
        if number.moves_from is not None:
            check_move(world, number)
        _compare_pin(number, pin or "", now)
        if number.moves_from is not None:
            complete_move(world, number)
        number.status = "CONNECTED"
        number.platform_type = "CLOUD_API"
        number.registered_at = now
        number.deregistered_at = None
        number.region = region
        return True


def deregister(world: World, number: Number) -> bool:
    """Takes the number off the Cloud API. True if it was on. Counts as an attempt; phone-app numbers are refused."""
    with world.lock:
        now = world.now()
        _refuse_biz_app(number)
        _count_attempt(number, now)
        if number.status != "CONNECTED":
            return False
        number.status = "DISCONNECTED"
        number.platform_type = "NOT_APPLICABLE"
        number.deregistered_at = now
        return True


def set_pin(world: World, number: Number, pin: str | None) -> bool:
    """Sets or changes the two-step PIN and tells the subscribed apps. True if it is another than before."""
    check_pin_form(pin)
    with world.lock:
        _refuse_biz_app(number)
        new_hash = hash_pin(number.id, pin or "")
        if number.pin_hash == new_hash:
            return False
        number.pin_hash = new_hash
        value = {"display_phone_number": number.digits, "event": "PIN_CHANGED", "requester": number.account_ids[-1]}
        tell_account_everywhere(world, world.records.accounts[number.account_ids[-1]], "security", value)
        return True


def check_pin_form(pin: str | None) -> None:
    """Refuses (100) what is not six digits."""
    if pin is None:
        raise Refusal(100, "Invalid parameter", "The parameter pin is required.")
    if not _SIX_DIGITS.fullmatch(pin):
        raise Refusal(100, "Invalid parameter", "Param pin must be 6 digits.")


def _count_attempt(number: Number, now: float) -> None:
    recent = [at for at in number.register_log if at > now - REGISTER_WINDOW_S]
    number.register_log = [*recent, now]
    if len(recent) >= REGISTER_ATTEMPTS:
        raise Refusal(133016, "Account register deregister rate limit exceeded")


def _compare_pin(number: Number, pin: str, now: float) -> None:
    if number.pin_hash is None:
        number.pin_hash = hash_pin(number.id, pin)
        return
    recent = [at for at in number.pin_tries if at > now - PIN_WINDOW_S]
    if len(recent) >= PIN_TRIES:
        raise Refusal(133008, "Too many two-step verification PIN guesses", "Try again in 3600 seconds.")
    if not hmac.compare_digest(number.pin_hash, hash_pin(number.id, pin)):
        number.pin_tries = [*recent, now]
        raise Refusal(133005, "Two-step verification PIN mismatch")
    number.pin_tries = []


def _refuse_biz_app(number: Number) -> None:
    if number.is_on_biz_app:
        details = "The phone number is in use with the WhatsApp Business app."
        raise Refusal(100, "Invalid parameter", details)
