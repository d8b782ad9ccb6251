"""The popup's portfolio and account screens, the phone app's confirmation, and the review."""

from collections.abc import Sequence

from sandbox.world.signup.start import (
    expect,
    get_person,
    list_accounts,
    list_businesses,
    move,
    refuse,
    refuse_over_limit,
)
from sandbox.world.signup.state import Screen, Signup
from sandbox.world.world import World


def pick_business(world: World, signup: Signup, business_id: str) -> Signup:
    """PORTFOLIO → ACCOUNT (or PHONE_APP). Only an admin of the portfolio gets through."""
    expect(signup, Screen.PORTFOLIO)
    if business_id not in {business.id for business in list_businesses(world, signup)}:
        raise refuse(signup, "This portfolio does not exist.", "1690130")
    if business_id not in get_person(world, signup).admin_of:
        raise refuse(signup, "You have no permission for this resource: ask a portfolio admin to do this.", "3441038")
    refuse_over_limit(world, signup, business_id)
    signup.business_id, signup.new_business = business_id, {}
    return move(signup, Screen.PHONE_APP if signup.is_phone_app else Screen.ACCOUNT)


def create_business(
    world: World, signup: Signup, *, name: str, country: str = "US", website: str = "", email: str = ""
) -> Signup:
    """PORTFOLIO → ACCOUNT (or PHONE_APP) with a portfolio that will be made at Finish."""
    expect(signup, Screen.PORTFOLIO)
    refuse_over_limit(world, signup, None)
    if not name.strip():
        raise refuse(signup, "Enter the name of your business.", "1690130")
    if len(name) > 100:
        raise refuse(signup, "The name may have 100 characters at most.", "1690130")
    signup.business_id = None
    signup.new_business = {"name": name.strip(), "country": country, "website": website, "email": email}
    return move(signup, Screen.PHONE_APP if signup.is_phone_app else Screen.ACCOUNT)


def confirm_phone_app(world: World, signup: Signup, *, share_history: bool) -> Signup:
    """PHONE_APP → ACCOUNT: the QR code was scanned with the app, and its owner said whether to share the chats."""
    del world
    expect(signup, Screen.PHONE_APP)
    kept_back = signup.example is not None and signup.example.kind == "phone_app_no_history"
    signup.share_history = share_history and not kept_back
    return move(signup, Screen.ACCOUNT)


def pick_account(world: World, signup: Signup, account_id: str, also: Sequence[str] = ()) -> Signup:
    """ACCOUNT → REVIEW with an account the portfolio already has, and with it those named by ``also``."""
    expect(signup, Screen.ACCOUNT)
    _check_accounts(world, signup, [account_id, *also])
    held = [world.records.numbers[number_id].digits for number_id in world.records.accounts[account_id].number_ids]
    if signup.number and signup.number in held:
        raise refuse(signup, "This phone number is already in the account.", "2388012")
    signup.account_id, signup.new_account = account_id, {}
    signup.also_account_ids = [other for other in also if other != account_id]
    return move(signup, Screen.REVIEW)


def create_account(
    world: World,
    signup: Signup,
    *,
    name: str,
    timezone_id: str = "1",
    category: str = "OTHER",
    display_name: str = "",
    also: Sequence[str] = (),
) -> Signup:
    """ACCOUNT → REVIEW with an account that will be made at Finish; ``display_name`` is the number's name.

    ``also`` names accounts the portfolio has already and shares too.
    """
    expect(signup, Screen.ACCOUNT)
    if not name.strip():
        raise refuse(signup, "Enter the name of your account.", "2388093")
    if "whatsapp" in (display_name or name).lower():
        raise refuse(signup, "Your verified name violates WhatsApp guidelines.", "524126")
    _check_accounts(world, signup, also)
    signup.account_id, signup.also_account_ids = None, list(also)
    signup.new_account = {
        "name": name.strip(),
        "timezone_id": timezone_id,
        "category": category,
        "display_name": display_name.strip() or name.strip(),
    }
    return move(signup, Screen.REVIEW)


def confirm(world: World, signup: Signup) -> Signup:
    """REVIEW → SUCCESS: the person agrees. From here on closing the window counts as Finish."""
    del world
    expect(signup, Screen.REVIEW)
    return move(signup, Screen.SUCCESS)


def _check_accounts(world: World, signup: Signup, account_ids: Sequence[str]) -> None:
    if not {account.id for account in list_accounts(world, signup)}.issuperset(account_ids):
        raise refuse(signup, "This account does not exist in the portfolio.", "1690130")
