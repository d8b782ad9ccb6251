"""What a token entered by hand is good for, and whether the ids beside it are what they are said to be. Pure.

People paste what they find: a person's token that ends within the hour, the portfolio's id where the account's belongs.
Both look right and break everything later, so each is told by what it is (Meta's page: "Debug token").
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from app.kit.errors import Fault
from app.meta.oauth import Inspection
from app.onboarding.rules import missing_scopes

# A token that ends sooner is one somebody copied from a test page; it would be dead before the client is live.
SHORTEST_LIFE: Final = timedelta(days=1)
# From here on we warn: it works, and somebody must remember.
LONG_ENOUGH: Final = timedelta(days=90)
BUSINESS_SCOPE: Final = "business_management"

KINDS: Final = {
    "USER": "is a person’s token, which ends with that person’s session",
    "PAGE": "is the token of a Facebook page",
    "APP": "is an app’s own token, which reaches no account",
}


def token_faults(found: Inspection, *, app_id: str, now: datetime) -> tuple[Fault, ...]:
    """Why this token cannot be used at all; empty when it can. The token itself is in none of the words."""
    if not found.is_valid:
        numbers = [str(part) for part in (found.error.code, found.error.subcode) if part] if found.error else []
        why = f" (Meta’s answer: {'/'.join(numbers)})" if numbers else ""
        return (Fault("token", f"is not valid: it is expired, revoked, or was not copied whole{why}"),)
    if found.type in KINDS:
        return (Fault("token", f"{KINDS[found.type]}; make one for a system user in Business settings"),)
    faults = []
    if found.app_id != app_id:
        faults.append(Fault("token", "was made for another Meta app than ours"))
    missing = missing_scopes(found.scopes)
    if missing:
        faults.append(Fault("token", f"lacks the permission {' and '.join(missing)}"))
    if found.expires_at is not None and found.expires_at - now < SHORTEST_LIFE:
        faults.append(Fault("token", "ends within a day; make one that does not end, or lasts 60 days"))
    return tuple(faults)


def token_warnings(found: Inspection, *, now: datetime) -> tuple[str, ...]:
    """What is worth knowing of a token that can be used."""
    warnings = []
    if found.expires_at is not None and found.expires_at - now < LONG_ENOUGH:
        days = (found.expires_at - now).days
        warnings.append(
            f"This token ends in {days} days. A new one must be entered before then, or the client goes dark."
        )
    if found.waba_targets() is None:
        warnings.append("This token reaches every account of its portfolio, not this one alone.")
    return tuple(warnings)


def account_fault(found: Inspection, account_id: str, *, is_number: bool, is_portfolio: bool) -> Fault:
    """What is wrong with an account's id that this token does not read as an account: told by what it is instead."""
    if is_portfolio or account_id in (found.targets.get(BUSINESS_SCOPE) or ()):
        return Fault("account_id", "is the id of a business portfolio; the account’s own id stands in WhatsApp Manager")
    if is_number:
        return Fault(
            "account_id", "is the id of a phone number; the account’s own id stands above it in WhatsApp Manager"
        )
    reaches = ", ".join(found.waba_targets() or ()) or "none"
    return Fault("account_id", f"is not among the accounts this token reaches ({reaches})")


def number_faults(
    number_id: str | None, *, waba_id: str, business_id: str | None, numbers: Collection[str]
) -> Sequence[Fault]:
    """Why the number's id is none of this account; empty where none was given."""
    if number_id is None or number_id in numbers:
        return ()
    if number_id == waba_id:
        return (Fault("number_id", "is the id of the account, not of a number in it"),)
    if number_id == business_id:
        return (Fault("number_id", "is the id of the business portfolio, not of a number"),)
    listed = ", ".join(sorted(numbers)) or "none"
    return (Fault("number_id", f"is not a number of this account (it has {listed})"),)
