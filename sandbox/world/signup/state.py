"""One run of the signup popup: where the person is and what they chose. Nothing exists in the world before Finish."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.world.example_numbers import PHONE_APPS, Example
from sandbox.world.ids import new_digits, new_id
from sandbox.world.state import SignupConfig


class Way(StrEnum):
    """How the window was opened, which decides how it may answer.

    A popup hands over its event and a code, a full page goes back with a code, the hosted page tells nobody anything.
    """

    POPUP = "popup"
    REDIRECT = "redirect"
    HOSTED = "hosted"


class Screen(StrEnum):
    """The screens of v4 with the number first. PHONE_APP and CODE are shown only to numbers that need them."""

    LOG_IN = "log_in"
    PERMISSIONS = "permissions"
    NUMBER = "number"
    CODE = "code"
    PORTFOLIO = "portfolio"
    PHONE_APP = "phone_app"
    ACCOUNT = "account"
    REVIEW = "review"
    SUCCESS = "success"
    ENDED = "ended"


CURRENT_STEP: dict[Screen, str] = {
    Screen.LOG_IN: "PERMISSIONS",
    Screen.PERMISSIONS: "PERMISSIONS",
    Screen.NUMBER: "PHONE_NUMBER_SETUP",
    Screen.CODE: "PHONE_NUMBER_VERIFICATION",
    Screen.PORTFOLIO: "BUSINESS_ACCOUNT_SELECTION",
    Screen.PHONE_APP: "WHATSAPP_BUSINESS_PROFILE_SETUP",
    Screen.ACCOUNT: "WABA_PHONE_PROFILE_PICKER",
    Screen.REVIEW: "PERMISSIONS",
}
"""What a CANCEL says about the screen it happened on (Meta's names)."""


@dataclass
class PopupError(Exception):
    """The popup shows this sentence and stays where it is. ``error_id`` is what a report of it carries."""

    message: str
    error_id: str = "1357004"

    def __post_init__(self) -> None:
        super().__init__(self.message)


@dataclass
class Signup:
    """One open popup. ``hint_code`` is the one-time code the "phone" hint shows; there is no real SIM."""

    config: SignupConfig
    extras: dict[str, Any]
    redirect_uri: str | None = None
    way: Way = Way.POPUP
    id: str = field(default_factory=lambda: new_id(18))
    session_id: str = field(default_factory=lambda: f"{int(new_id(16)):x}{new_digits(2)}")
    screen: Screen = Screen.LOG_IN
    person_id: str | None = None
    number: str = ""
    example: Example | None = None
    number_id: str | None = None
    moves_from: str | None = None
    verified: bool = False
    hint_code: str | None = field(default=None, repr=False)
    code_sent_count: int = 0
    code_tries: int = 0
    business_id: str | None = None
    new_business: dict[str, str] = field(default_factory=dict)
    account_id: str | None = None
    new_account: dict[str, str] = field(default_factory=dict)
    also_account_ids: list[str] = field(default_factory=list)
    share_history: bool = True
    shared_assets: bool = True
    more_accounts: int = 0
    told: bool = True
    told_after_s: float = 0.0
    all_targets: bool = False
    token_ttl_s: int | None = None
    scopes: tuple[str, ...] | None = None
    last_error: PopupError | None = None

    @property
    def is_phone_app(self) -> bool:
        """Whether the number the person entered stays on the WhatsApp Business app."""
        return self.example is not None and self.example.kind in PHONE_APPS

    @property
    def solution_id(self) -> str | None:
        """The multi-partner solution the app named in ``extras.setup``."""
        named = self.setup.get("solutionID")
        return named if isinstance(named, str) and named else None

    @property
    def preverified_id(self) -> str | None:
        """The first of the pre-verified numbers the app offers; Meta shows no other."""
        part = self.setup.get("preVerifiedPhone")
        ids = part.get("ids") if isinstance(part, dict) else None
        return ids[0] if isinstance(ids, list) and ids and isinstance(ids[0], str) else None

    @property
    def setup(self) -> dict[str, Any]:
        """``extras.setup``, empty where it is no object."""
        setup = self.extras.get("setup")
        return setup if isinstance(setup, dict) else {}

    @property
    def is_app_only(self) -> bool:
        """Whether the app was installed without sharing the assets with the partner."""
        features = self.extras.get("features")
        named = isinstance(features, list) and any(
            isinstance(feature, dict) and feature.get("name") == "app_only_install" for feature in features
        )
        return named or not self.shared_assets


@dataclass(frozen=True, slots=True)
class Finished:
    """What a finished popup hands over: ``code`` by FB.login's callback, ``event`` by the message channel.

    The hosted page has no ``code``, and nobody hears its ``event``.
    """

    code: str | None = field(repr=False)
    event: dict[str, Any]
    business_id: str
    waba_id: str
    waba_ids: list[str]
    phone_number_id: str | None
