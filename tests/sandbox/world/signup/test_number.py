"""The popup's number screens: the number decides, not the person."""

import pytest

from sandbox.world import World, signup
from sandbox.world.accounts import add_number
from sandbox.world.signup import PopupError, Screen, Signup
from tests.sandbox.desk import PARTNER


@pytest.fixture
def popup(world: World) -> Signup:
    """A popup on its number screen, with somebody in front of it who has no portfolio."""
    opened = signup.begin(world, app_id=PARTNER.app_id, config_id=PARTNER.config_id)
    sam = next(person for person in signup.list_people(world) if person.name == "Sam Example")
    return signup.allow(world, signup.log_in(world, opened, sam.id))


def test_a_new_number_is_asked_for_its_code(world: World, popup: Signup) -> None:
    signup.enter_number(world, popup, "+1 (555) 010-0110")
    assert (popup.screen, popup.number) == (Screen.CODE, "15550100110")
    assert popup.hint_code is not None
    assert len(popup.hint_code) == 6
    signup.check_code(world, popup, f" {popup.hint_code} ")
    assert (popup.screen, popup.verified, popup.hint_code) == (Screen.PORTFOLIO, True, None)


def test_wrong_codes_run_out_and_a_new_one_helps(world: World, popup: Signup) -> None:
    signup.enter_number(world, popup, "+15550100110")
    right = str(popup.hint_code)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(PopupError):
            signup.check_code(world, popup, wrong)
    with pytest.raises(PopupError, match="new one"):
        signup.check_code(world, popup, right)
    again = signup.send_code(world, popup)
    signup.check_code(world, popup, str(again))
    assert popup.screen == Screen.PORTFOLIO


def test_codes_run_out_too(world: World, popup: Signup) -> None:
    signup.enter_number(world, popup, "+15550100110")
    for _ in range(4):
        signup.send_code(world, popup)
    with pytest.raises(PopupError):
        signup.send_code(world, popup)


def test_a_code_that_never_comes_is_skipped(world: World, popup: Signup) -> None:
    signup.enter_number(world, popup, "+15550100186")
    assert (popup.screen, popup.hint_code) == (Screen.CODE, None)
    signup.skip_code(world, popup)
    assert (popup.screen, popup.verified) == (Screen.PORTFOLIO, False)


@pytest.mark.parametrize("ending", ["70", "71"])
def test_a_phone_app_number_turns_the_popup_into_coexistence(world: World, popup: Signup, ending: str) -> None:
    signup.enter_number(world, popup, f"+155501001{ending}")
    assert (popup.screen, popup.is_phone_app, popup.verified) == (Screen.PORTFOLIO, True, True)


@pytest.mark.parametrize(
    ("number", "error_id"),
    [
        ("+1 555 010 0172", "2593085"),
        ("+1 555 010 0180", "2388010"),
        ("+1 555 010 0181", "2388001"),
        ("+1 555 010 0183", "2388054"),
        ("12", "2388011"),
        ("", "2388011"),
    ],
)
def test_refused_numbers_leave_the_popup_where_it_is(world: World, popup: Signup, number: str, error_id: str) -> None:
    with pytest.raises(PopupError) as refused:
        signup.enter_number(world, popup, number)
    assert refused.value.error_id == error_id
    assert popup.screen == Screen.NUMBER
    assert popup.last_error is refused.value
    signup.enter_number(world, popup, "+15550100110")
    assert popup.last_error is None


@pytest.mark.parametrize("number", ["+1 555 078 0042", "+1 555 010 0185"])
def test_numbers_that_need_no_code(world: World, popup: Signup, number: str) -> None:
    signup.enter_number(world, popup, number)
    assert (popup.screen, popup.verified, popup.is_phone_app) == (Screen.PORTFOLIO, True, False)


def test_each_number_from_meta_is_another(world: World, popup: Signup) -> None:
    signup.take_meta_number(world, popup)
    assert popup.number == "15550780001"
    account = next(iter(world.records.accounts.values()))
    add_number(world, account, "15550780001", "Example")
    popup.screen = Screen.NUMBER
    signup.take_meta_number(world, popup)
    assert popup.number == "15550780002"


def test_somebody_elses_number_is_refused_and_ones_own_is_picked(world: World, popup: Signup) -> None:
    with pytest.raises(PopupError):
        signup.enter_number(world, popup, "+55 11 30000-0085")
    theirs = next(iter(world.records.numbers.values()))
    with pytest.raises(PopupError):
        signup.pick_number(world, popup, theirs.id)
    alex = next(person for person in signup.list_people(world) if person.name == "Alex Example")
    popup.person_id = alex.id
    assert [number.id for number in signup.list_numbers(world, popup)] == [theirs.id]
    signup.pick_number(world, popup, theirs.id)
    assert (popup.screen, popup.number_id, popup.verified) == (Screen.REVIEW, theirs.id, True)
    assert popup.business_id == alex.admin_of[0]


def test_no_screen_answers_twice(world: World, popup: Signup) -> None:
    signup.enter_number(world, popup, "+15550100110")
    for again in (
        lambda: signup.enter_number(world, popup, "+15550100111"),
        lambda: signup.skip_number(world, popup),
        lambda: signup.allow(world, popup),
        lambda: signup.confirm(world, popup),
        lambda: signup.finish(world, popup),
    ):
        with pytest.raises(PopupError):
            again()
    assert popup.screen == Screen.CODE
