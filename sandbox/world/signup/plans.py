"""Whole popups in one go, for tests: each plan walks the same screens a person would (``POST /_sandbox/signups``)."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.world.accounts import find_free_digits
from sandbox.world.ids import new_id
from sandbox.world.signup.assets import (
    confirm,
    confirm_phone_app,
    create_account,
    create_business,
    pick_account,
    pick_business,
)
from sandbox.world.signup.finish import finish, make_number
from sandbox.world.signup.number import (
    check_code,
    enter_number,
    skip_code,
    skip_number,
    take_meta_number,
    take_preverified_number,
)
from sandbox.world.signup.start import allow, begin, log_in
from sandbox.world.signup.state import Finished, Screen, Signup, Way
from sandbox.world.state import Person
from sandbox.world.tokens import SIXTY_DAYS_S
from sandbox.world.world import World

PLANS = (
    "standard",
    "coexistence",
    "account_only",
    "unverified",
    "registered",
    "preregistered",
    "several",
    "virtual",
    "from_provider",
    "preverified",
    "app_only",
    "solution",
)

_ENDING = {"coexistence": "70", "registered": "85", "preregistered": "85", "from_provider": "84"}
_SEVERAL: tuple[int, ...] = (2, 0)
TOKEN_TTL_S: dict[str | None, int | None] = {None: None, "60d": SIXTY_DAYS_S, "never": 0}
"""What ``token_ttl`` means for the code: None takes the configuration's own, 0 stands for never."""


@dataclass(frozen=True)
class Wish:
    """What one scripted popup should be like. What is not given is made up.

    ``way`` opens it as a popup, a full page (with a listed ``redirect_uri``) or the hosted page. ``business_id`` picks
    an existing portfolio and ``account_id`` an account in it (a known customer comes back); ``also`` shares more
    accounts it has. ``accounts`` says what each account of the signup holds: how many numbers, or which ones; the
    first number of the first account is the one that is typed. ``number`` is typed instead of a made-up one;
    ``scopes`` replaces the configuration's; ``all_targets`` leaves ``target_ids`` out of the token's inspection;
    ``omit`` leaves ids out of the end event as Meta sometimes does; ``wa_login_user`` gives a phone-app number the
    FINISH variant that integrators have met; ``event`` renames the end event (a FINISH_* nobody has seen yet);
    ``attached_elsewhere`` makes an account that hangs on another partner's credit line; ``told`` False keeps
    PARTNER_ADDED back, ``told_after_s`` sends it late; ``has_role`` is a person with a role on the app;
    ``syncs_silently`` accepts a phone app's syncs and sends nothing; ``extras`` is what the page gave ``FB.login``.
    """

    plan: str = "standard"
    way: Way = Way.POPUP
    redirect_uri: str | None = None
    token_ttl: str | None = None
    business: dict[str, str] = field(default_factory=dict)
    business_id: str | None = None
    account_id: str | None = None
    also: tuple[str, ...] = ()
    accounts: tuple[int | tuple[str, ...], ...] = ()
    number: str | None = None
    scopes: tuple[str, ...] | None = None
    all_targets: bool = False
    share_history: bool = True
    syncs_silently: bool = False
    attached_elsewhere: bool = False
    solution_id: str | None = None
    preverified_id: str | None = None
    told: bool = True
    told_after_s: float = 0.0
    has_role: bool = False
    omit: tuple[str, ...] = ()
    wa_login_user: bool = False
    event: str | None = None
    config_id: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)


def play(world: World, app_id: str, config_id: str, wish: Wish) -> Finished:
    """Goes through the popup as ``wish`` says and returns what its opener would get. Raises ``PopupError``."""
    with world.lock:
        signup = begin(
            world,
            app_id=app_id,
            config_id=wish.config_id or config_id,
            extras=_extras(wish),
            redirect_uri=wish.redirect_uri,
            way=wish.way,
        )
        signup.token_ttl_s = TOKEN_TTL_S[wish.token_ttl]
        signup.scopes = wish.scopes
        signup.all_targets = wish.all_targets
        signup.told, signup.told_after_s = wish.told, wish.told_after_s
        signup.more_accounts = max(0, len(_holdings(wish)) - 1)
        person = _newcomer(world, wish)
        allow(world, log_in(world, signup, person.id))
        _go_through_number(world, signup, wish)
        _go_through_assets(world, signup, wish)
        confirm(world, signup)
        finished = finish(world, signup)
        _add_what_only_tests_want(world, wish, finished)
        return finished


def _extras(wish: Wish) -> dict[str, Any]:
    """A hand-built address loses its extras, so a full page is opened without any."""
    if wish.way is Way.REDIRECT:
        return {}
    extras = dict(wish.extras)
    setup = dict(extras.get("setup") or {})
    if wish.plan == "app_only":
        extras["features"] = [{"name": "app_only_install"}]
    if wish.plan == "solution" or wish.solution_id is not None:
        setup["solutionID"] = wish.solution_id or new_id(12)
    if wish.plan == "preverified" or wish.preverified_id is not None:
        setup["preVerifiedPhone"] = {"ids": [wish.preverified_id or new_id()]}
    return {**extras, "setup": setup} if setup else extras


def _holdings(wish: Wish) -> tuple[int | tuple[str, ...], ...]:
    return wish.accounts or (_SEVERAL if wish.plan == "several" else ())


def _newcomer(world: World, wish: Wish) -> Person:
    person = Person(new_id(15), "Pat Example", "pat@client.example", "Came by a scripted popup.", is_listed=False)
    person.has_role = wish.has_role
    if wish.business_id is not None and wish.business_id in world.records.businesses:
        person.admin_of.append(wish.business_id)
    world.records.people[person.id] = person
    return person


def _go_through_number(world: World, signup: Signup, wish: Wish) -> None:
    first = _holdings(wish)[:1]
    named = first[0][0] if first and isinstance(first[0], tuple) and first[0] else None
    if wish.plan == "account_only":
        skip_number(world, signup)
    elif wish.number or named:
        enter_number(world, signup, wish.number or str(named))
    elif wish.plan == "virtual":
        take_meta_number(world, signup)
    elif wish.plan == "preverified":
        take_preverified_number(world, signup)
    else:
        enter_number(world, signup, find_free_digits(world, _ENDING.get(wish.plan, "10")))
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
        pick_account(world, signup, wish.account_id, wish.also)
    else:
        zone = wish.business.get("timezone_id", "1")
        create_account(world, signup, name=name, timezone_id=zone, also=wish.also)


def _add_what_only_tests_want(world: World, wish: Wish, finished: Finished) -> None:
    for place, holding in enumerate(_holdings(wish)[: len(finished.waba_ids)]):
        account = world.records.accounts[finished.waba_ids[place]]
        wanted = [find_free_digits(world) for _ in range(holding)] if isinstance(holding, int) else list(holding)
        for digits in wanted[1:] if place == 0 else wanted:
            number = make_number(world, account, digits, account.name)
            number.onboarded_at = world.now() - 60
    for account_id in finished.waba_ids:
        account = world.records.accounts[account_id]
        if wish.attached_elsewhere:
            account.attached_elsewhere = True
            account.primary_funding_id = new_id(16)
        for number_id in account.number_ids:
            world.records.numbers[number_id].syncs_silently |= wish.syncs_silently
    if wish.wa_login_user:
        finished.event["event"] = "FINISH"
        finished.event["data"]["is_wa_login_user"] = True
    if wish.event is not None:
        finished.event["event"] = wish.event
    for key in wish.omit:
        finished.event["data"].pop(key, None)
