"""Turns a posted screen into a move of the signup's rules. One function a screen; the rules say what is refused."""

from collections.abc import Callable, Mapping

from sandbox.dialog.desk import Window
from sandbox.dialog.prefill import find_app_profile
from sandbox.world import World, signup
from sandbox.world.signup import PopupError, Screen

Form = Mapping[str, str]
"""A posted form. Boxes of one name come as one text with blanks between."""


def answer(world: World, window: Window, form: Form) -> None:
    """Plays what the person did on the screen they see. Raises ``PopupError`` with the sentence to show."""
    act = _ACTS.get(window.signup.screen)
    if act is not None:
        act(world, window, form)


def _log_in(world: World, window: Window, form: Form) -> None:
    signup.log_in(world, window.signup, form.get("person", ""))


def _allow(world: World, window: Window, form: Form) -> None:
    del form
    signup.allow(world, window.signup)


def _number(world: World, window: Window, form: Form) -> None:
    window.method = "VOICE" if form.get("method") == "VOICE" else "SMS"
    if form.get("do") == "skip":
        signup.skip_number(world, window.signup)
    elif form.get("way") == "existing":
        signup.pick_number(world, window.signup, form.get("number_id", ""))
    elif form.get("way") == "preverified":
        signup.take_preverified_number(world, window.signup)
    elif form.get("way") == "meta":
        signup.take_meta_number(world, window.signup)
    else:
        signup.enter_number(world, window.signup, form.get("number", ""))


def _code(world: World, window: Window, form: Form) -> None:
    wanted = form.get("do", "")
    if wanted in ("resend_sms", "resend_voice"):
        window.method = "VOICE" if wanted == "resend_voice" else "SMS"
        signup.send_code(world, window.signup)
    elif wanted == "later":
        signup.skip_code(world, window.signup)
    elif wanted == "change":
        # The rules know no way back, but a person who mistyped a number needs one.
        with world.lock:
            window.signup.screen, window.signup.last_error = Screen.NUMBER, None
    else:
        signup.check_code(world, window.signup, form.get("code", ""))


def _portfolio(world: World, window: Window, form: Form) -> None:
    picked = form.get("business", "")
    if picked != "new":
        signup.pick_business(world, window.signup, picked)
        return
    signup.create_business(
        world,
        window.signup,
        name=form.get("name", ""),
        country=form.get("country", "US"),
        website=form.get("website", ""),
        email=form.get("email", ""),
    )


def _phone_app(world: World, window: Window, form: Form) -> None:
    signup.confirm_phone_app(world, window.signup, share_history=form.get("share_history") == "1")


def _account(world: World, window: Window, form: Form) -> None:
    picked = form.get("account", "")
    also = form.get("also", "").split()
    if window.signup.is_phone_app:
        name = find_app_profile(window.signup)["name"]
        signup.create_account(world, window.signup, name=name, timezone_id=form.get("timezone_id", "1"))
    elif picked != "new":
        signup.pick_account(world, window.signup, picked, also)
    else:
        signup.create_account(
            world,
            window.signup,
            name=form.get("name", ""),
            timezone_id=form.get("timezone_id", "1"),
            category=form.get("category", "OTHER"),
            display_name=form.get("display_name", ""),
            also=also,
        )


def _review(world: World, window: Window, form: Form) -> None:
    if window.signup.is_phone_app and form.get("terms") != "1":
        raise PopupError("Accept the terms to go on.")
    signup.confirm(world, window.signup)


_ACTS: dict[Screen, Callable[[World, Window, Form], None]] = {
    Screen.LOG_IN: _log_in,
    Screen.PERMISSIONS: _allow,
    Screen.NUMBER: _number,
    Screen.CODE: _code,
    Screen.PORTFOLIO: _portfolio,
    Screen.PHONE_APP: _phone_app,
    Screen.ACCOUNT: _account,
    Screen.REVIEW: _review,
}
