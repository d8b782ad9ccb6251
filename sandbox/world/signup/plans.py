"""Whole popups in one go, for tests: each plan walks the same screens a person would (``POST /_sandbox/signups``)."""

import random
from dataclasses import dataclass, field
from typing import Any

from sandbox.world.accounts import add_number, find_number_by_digits
from sandbox.world.example_numbers import read_digits
from sandbox.world.ids import new_id
from sandbox.world.signup.assets import (
    confirm,
    confirm_phone_app,
    create_account,
    create_business,
    pick_account,
    pick_business,
)
from sandbox.world.signup.finish import finish
from sandbox.world.signup.number import check_code, enter_number, skip_code, skip_number
from sandbox.world.signup.start import allow, begin, log_in
from sandbox.world.signup.state import Finished, Screen, Signup
from sandbox.world.state import Person
from sandbox.world.tokens import SIXTY_DAYS_S
from sandbox.world.world import World

PLANS = ("standard", "coexistence", "account_only", "unverified", "preregistered", "several", "app_only")

_ENDING = {"coexistence": "70", "preregistered": "85"}
TOKEN_TTL_S: dict[str | None, int | None] = {None: None, "60d": SIXTY_DAYS_S, "never": 0}
"""What ``token_ttl`` means for the code: None takes the configuration's own, 0 stands for never."""


@dataclass(frozen=True)
class Wish:
    """What one scripted popup should be like. What is not given is made up.

    ``business_id`` picks an existing portfolio and ``account_id`` an account in it (a known customer comes back);
    ``number`` is typed instead of a made-up one; ``scopes`` replaces the configuration's; ``all_targets`` leaves
    ``target_ids`` out of the token's inspection; ``omit`` leaves ids out of the end event as Meta sometimes does;
    ``wa_login_user`` gives a phone-app number the FINISH variant that integrators have met; ``event`` renames the end
    event (a FINISH_* nobody has seen yet); ``attached_elsewhere`` makes an account that hangs on another partner's
    credit line.
    """

    plan: str = "standard"
    token_ttl: str | None = None
    business: dict[str, str] = field(default_factory=dict)
    business_id: str | None = None
    account_id: str | None = None
    number: str | None = None
    scopes: tuple[str, ...] | None = None
    all_targets: bool = False
    share_history: bool = True
    attached_elsewhere: bool = False
    omit: tuple[str, ...] = ()
    wa_login_user: bool = False
    event: str | None = None
    config_id: str | None = None


def play(world: World, app_id: str, config_id: str, wish: Wish) -> Finished:
    """Goes through the popup as ``wish`` says and returns what its opener would get. Raises ``PopupError``."""
    with world.lock:
        extras: dict[str, Any] = {"features": [{"name": "app_only_install"}]} if wish.plan == "app_only" else {}
        signup = begin(world, app_id=app_id, config_id=wish.config_id or config_id, extras=extras)
        signup.token_ttl_s = TOKEN_TTL_S[wish.token_ttl]
        signup.scopes = wish.scopes
        signup.all_targets = wish.all_targets
        signup.more_accounts = 1 if wish.plan == "several" else 0
        person = _newcomer(world, wish)
        allow(world, log_in(world, signup, person.id))
        _go_through_number(world, signup, wish)
        _go_through_assets(world, signup, wish)
        confirm(world, signup)
        finished = finish(world, signup)
        _add_what_only_tests_want(world, wish, finished)
        return finished


def _newcomer(world: World, wish: Wish) -> Person:
    person = Person(new_id(15), "Pat Example", "pat@client.example", "Came by a scripted popup.", is_listed=False)
    if wish.business_id is not None and wish.business_id in world.records.businesses:
        person.admin_of.append(wish.business_id)
    world.records.people[person.id] = person
    return person


def _go_through_number(world: World, signup: Signup, wish: Wish) -> None:
    if wish.plan == "account_only":
        skip_number(world, signup)
        return
    enter_number(world, signup, wish.number or _free_number(world, _ENDING.get(wish.plan, "10")))
    if signup.screen != Screen.CODE:
        return
    if wish.plan == "unverified" or signup.hint_code is None:
        skip_code(world, signup)
    else:
        check_code(world, signup, signup.hint_code)


def _go_through_assets(world: World, signup: Signup, wish: Wish) -> None:
    if signup.screen == Screen.REVIEW:
        return
    name = wish.business.get("name") or f"Example Client {new_id(5)}"
    if wish.business_id is not None:
        pick_business(world, signup, wish.business_id)
    else:
        create_business(
            world,
            signup,
            name=name,
            country=wish.business.get("country", "US"),
            website=wish.business.get("website", "https://client.example"),
            email=wish.business.get("email", "pat@client.example"),
        )
    if signup.is_phone_app:
        confirm_phone_app(world, signup, share_history=wish.share_history)
    if wish.account_id is not None:
        pick_account(world, signup, wish.account_id)
    else:
        create_account(world, signup, name=name, timezone_id=wish.business.get("timezone_id", "1"))


def _add_what_only_tests_want(world: World, wish: Wish, finished: Finished) -> None:
    if wish.plan == "several":
        account = world.records.accounts[finished.waba_id]
        second = add_number(world, account, _free_number(world, "10"), account.name)
        second.code_status = "VERIFIED"
        second.onboarded_at = world.now() - 60
    for account_id in finished.waba_ids:
        if wish.attached_elsewhere:
            world.records.accounts[account_id].attached_elsewhere = True
            world.records.accounts[account_id].primary_funding_id = new_id(16)
    if wish.wa_login_user:
        finished.event["event"] = "FINISH"
        finished.event["data"]["is_wa_login_user"] = True
    if wish.event is not None:
        finished.event["event"] = wish.event
    for key in wish.omit:
        finished.event["data"].pop(key, None)


def _free_number(world: World, ending: str) -> str:
    while True:
        # No exchange begins with 0, so nobody has such a number; and area 555 is Meta's own.
        number = f"1{random.randrange(201, 555)}0{random.randrange(10_000):04}{ending}"
        if find_number_by_digits(world, number) is None:
            return read_digits(number)
