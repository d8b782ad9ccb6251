"""How a phone number typed into the popup behaves. Nobody has a real SIM here, so the last two digits decide.

The table is data: the dialog lists it as a hint, tests use it, ``GET /_sandbox/world`` shows it. Numbers whose ending
is not in the table are new and ordinary. A number that already exists in this world behaves as what it has become.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class NumberKind(StrEnum):
    """What the popup finds out about a number."""

    NEW = "new"
    PHONE_APP = "phone_app"
    PHONE_APP_NO_HISTORY = "phone_app_no_history"
    PHONE_APP_SILENT = "phone_app_silent"
    PHONE_APP_TOO_OLD = "phone_app_too_old"
    CONSUMER_APP = "consumer_app"
    ELSEWHERE = "elsewhere"
    FROM_PROVIDER = "from_provider"
    BANNED = "banned"
    TWO_STEP = "two_step"
    META = "meta"
    PREREGISTERED = "preregistered"
    PREVERIFIED = "preverified"
    NO_CODE = "no_code"
    NAME_IN_REVIEW = "name_in_review"
    INVALID = "invalid"


PHONE_APPS = frozenset({NumberKind.PHONE_APP, NumberKind.PHONE_APP_NO_HISTORY, NumberKind.PHONE_APP_SILENT})
"""Kinds of numbers that stay on their phone app."""


@dataclass(frozen=True, slots=True)
class Example:
    """One row of the table. ``refusal`` is the popup's error text, None when the popup goes on."""

    ending: str
    kind: NumberKind
    number: str
    meaning: str
    refusal: str | None = None
    error_id: str | None = None


TWO_STEP_IS_ON = (
    "Two-step verification is still on for this number. Turn it off with your current provider, then try again."
)

EXAMPLES: tuple[Example, ...] = (
    Example("10", NumberKind.NEW, "+1 555 010 0110", "A new number: one-time code, then an ordinary connection."),
    Example("70", NumberKind.PHONE_APP, "+1 555 010 0170", "Lives on the WhatsApp Business app: the app stays."),
    Example(
        "71",
        NumberKind.PHONE_APP_NO_HISTORY,
        "+1 555 010 0171",
        "On the Business app; its owner keeps the history back.",
    ),
    Example(
        "72",
        NumberKind.PHONE_APP_TOO_OLD,
        "+1 555 010 0172",
        "On a Business app that is too old to be connected.",
        "Update the WhatsApp Business app to version 2.24.17 or later, then try again.",
        "2593085",
    ),
    Example(
        "73",
        NumberKind.PHONE_APP_SILENT,
        "+1 555 010 0173",
        "On the Business app; contacts and history are asked for, and nothing ever comes.",
    ),
    Example(
        "80",
        NumberKind.CONSUMER_APP,
        "+1 555 010 0180",
        "On the consumer WhatsApp app: refused until it is deleted there.",
        "This number is registered with WhatsApp Messenger. Delete that account first, then try again.",
        "2388010",
    ),
    Example(
        "81",
        NumberKind.ELSEWHERE,
        "+1 555 010 0181",
        "Already connected through another provider with two-step verification on: refused.",
        TWO_STEP_IS_ON,
        "2388001",
    ),
    Example(
        "82",
        NumberKind.TWO_STEP,
        "+1 555 010 0182",
        "New here, but an old PIN (246810) from an earlier life is still set: registering with another is refused.",
    ),
    Example(
        "83",
        NumberKind.BANNED,
        "+1 555 010 0183",
        "Banned by WhatsApp: refused.",
        "This phone number can't be used with WhatsApp.",
        "2388054",
    ),
    Example(
        "84",
        NumberKind.FROM_PROVIDER,
        "+1 555 010 0184",
        "Works for another provider with two-step verification off: registering it moves it here.",
    ),
    Example("85", NumberKind.PREREGISTERED, "+1 555 010 0185", "Already connected to the Cloud API: no code is asked."),
    Example("86", NumberKind.NO_CODE, "+1 555 010 0186", "The one-time code never arrives: finish without it."),
    Example("87", NumberKind.NAME_IN_REVIEW, "+1 555 010 0187", "Its display name stays in review after the signup."),
    Example("88", NumberKind.PREVERIFIED, "+1 555 010 0188", "From the partner's pool of verified numbers: no code."),
)

META_NUMBER_PREFIX = "1555078"
"""Numbers that Meta gives away start so; typing one behaves as picking "Get a number from Meta"."""

EARLIER_PIN = "246810"
"""The PIN that TWO_STEP and PREREGISTERED numbers carry from before."""

_BY_ENDING = {example.ending: example for example in EXAMPLES}
_INVALID = Example(
    "", NumberKind.INVALID, "", "Not a phone number.", "Enter a valid phone number with its country code.", "2388011"
)
_META = Example(
    "", NumberKind.META, "+1 555 078 0001", "A number from Meta: verified at once, its name needs approval."
)
_NEW = _BY_ENDING["10"]


def read_digits(number: str) -> str:
    """E.164 digits of what a person typed, without plus, spaces or dashes."""
    return re.sub(r"\D", "", number)


def find_example(number: str) -> Example:
    """The row that decides for ``number``."""
    digits = read_digits(number)
    if not 8 <= len(digits) <= 15:
        return _INVALID
    if digits.startswith(META_NUMBER_PREFIX):
        return _META
    return _BY_ENDING.get(digits[-2:], _NEW)


def to_display(digits: str) -> str:
    """The formatted way REST shows a number: ``+1 555-010-0110``, ``+55 11 3000-0000``, ``+49 30 1234567``."""
    if digits.startswith("1") and len(digits) == 11:
        return f"+1 {digits[1:4]}-{digits[4:7]}-{digits[7:]}"
    if digits.startswith("55") and len(digits) in (12, 13):
        return f"+55 {digits[2:4]} {digits[4:-4]}-{digits[-4:]}"
    return f"+{digits[:2]} {digits[2:4]} {digits[4:]}"
