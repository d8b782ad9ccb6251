"""Portfolio, phone app, account, review."""

import pytest

from sandbox.world import World, signup
from sandbox.world.signup import PopupError, Screen, Signup
from tests.sandbox.desk import PARTNER


def at_portfolio(world: World, name: str, number: str = "+15550100185") -> Signup:
    popup = signup.begin(world, app_id=PARTNER.app_id, config_id=PARTNER.config_id)
    person = next(person for person in signup.list_people(world) if person.name == name)
    signup.allow(world, signup.log_in(world, popup, person.id))
    return signup.enter_number(world, popup, number)


def test_only_an_admin_picks_a_portfolio(world: World) -> None:
    robin = at_portfolio(world, "Robin Example")
    (flowers,) = signup.list_businesses(world, robin)
    with pytest.raises(PopupError) as refused:
        signup.pick_business(world, robin, flowers.id)
    assert refused.value.error_id == "3441038"
    bakery = next(b for b in world.records.businesses.values() if b.name == "Example Bakery")
    with pytest.raises(PopupError):
        signup.pick_business(world, robin, bakery.id)
    assert robin.screen == Screen.PORTFOLIO


def test_a_portfolio_is_picked_with_its_account(world: World) -> None:
    alex = at_portfolio(world, "Alex Example")
    (bakery,) = signup.list_businesses(world, alex)
    signup.pick_business(world, alex, bakery.id)
    (account,) = signup.list_accounts(world, alex)
    with pytest.raises(PopupError):
        signup.pick_account(world, alex, "1")
    signup.pick_account(world, alex, account.id)
    assert alex.screen == Screen.REVIEW
    signup.confirm(world, alex)
    done = signup.finish(world, alex)
    assert (done.waba_id, done.business_id) == (account.id, bakery.id)
    assert done.phone_number_id in account.number_ids
    assert PARTNER.business_id in account.shared_with


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_portfolio_needs_a_name_that_fits(world: World, name: str) -> None:
    popup = at_portfolio(world, "Sam Example")
    with pytest.raises(PopupError):
        signup.create_business(world, popup, name=name)
    assert popup.screen == Screen.PORTFOLIO


@pytest.mark.parametrize(
    ("name", "display"), [("", ""), ("My WhatsApp Shop", ""), ("Example Shop", "whatsapp example")]
)
def test_an_account_needs_a_name_that_meta_allows(world: World, name: str, display: str) -> None:
    popup = at_portfolio(world, "Sam Example")
    signup.create_business(world, popup, name="Example Shop")
    with pytest.raises(PopupError):
        signup.create_account(world, popup, name=name, display_name=display)
    assert popup.screen == Screen.ACCOUNT


def test_a_new_customer_gets_what_they_typed(world: World) -> None:
    popup = at_portfolio(world, "Sam Example", "+15550100110")
    signup.check_code(world, popup, str(popup.hint_code))
    signup.create_business(world, popup, name=" Example Shop ", country="DE", website="https://shop.example")
    signup.create_account(world, popup, name="Example Shop Chat", timezone_id="42", display_name="Example Shop")
    done = signup.finish(world, signup.confirm(world, popup))
    business, account = world.records.businesses[done.business_id], world.records.accounts[done.waba_id]
    assert (business.name, business.country, business.website) == ("Example Shop", "DE", "https://shop.example")
    assert (account.name, account.timezone_id, account.owner_business_id) == ("Example Shop Chat", "42", business.id)
    number = world.records.numbers[str(done.phone_number_id)]
    assert (number.digits, number.verified_name) == ("15550100110", "Example Shop")
    assert (number.code_status, number.status) == ("VERIFIED", "PENDING")
    sam = next(person for person in signup.list_people(world) if person.name == "Sam Example")
    assert sam.admin_of == [business.id]


@pytest.mark.parametrize(("ending", "wish", "shared"), [("70", True, True), ("70", False, False), ("71", True, False)])
def test_the_phone_apps_owner_decides_about_history(world: World, ending: str, wish: bool, shared: bool) -> None:
    popup = at_portfolio(world, "Sam Example", f"+155501001{ending}")
    signup.create_business(world, popup, name="Example Shop")
    assert popup.screen == Screen.PHONE_APP
    signup.confirm_phone_app(world, popup, share_history=wish)
    signup.create_account(world, popup, name="Example Shop")
    done = signup.finish(world, signup.confirm(world, popup))
    number = world.records.numbers[str(done.phone_number_id)]
    assert (number.is_on_biz_app, number.status, number.share_history) == (True, "CONNECTED", shared)
    assert done.event["event"] == "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
