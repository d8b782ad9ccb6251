"""How a popup ends."""

from collections.abc import Callable

import pytest

from sandbox.world import Notice, World, signup
from sandbox.world.signup import PopupError, Screen, Signup
from tests.sandbox.desk import PARTNER


@pytest.fixture
def popup(world: World) -> Signup:
    return signup.begin(world, app_id=PARTNER.app_id, config_id=PARTNER.config_id)


def go(world: World, popup: Signup, until: Screen) -> Signup:
    """Goes on as a person with a new number would, up to that screen."""
    sam = next(person for person in signup.list_people(world) if person.name == "Sam Example")
    steps: dict[Screen, Callable[[], Signup]] = {
        Screen.LOG_IN: lambda: signup.log_in(world, popup, sam.id),
        Screen.PERMISSIONS: lambda: signup.allow(world, popup),
        Screen.NUMBER: lambda: signup.enter_number(world, popup, "+15550100110"),
        Screen.CODE: lambda: signup.check_code(world, popup, str(popup.hint_code)),
        Screen.PORTFOLIO: lambda: signup.create_business(world, popup, name="Example Shop"),
        Screen.ACCOUNT: lambda: signup.create_account(world, popup, name="Example Shop"),
        Screen.REVIEW: lambda: signup.confirm(world, popup),
    }
    while popup.screen != until:
        steps[popup.screen]()
    return popup


@pytest.mark.parametrize(
    ("screen", "step"),
    [
        (Screen.LOG_IN, "PERMISSIONS"),
        (Screen.PERMISSIONS, "PERMISSIONS"),
        (Screen.NUMBER, "PHONE_NUMBER_SETUP"),
        (Screen.CODE, "PHONE_NUMBER_VERIFICATION"),
        (Screen.PORTFOLIO, "BUSINESS_ACCOUNT_SELECTION"),
        (Screen.ACCOUNT, "WABA_PHONE_PROFILE_PICKER"),
        (Screen.REVIEW, "PERMISSIONS"),
    ],
)
def test_a_cancel_names_the_step_and_leaves_nothing(world: World, popup: Signup, screen: Screen, step: str) -> None:
    accounts = len(world.records.accounts)
    event = signup.cancel(world, go(world, popup, screen))
    assert event == {"data": {"current_step": step}, "type": "WA_EMBEDDED_SIGNUP", "event": "CANCEL", "version": "3"}
    assert len(world.records.accounts) == accounts
    assert world.records.codes == {}
    assert popup.screen == Screen.ENDED


def test_on_the_last_screen_there_is_nothing_to_cancel(world: World, popup: Signup) -> None:
    go(world, popup, Screen.SUCCESS)
    with pytest.raises(PopupError):
        signup.cancel(world, popup)
    done = signup.finish(world, popup)
    assert set(done.event["data"]) == {"phone_number_id", "waba_id", "business_id"}
    with pytest.raises(PopupError):
        signup.finish(world, popup)
    assert len(world.records.codes) == 1
    assert done.code not in repr(done)


def test_an_error_is_reported_with_its_ids(world: World, popup: Signup) -> None:
    go(world, popup, Screen.ACCOUNT)
    with pytest.raises(PopupError):
        signup.create_account(world, popup, name="WhatsApp Shop")
    event = signup.report_error(world, popup)
    assert event["event"] == "CANCEL"
    assert event["data"]["error_message"] == "Your verified name violates WhatsApp guidelines."
    assert event["data"]["error_id"] == "524126"
    assert event["data"]["session_id"] == popup.session_id
    assert event["data"]["timestamp"].isdecimal()
    assert set(event["data"]) == {"error_message", "error_id", "session_id", "timestamp"}


def test_the_newer_error_event_has_an_error_code(world: World, popup: Signup) -> None:
    event = signup.report_error(world, go(world, popup, Screen.NUMBER), newer=True)
    assert event["event"] == "ERROR"
    assert set(event["data"]) == {"error_message", "error_code", "session_id", "timestamp"}


def test_without_a_number_only_the_account_is_handed_over(world: World, popup: Signup) -> None:
    go(world, popup, Screen.NUMBER)
    signup.skip_number(world, popup)
    done = signup.finish(world, go(world, popup, Screen.SUCCESS))
    assert done.event["event"] == "FINISH_ONLY_WABA"
    assert done.event["data"] == {"waba_id": done.waba_id, "business_id": done.business_id}
    assert done.phone_number_id is None


def test_a_skipped_code_leaves_the_number_unverified(world: World, popup: Signup) -> None:
    go(world, popup, Screen.CODE)
    signup.skip_code(world, popup)
    done = signup.finish(world, go(world, popup, Screen.SUCCESS))
    assert done.event["event"] == "FINISH"
    assert world.records.numbers[str(done.phone_number_id)].code_status == "NOT_VERIFIED"


def test_finishing_tells_the_partner_by_portfolio(world: World, popup: Signup) -> None:
    heard: list[Notice] = []
    world.on_notice(heard.append)
    done = signup.finish(world, go(world, popup, Screen.SUCCESS))
    assert [(n.field, n.entry_id) for n in heard] == [
        ("account_update", PARTNER.business_id),
        ("business_capability_update", done.waba_id),
        ("account_review_update", done.waba_id),
    ]
    assert heard[0].account_id is None
    assert heard[1].account_id == done.waba_id
    assert heard[1].value["max_phone_numbers_per_business"] == 2


def test_an_app_only_popup_shares_nothing_with_the_partner(world: World) -> None:
    extras = {"features": [{"name": "app_only_install"}]}
    opened = signup.begin(world, app_id=PARTNER.app_id, config_id=PARTNER.config_id, extras=extras)
    done = signup.finish(world, go(world, opened, Screen.SUCCESS))
    assert done.event["event"] == "FINISH_GRANT_ONLY_API_ACCESS"
    assert world.records.accounts[done.waba_id].shared_with == set()
    assert world.records.accounts[done.waba_id].installed_apps == {PARTNER.app_id}


def test_the_full_page_ways_code_remembers_its_redirect_address(world: World) -> None:
    world.records.apps[PARTNER.app_id].redirect_uris = ("https://app.example/back",)
    back = "https://app.example/back"
    opened = signup.begin(world, app_id=PARTNER.app_id, config_id=PARTNER.config_id, redirect_uri=back)
    done = signup.finish(world, go(world, opened, Screen.SUCCESS))
    assert world.records.codes[done.code].redirect_uri == back
