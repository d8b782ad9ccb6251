"""Meta's answers about an account as plain values of facts: what each row of `facts.toml` looks at."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from app.meta.accounts import SubscribedApp
from app.meta.looks import AccountSeen, Entity, NumberSeen
from app.meta.templates import Template
from app.upkeep.check.facts import ACCOUNT, NUMBER
from app.upkeep.check.held import Held

# By the subject's kind and key, and the fact's name: Meta's value, and its own words beside it.
Readings = dict[tuple[str, str, str], tuple[Any, tuple[str, ...]]]

# Meta's "error with the payment method": that nobody pays is a fact of its own, and it has another way out.
UNPAID = 141006
_WORST_FIRST = ("BLOCKED", "LIMITED", "AVAILABLE")


def of_account(held: Held, seen: AccountSeen) -> Readings:
    """What the one look at account and numbers tells."""
    account = seen.account
    health, says = _health(seen.health, {"WABA", "BUSINESS", "APP"})
    found: Readings = {
        (ACCOUNT, held.account_id, "credit"): (account.primary_funding_id or "", ()),
        (ACCOUNT, held.account_id, "account_status"): (seen.status, ()),
        (ACCOUNT, held.account_id, "account_review"): (account.review_status, ()),
        (ACCOUNT, held.account_id, "account_health"): (health, says),
        (ACCOUNT, held.account_id, "business_verification"): (_small(account.business_verification_status), ()),
        (ACCOUNT, held.account_id, "limit"): (seen.limit, ()),
        (ACCOUNT, held.account_id, "owner"): (account.owner_business_id, ()),
        (ACCOUNT, held.account_id, "currency"): (account.currency, ()),
    }
    by_id = {one.number.id: one for one in seen.numbers}
    for number in held.numbers:
        its = by_id.get(number.phone_number_id)
        found[NUMBER, number.id, "number_listed"] = (its is not None, ())
        if its is not None:
            found |= _of_number(number.id, its, has_pin=number.has_pin)
    return found


def _of_number(key: str, seen: NumberSeen, *, has_pin: bool) -> Readings:
    number = seen.number
    health, says = _health(seen.health, {"PHONE_NUMBER"})
    values: dict[str, Any] = {
        "number_status": number.status,
        "code_verification": number.code_verification_status,
        "name_status": number.name_status,
        "quality": number.quality_rating,
        "platform": number.platform_type,
        "on_phone_app": number.is_on_biz_app,
        "number_callback": number.webhook_configuration.phone_number or "",
    }
    if has_pin:
        # A number whose PIN we do not hold keeps its two-step to itself.
        values["two_step"] = seen.is_pin_enabled
    return {
        **{(NUMBER, key, name): (value, ()) for name, value in values.items()},
        (NUMBER, key, "number_health"): (health, says),
    }


def of_apps(held: Held, apps: Iterable[SubscribedApp], *, app_id: str) -> Readings:
    """Whether our app is subscribed, and under which address."""
    ours = next((app for app in apps if app.id == app_id), None)
    found: Readings = {(ACCOUNT, held.account_id, "subscription"): (ours is not None, ())}
    if ours is not None:
        found[ACCOUNT, held.account_id, "callback"] = (ours.override_callback_uri or "", ())
    return found


def of_users(held: Held, *, on_it: bool) -> Readings:
    """Whether our system user may act on the account."""
    return {(ACCOUNT, held.account_id, "system_user"): (on_it, ())}


def of_templates(held: Held, templates: Sequence[Template]) -> Readings:
    """How many templates are in which state, and the names of those that are not approved."""
    counts = Counter(template.status for template in templates)
    stopped = tuple(
        f"{template.name} ({template.language}) is {template.status}"
        for template in templates
        if template.status not in {"APPROVED", "PENDING", "REJECTED"}
    )
    return {(ACCOUNT, held.account_id, "templates"): (dict(sorted(counts.items())), stopped[:5])}


def _health(entities: Sequence[Entity] | None, kinds: set[str]) -> tuple[str | None, tuple[str, ...]]:
    """The worst of these entities, and Meta's reasons. One that is blocked for want of payment alone is not counted."""
    if entities is None:
        return None, ()
    its = [one for one in entities if one.kind in kinds and set(one.errors) != {UNPAID}]
    states = {one.can_send for one in its}
    worst = next((word for word in _WORST_FIRST if word in states), "AVAILABLE" if not its else None)
    return worst, tuple(said for one in its if one.can_send == worst for said in one.says)


def _small(word: str | None) -> str | None:
    return None if word is None else word.lower()
