"""Who may open the popup, and from where."""

import pytest

from sandbox.world import World, signup
from sandbox.world.signup import PopupError, Screen
from tests.sandbox.desk import PARTNER

OPEN = {"app_id": PARTNER.app_id, "config_id": PARTNER.config_id}


@pytest.mark.parametrize("wrong", [{"app_id": "1"}, {"config_id": "1"}, {"config_id": ""}])
def test_an_unknown_app_or_configuration_opens_nothing(world: World, wrong: dict[str, str]) -> None:
    with pytest.raises(PopupError):
        signup.begin(world, **{**OPEN, **wrong})
    assert world.signups == {}


@pytest.mark.parametrize(
    ("origin", "opens"),
    [
        ("https://app.example", True),
        ("http://app.example:5000", True),
        ("https://evil-app.example", False),
        ("https://app.example.evil.example", False),
    ],
)
def test_only_listed_domains_open_the_popup(world: World, origin: str, opens: bool) -> None:
    world.records.apps[PARTNER.app_id].domains = ("https://app.example",)
    if opens:
        assert signup.begin(world, **OPEN, origin=origin).screen == Screen.LOG_IN
    else:
        with pytest.raises(PopupError):
            signup.begin(world, **OPEN, origin=origin)


def test_a_redirect_address_must_be_listed_letter_for_letter(world: World) -> None:
    world.records.apps[PARTNER.app_id].redirect_uris = ("https://app.example/back",)
    assert signup.begin(world, **OPEN, redirect_uri="https://app.example/back").redirect_uri
    with pytest.raises(PopupError):
        signup.begin(world, **OPEN, redirect_uri="https://app.example/back/")


def test_a_popup_is_found_until_it_ends(world: World) -> None:
    popup = signup.begin(world, **OPEN)
    assert signup.find(world, popup.id) is popup
    signup.cancel(world, popup)
    assert signup.find(world, popup.id) is None


def test_nobody_comes_in_as_a_stranger(world: World) -> None:
    popup = signup.begin(world, **OPEN)
    with pytest.raises(PopupError):
        signup.log_in(world, popup, "1")
    with pytest.raises(PopupError):
        signup.list_businesses(world, popup)


def test_people_of_scripted_popups_are_not_offered(world: World) -> None:
    before = [person.name for person in signup.list_people(world)]
    signup.play(world, PARTNER.app_id, PARTNER.config_id, signup.Wish())
    assert (
        [person.name for person in signup.list_people(world)]
        == before
        == [
            "Alex Example",
            "Sam Example",
            "Robin Example",
        ]
    )
