"""An existing customer shares accounts with the partner in Business settings: no popup, no code, one webhook."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.world.accounts import add_account, add_business, add_number, find_free_digits
from sandbox.world.changes import change_account, change_number
from sandbox.world.grants import add_grant
from sandbox.world.notices import tell_partner_added
from sandbox.world.refusals import Refusal
from sandbox.world.state import Account, App, Business, SignupConfig
from sandbox.world.world import World

LIVE = {"status": "CONNECTED", "code_status": "VERIFIED", "platform_type": "CLOUD_API"}
"""What a number of an existing customer is unless it is wished otherwise."""


@dataclass(frozen=True)
class Share:
    """``business`` and ``account`` hold the fields of new records, or the ``id`` of one that exists.

    ``numbers`` are new ones: each may have its ``number`` and any field of a number. ``told`` sends PARTNER_ADDED,
    ``after_s`` seconds from now. ``app_installed`` lets a token be fetched; accounts made for a client by the partner
    have none.
    """

    business: dict[str, Any] = field(default_factory=dict)
    account: dict[str, Any] = field(default_factory=dict)
    numbers: tuple[dict[str, Any], ...] = ({},)
    told: bool = True
    after_s: float = 0.0
    app_installed: bool = True
    solution_id: str | None = None


def share(world: World, app: App, config: SignupConfig, wish: Share) -> Account:
    """Makes what is wished and shares it with the app's portfolio. Refuses (100) ids nobody has."""
    with world.lock:
        business = _settle_business(world, wish)
        account = _settle_account(world, app, business, wish)
        for fields in wish.numbers:
            made = dict(fields)
            digits = made.pop("number", None) or find_free_digits(world)
            number = add_number(world, account, digits, made.pop("verified_name", account.name))
            change_number(world, number, {**LIVE, **made}, silent=True)
            if number.status == "CONNECTED" and not number.is_on_biz_app:
                number.registered_at = world.now()
        account.shared_with.add(app.business_id)
        if wish.app_installed:
            account.installed_apps.add(app.id)
            add_grant(world, config, business.id, config.scopes, config.token_ttl_s)
        if wish.told:
            tell_partner_added(world, app, account, solution_id=wish.solution_id, after_s=wish.after_s)
        return account


def _settle_business(world: World, wish: Share) -> Business:
    wanted = wish.business.get("id")
    if wanted is None:
        business = add_business(world, "Example Existing Customer")
        for name, value in wish.business.items():
            setattr(business, name, value)
        return business
    if wanted not in world.records.businesses:
        raise Refusal(100, "Invalid parameter", "There is no business with this id.")
    return world.records.businesses[wanted]


def _settle_account(world: World, app: App, business: Business, wish: Share) -> Account:
    fields = dict(wish.account)
    wanted = fields.pop("id", None)
    if wanted is None:
        account = add_account(world, business, fields.pop("name", business.name))
    else:
        found = world.records.accounts.get(wanted)
        if found is None or found.owner_business_id != business.id:
            raise Refusal(100, "Invalid parameter", "There is no such account in this business.")
        account = found
    change_account(world, app, account, fields, silent=True)
    return account
