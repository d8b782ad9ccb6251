"""What `extras.setup` fills, and what it may hold without harm."""

from typing import Any

import pytest

from sandbox.dialog.prefill import fill, find_app_profile
from sandbox.world.signup import Screen, Signup
from sandbox.world.state import SignupConfig


def signup_with(setup: Any, screen: Screen) -> Signup:
    return Signup(config=SignupConfig("1", "2", "c", None, ()), extras={"setup": setup}, screen=screen)


def test_the_number_is_filled_from_code_and_number() -> None:
    setup = {"business": {"phone": {"code": 55, "number": "1130000000"}}}
    assert fill(signup_with(setup, Screen.NUMBER)) == {"number": "+55 1130000000"}


def test_a_named_portfolio_is_picked_and_a_described_one_is_created() -> None:
    assert fill(signup_with({"business": {"id": "77"}}, Screen.PORTFOLIO))["business"] == "77"
    described = fill(signup_with({"business": {"name": "Example Shoes"}}, Screen.PORTFOLIO))
    assert (described["business"], described["name"], described["country"]) == ("new", "Example Shoes", "US")


def test_too_long_a_name_is_cut_at_a_hundred() -> None:
    assert len(fill(signup_with({"business": {"name": "x" * 150}}, Screen.PORTFOLIO))["name"]) == 100


@pytest.mark.parametrize("setup", [None, [], "x", {"business": 4}, {"business": {"address": "x", "phone": [1]}}])
@pytest.mark.parametrize("screen", list(Screen))
def test_a_malformed_setup_fills_nothing_and_breaks_nothing(setup: Any, screen: Screen) -> None:
    filled = fill(signup_with(setup, screen))
    assert not filled.get("name")
    assert not filled.get("number")


def test_the_app_s_profile_is_named_after_the_display_name() -> None:
    setup = {"business": {"name": "Example Shoes Ltd"}, "phone": {"displayName": "Example Shoes"}}
    assert find_app_profile(signup_with(setup, Screen.ACCOUNT))["name"] == "Example Shoes"
