"""Finish, cancel and report: what becomes of a popup in the world and what its opener is told."""

from typing import Any

from sandbox.world.accounts import add_account, add_business, add_number
from sandbox.world.example_numbers import EARLIER_PIN, PHONE_APPS, NumberKind, find_example
from sandbox.world.grants import add_grant
from sandbox.world.notices import tell_account_created, tell_app_installed, tell_partner_added
from sandbox.world.numbers import hash_pin, mark_verified
from sandbox.world.signup.start import expect, get_person
from sandbox.world.signup.state import CURRENT_STEP, Finished, PopupError, Screen, Signup, Way
from sandbox.world.state import Account, Business, Number
from sandbox.world.tokens import grant_code
from sandbox.world.world import World

EVENT_TYPE = "WA_EMBEDDED_SIGNUP"


def finish(world: World, signup: Signup) -> Finished:
    """SUCCESS → ENDED. Makes what the person chose, shares it, grants the code and tells the partner's app.

    Closing the window on the last screen calls this too. A popup finishes once; a second call raises ``PopupError``.
    """
    with world.lock:
        expect(signup, Screen.SUCCESS)
        signup.screen = Screen.ENDED
        business = _settle_business(world, signup)
        new, old = _settle_accounts(world, signup, business)
        accounts = [*new, *old]
        number = _settle_number(world, signup, accounts[0])
        scopes = signup.config.scopes if signup.scopes is None else signup.scopes
        ttl_s = signup.config.token_ttl_s if signup.token_ttl_s is None else signup.token_ttl_s or None
        add_grant(world, signup.config, business.id, scopes, ttl_s)
        code = None
        if signup.way is not Way.HOSTED:
            code = grant_code(
                world,
                signup.config,
                business.id,
                [account.id for account in accounts],
                scopes=scopes,
                token_ttl_s=ttl_s or 0,
                all_targets=signup.all_targets,
                redirect_uri=signup.redirect_uri,
            ).value
        _share(world, signup, accounts, new)
        world.signups.pop(signup.id, None)
        event = _end_event(signup, business, accounts, number)
        return Finished(
            code=code,
            event=event,
            business_id=business.id,
            waba_id=accounts[0].id,
            waba_ids=[account.id for account in accounts],
            phone_number_id=number.id if number else None,
        )


def cancel(world: World, signup: Signup) -> dict[str, Any]:
    """Any screen before SUCCESS → ENDED: the event that says on which step the person gave up."""
    with world.lock:
        step = CURRENT_STEP.get(signup.screen)
        if step is None:
            raise PopupError("This popup has already come to its end.")
        _end(world, signup)
        return _event("CANCEL", {"current_step": step})


def report_error(world: World, signup: Signup, *, newer: bool = False) -> dict[str, Any]:
    """The person clicked "report" on an error: CANCEL with the error's ids; ``newer`` is the 2026 ERROR event."""
    with world.lock:
        error = signup.last_error or PopupError("Something went wrong. Try again later.")
        timestamp = str(int(world.now()))
        _end(world, signup)
        key = "error_code" if newer else "error_id"
        data = {
            "error_message": error.message,
            key: error.error_id,
            "session_id": signup.session_id,
            "timestamp": timestamp,
        }
        return _event("ERROR" if newer else "CANCEL", data)


def _end(world: World, signup: Signup) -> None:
    signup.screen = Screen.ENDED
    world.signups.pop(signup.id, None)


def _settle_business(world: World, signup: Signup) -> Business:
    if signup.business_id is not None:
        return world.records.businesses[signup.business_id]
    chosen = signup.new_business
    business = add_business(
        world,
        chosen["name"],
        country=chosen.get("country") or "US",
        website=chosen.get("website", ""),
        email=chosen.get("email", ""),
    )
    get_person(world, signup).admin_of.append(business.id)
    return business


def _settle_accounts(world: World, signup: Signup, business: Business) -> tuple[list[Account], list[Account]]:
    """The accounts this popup makes, and those that were there before it."""
    old_ids = [signup.account_id, *signup.also_account_ids] if signup.account_id else signup.also_account_ids
    old = [world.records.accounts[account_id] for account_id in old_ids]
    if signup.account_id is not None:
        return [], old
    chosen = signup.new_account
    names = [chosen["name"], *(f"{chosen['name']} {serial}" for serial in range(2, 2 + signup.more_accounts))]
    zone = chosen.get("timezone_id") or "1"
    return [add_account(world, business, name, timezone_id=zone) for name in names], old


def _settle_number(world: World, signup: Signup, account: Account) -> Number | None:
    if signup.number_id is not None:
        number = world.records.numbers[signup.number_id]
        number.onboarded_at = world.now()
        return number
    if not signup.number or signup.example is None:
        return None
    name = signup.new_account.get("display_name") or account.name
    number = make_number(world, account, signup.number, name, is_verified=signup.verified)
    number.moves_from = signup.moves_from
    number.share_history = number.share_history and signup.share_history
    if signup.preverified_id is not None and number.is_preverified:
        _rename(world, account, number, signup.preverified_id)
    return number


def make_number(world: World, account: Account, digits: str, name: str, *, is_verified: bool = True) -> Number:
    """A number in ``account`` as a popup leaves it: what it is, its digits decide (``example_numbers.EXAMPLES``)."""
    number = add_number(world, account, digits, name)
    kind = find_example(digits).kind
    if is_verified:
        mark_verified(world, number)
    if kind in PHONE_APPS:
        number.is_on_biz_app = True
        number.status, number.platform_type = "CONNECTED", "CLOUD_API"
        number.share_history = kind != NumberKind.PHONE_APP_NO_HISTORY
        number.syncs_silently = kind == NumberKind.PHONE_APP_SILENT
    elif kind in (NumberKind.TWO_STEP, NumberKind.PREREGISTERED):
        number.pin_hash = hash_pin(number.id, EARLIER_PIN)
    if kind == NumberKind.PREREGISTERED:
        number.status, number.platform_type, number.registered_at = "CONNECTED", "CLOUD_API", world.now()
    if kind in (NumberKind.META, NumberKind.NAME_IN_REVIEW):
        number.name_status = "PENDING_REVIEW"
        number.is_meta_number = kind == NumberKind.META
    number.is_preverified = kind == NumberKind.PREVERIFIED
    number.code_arrives = kind != NumberKind.NO_CODE
    return number


def _rename(world: World, account: Account, number: Number, number_id: str) -> None:
    """A pre-verified number had its id before the popup: the partner's own."""
    if number_id in world.records.numbers:
        return
    del world.records.numbers[number.id]
    account.number_ids[account.number_ids.index(number.id)] = number.id = number_id
    world.records.numbers[number.id] = number


def _share(world: World, signup: Signup, accounts: list[Account], new: list[Account]) -> None:
    app = world.records.apps[signup.config.app_id]
    for account in accounts:
        account.installed_apps.add(app.id)
        if signup.is_app_only:
            if signup.told:
                tell_app_installed(world, app, account)
            continue
        account.shared_with.add(app.business_id)
        if signup.told:
            tell_partner_added(world, app, account, solution_id=signup.solution_id, after_s=signup.told_after_s)
        if account in new:
            tell_account_created(world, app, account)


def _end_event(signup: Signup, business: Business, accounts: list[Account], number: Number | None) -> dict[str, Any]:
    data: dict[str, Any] = {"waba_id": accounts[0].id, "business_id": business.id}
    if signup.is_app_only:
        if number is not None:
            data["phone_number_id"] = number.id
        return _event("FINISH_GRANT_ONLY_API_ACCESS", data)
    if number is None:
        return _event("FINISH_ONLY_WABA", data)
    if number.is_on_biz_app:
        return _event("FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING", data)
    if len(accounts) > 1:
        data["waba_ids"] = [account.id for account in accounts]
    return _event("FINISH", {"phone_number_id": number.id, **data})


def _event(name: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"data": data, "type": EVENT_TYPE, "event": name, "version": "3"}
