"""What each screen shows: the facts its template needs, taken from the rules and from what was filled before."""

from typing import Any

from sandbox.dialog.desk import Window
from sandbox.dialog.places import CATEGORIES, COUNTRIES, PERMISSIONS, TIMEZONES
from sandbox.dialog.prefill import fill, find_app_profile
from sandbox.world import World, signup
from sandbox.world.accounts import find_number_by_digits
from sandbox.world.example_numbers import EXAMPLES, Example, read_digits, to_display
from sandbox.world.signup import Screen, Signup

_STEPS = 8
_STEP_OF = {
    Screen.LOG_IN: 1,
    Screen.PERMISSIONS: 2,
    Screen.NUMBER: 3,
    Screen.CODE: 4,
    Screen.PORTFOLIO: 5,
    Screen.PHONE_APP: 5,
    Screen.ACCOUNT: 6,
    Screen.REVIEW: 7,
    Screen.SUCCESS: 8,
}


def describe(world: World, window: Window, posted: dict[str, str]) -> dict[str, Any]:
    """The template's names for the window's screen; ``posted`` is what a refused form held."""
    run = window.signup
    screen = Screen.SUCCESS if window.finished is not None else run.screen
    with world.lock:
        facts: dict[str, Any] = {
            "screen": screen.value,
            "app_name": world.records.apps[run.config.app_id].name,
            "step": (_find_step(run, screen), _STEPS),
            "person": None if run.person_id is None else world.records.people.get(run.person_id),
            "filled": posted or fill(run),
            "method": window.method,
            "number": to_display(run.number) if run.number else "",
            "has_number": bool(run.number),
            "has_prepared_number": run.preverified_id is not None,
            "on_phone_app": run.is_phone_app,
            "app_profile": find_app_profile(run),
            "session_id": run.session_id,
            "permissions": [(PERMISSIONS.get(scope, scope), scope) for scope in run.config.scopes],
        }
        if screen in _DESCRIBERS:
            facts |= _DESCRIBERS[screen](world, run)
        if screen is Screen.REVIEW:
            window.summary = summarise(world, run)
        facts["summary"] = window.summary
        return facts


def summarise(world: World, run: Signup) -> dict[str, str]:
    """What the person chose, in names."""
    records = world.records
    business = records.businesses[run.business_id].name if run.business_id else run.new_business.get("name", "")
    account = records.accounts[run.account_id].name if run.account_id else run.new_account.get("name", "")
    number = to_display(run.number) if run.number else "No number yet"
    if run.number and not run.verified:
        number += ", not verified yet"
    others = [records.accounts[account_id] for account_id in run.also_account_ids]
    first = [records.accounts[run.account_id]] if run.account_id else []
    held = {number_id for one in (*first, *others) for number_id in one.number_ids} - {run.number_id}
    return {
        "business": business,
        "account": ", ".join([account, *(other.name for other in others)]),
        "number": f"{number} and {len(held)} more" if held else number,
    }


def _find_step(run: Signup, screen: Screen) -> int:
    if screen is Screen.PORTFOLIO and run.is_phone_app:
        return 4
    return _STEP_OF.get(screen, _STEPS)


def _log_in(world: World, run: Signup) -> dict[str, Any]:
    del run
    named = [person for person in signup.list_people(world) if not person.about.startswith("Came by")]
    return {"people": named}


def _number(world: World, run: Signup) -> dict[str, Any]:
    numbers = [
        (number.id, f"{to_display(number.digits)}, {number.verified_name}")
        for number in signup.list_numbers(world, run)
    ]
    examples = [
        (find_free(world, example), example.kind.value, example.meaning, example.refusal is not None)
        for example in EXAMPLES
    ]
    return {"numbers": numbers, "examples": examples}


def _code(world: World, run: Signup) -> dict[str, Any]:
    del world
    return {"hint_code": run.hint_code}


def _portfolio(world: World, run: Signup) -> dict[str, Any]:
    admin_of = signup.get_person(world, run).admin_of
    businesses = [
        {
            "id": business.id,
            "name": business.name,
            "about": "You have full control." if business.id in admin_of else "You work for it, without full control.",
        }
        for business in signup.list_businesses(world, run)
    ]
    return {"businesses": businesses, "countries": COUNTRIES}


def _account(world: World, run: Signup) -> dict[str, Any]:
    accounts = [
        {"id": account.id, "name": account.name, "about": _count(len(account.number_ids))}
        for account in signup.list_accounts(world, run)
    ]
    return {"accounts": accounts, "categories": CATEGORIES, "timezones": TIMEZONES}


def find_free(world: World, example: Example) -> str:
    """A number that behaves as ``example`` does and that nobody in this world has yet."""
    digits = read_digits(example.number)
    for serial in range(100):
        candidate = f"{digits[:-4]}{(int(digits[-4:-2]) + serial) % 100:02}{digits[-2:]}"
        if find_number_by_digits(world, candidate) is None:
            return to_display(candidate)
    return example.number


def _count(numbers: int) -> str:
    return "1 number" if numbers == 1 else f"{numbers} numbers"


_DESCRIBERS = {
    Screen.LOG_IN: _log_in,
    Screen.NUMBER: _number,
    Screen.CODE: _code,
    Screen.PORTFOLIO: _portfolio,
    Screen.ACCOUNT: _account,
}
