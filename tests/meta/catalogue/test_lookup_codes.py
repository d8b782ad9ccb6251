"""Every code of Meta's that can meet us: who acts, whether we try again, and which of our buttons helps.

Walked row by row, by hand, through Meta's pages: "Error codes" (authorization, throttling, messaging, templates,
registration, calling, flows, blocking), "Migrate a number", "Onboarding WhatsApp Business app users", Facebook Login's
code exchange, and what integrators report of the signup window's own numbers.
"""

import re

import pytest

from app.meta.catalogue import explain
from app.meta.catalogue.lookup import BY_KEY, FINDINGS
from app.meta.catalogue.rows import Explanation, Step

Row = tuple[int, int | None, Step | None, str, str, str]

AUTHORIZATION: list[Row] = [
    (0, None, None, "client", "never", "connect_again"),
    (1, None, None, "partner", "by_hand", "try_again"),
    (2, None, None, "nobody", "auto", "none"),
    (3, None, None, "partner", "by_hand", "try_again"),
    (4, None, None, "nobody", "auto", "none"),
    (10, None, None, "partner", "by_hand", "try_again"),
    (12, None, None, "partner", "by_hand", "try_again"),
    (2635, None, None, "partner", "by_hand", "try_again"),
    (33, None, None, "client", "never", "connect_again"),
    (100, None, None, "partner", "by_hand", "try_again"),
    (100, 33, None, "client", "by_hand", "connect_again"),
    (102, None, None, "client", "never", "connect_again"),
    (190, None, None, "client", "never", "connect_again"),
    (190, 458, None, "client", "never", "connect_again"),
    (190, 459, None, "client", "never", "connect_again"),
    (190, 460, None, "client", "never", "connect_again"),
    (190, 463, None, "client", "never", "connect_again"),
    (190, 464, None, "client", "never", "connect_again"),
    (190, 467, None, "client", "never", "connect_again"),
    (190, 492, None, "client", "never", "connect_again"),
    *[(code, None, None, "partner", "by_hand", "try_again") for code in range(200, 300)],  # type: ignore[list-item]
    (368, None, None, "client", "by_hand", "open_manager"),
    (613, None, None, "nobody", "auto", "none"),
    (803, None, None, "partner", "by_hand", "try_again"),
    (80007, None, None, "nobody", "auto", "none"),
    (2200, None, None, "partner", "by_hand", "try_again"),
]

# The partner's own token acts in these two steps.
SYSTEM_TOKEN: list[Row] = [
    (190, None, "credit", "partner", "by_hand", "try_again"),
    (190, 463, "credit", "partner", "by_hand", "try_again"),
    (10, None, "credit", "partner", "by_hand", "share_credit"),
    (200, None, "credit", "partner", "by_hand", "share_credit"),
    (100, None, "credit", "partner", "by_hand", "share_credit"),
    (100, 33, "credit", "partner", "by_hand", "share_credit"),
    (1, None, "credit", "partner", "by_hand", "try_again"),
    (2, None, "credit", "nobody", "auto", "none"),
    (190, None, "fetch", "partner", "by_hand", "try_again"),
    (190, 467, "fetch", "partner", "by_hand", "try_again"),
    (10, None, "fetch", "client", "by_hand", "connect_again"),
    (200, None, "fetch", "client", "by_hand", "connect_again"),
    (100, 33, "fetch", "client", "by_hand", "connect_again"),
    (100, None, "fetch", "partner", "by_hand", "try_again"),
]

MESSAGING: list[Row] = [
    (130403, None, "test", "client", "never", "none"),
    (130429, None, "test", "nobody", "auto", "none"),
    (130472, None, "test", "meta", "by_hand", "none"),
    (130497, None, "test", "client", "by_hand", "send_test"),
    (131000, None, "test", "nobody", "auto", "none"),
    (131005, None, "test", "partner", "by_hand", "try_again"),
    (131008, None, "test", "partner", "by_hand", "try_again"),
    (131009, None, "test", "partner", "by_hand", "try_again"),
    (131016, None, "test", "nobody", "auto", "none"),
    (131020, None, None, "partner", "by_hand", "none"),
    (131041, None, None, "partner", "by_hand", "none"),
    (131021, None, "test", "client", "by_hand", "send_test"),
    (131026, None, "test", "client", "by_hand", "send_test"),
    (131030, None, "test", "partner", "by_hand", "try_again"),
    (131031, None, "test", "client", "by_hand", "open_manager"),
    (131037, None, "test", "meta", "by_hand", "try_again"),
    (131042, None, "test", "partner", "by_hand", "share_credit"),
    (131044, None, None, "partner", "by_hand", "share_credit"),
    (131045, None, "test", "partner", "by_hand", "try_again"),
    (131047, None, "test", "client", "by_hand", "send_test"),
    (131048, None, "test", "meta", "by_hand", "none"),
    (131049, None, "test", "meta", "by_hand", "none"),
    (131050, None, "test", "client", "never", "none"),
    (131051, None, "test", "partner", "by_hand", "try_again"),
    (131052, None, None, "partner", "by_hand", "none"),
    (131053, None, None, "partner", "by_hand", "none"),
    (131055, None, None, "partner", "never", "none"),
    (131056, None, "test", "nobody", "auto", "none"),
    (131057, None, "test", "nobody", "auto", "none"),
    (131059, None, None, "partner", "by_hand", "none"),
    (131060, None, None, "nobody", "never", "none"),
    (131062, None, None, "partner", "never", "none"),
    (131063, None, None, "partner", "never", "none"),
    (131064, None, None, "meta", "by_hand", "none"),
    (131201, None, None, "partner", "by_hand", "none"),
    (131202, None, None, "partner", "by_hand", "none"),
    (131204, None, None, "partner", "by_hand", "none"),
    (131207, None, None, "partner", "by_hand", "none"),
    (131208, None, None, "nobody", "auto", "none"),
    *[(code, None, None, "partner", "by_hand", "none") for code in range(131209, 131216)],  # type: ignore[list-item]
    (137000, None, None, "partner", "by_hand", "try_again"),
]

TEMPLATES: list[Row] = [
    (132000, None, None, "partner", "by_hand", "none"),
    (132001, None, None, "partner", "by_hand", "open_manager"),
    (132005, None, None, "partner", "by_hand", "none"),
    (132007, None, None, "partner", "never", "open_manager"),
    (132008, None, None, "partner", "by_hand", "none"),
    (132012, None, None, "partner", "by_hand", "none"),
    (132015, None, None, "partner", "by_hand", "open_manager"),
    (132016, None, None, "partner", "never", "open_manager"),
    (132018, None, None, "partner", "by_hand", "none"),
    (132068, None, None, "partner", "by_hand", "open_manager"),
    (132069, None, None, "partner", "by_hand", "open_manager"),
    (100, 2388019, None, "partner", "by_hand", "open_manager"),
    (100, 2388023, None, "partner", "never", "none"),
    (100, 2388024, None, "partner", "never", "none"),
    (100, 2388040, None, "partner", "never", "none"),
    (100, 2388043, None, "partner", "never", "none"),
    (100, 2388047, None, "partner", "never", "none"),
    (100, 2388072, None, "partner", "never", "none"),
    (100, 2388073, None, "partner", "never", "none"),
    (100, 2388293, None, "partner", "never", "none"),
    (100, 2388299, None, "partner", "never", "none"),
    (141002, None, None, "meta", "by_hand", "none"),
]

REGISTRATION: list[Row] = [
    (133000, None, "register", "nobody", "auto", "none"),
    (133004, None, "register", "nobody", "auto", "none"),
    (133005, None, "register", "client", "by_hand", "enter_pin"),
    (133006, None, "register", "client", "by_hand", "connect_again"),
    (133008, None, "register", "client", "by_hand", "try_again"),
    (133009, None, "register", "client", "by_hand", "try_again"),
    (133010, None, "test", "partner", "by_hand", "try_again"),
    (133015, None, "register", "nobody", "auto", "none"),
    (133016, None, "register", "nobody", "by_hand", "try_again"),
    (131009, None, "register", "partner", "by_hand", "try_again"),
    (134011, None, None, "client", "by_hand", "open_manager"),
    (134100, None, None, "partner", "never", "none"),
    (134101, None, None, "nobody", "auto", "none"),
    (134102, None, None, "nobody", "auto", "none"),
    (134103, None, None, "partner", "by_hand", "none"),
    (135000, None, None, "partner", "by_hand", "try_again"),
    (136024, None, "verify", "client", "by_hand", "request_code"),
    (136025, None, "verify", "client", "by_hand", "request_code"),
]

CALLING = [*range(138000, 138008), 138009, *range(138012, 138016), *range(138017, 138025)]
OTHERS: list[Row] = [
    *[(code, None, None, "partner", "by_hand", "none") for code in CALLING],  # type: ignore[list-item]
    *[(code, None, None, "partner", "by_hand", "open_manager") for code in range(139000, 139005)],  # type: ignore[list-item]
    *[(code, None, None, "partner", "by_hand", "none") for code in range(139100, 139104)],  # type: ignore[list-item]
    (139200, None, None, "partner", "never", "none"),
    (141006, None, None, "partner", "by_hand", "share_credit"),
    *[(code, None, None, "client", "by_hand", "none") for code in range(147001, 147006)],  # type: ignore[list-item]
    *[(code, None, None, "partner", "by_hand", "none") for code in range(2494164, 2494169)],  # type: ignore[list-item]
    (2494176, None, None, "partner", "by_hand", "none"),
    (2494177, None, None, "partner", "by_hand", "none"),
    (2494179, None, None, "partner", "by_hand", "none"),
    (200005, None, None, "partner", "by_hand", "none"),
    (200006, None, None, "partner", "by_hand", "none"),
    (200007, None, None, "partner", "by_hand", "none"),
]

COMING_ABOARD: list[Row] = [
    (100, 36007, "exchange", "client", "never", "connect_again"),
    (100, 36008, "exchange", "partner", "never", "connect_again"),
    (100, 36009, "exchange", "client", "never", "connect_again"),
    (100, None, "exchange", "client", "never", "connect_again"),
    (1, None, "exchange", "partner", "never", "connect_again"),
    (100, 2388001, "register", "client", "by_hand", "try_again"),
    (100, 2388012, "register", "nobody", "never", "none"),
    (2388091, None, None, "client", "by_hand", "try_again"),
    (2388093, None, None, "client", "by_hand", "try_again"),
    (100, 2388103, "register", "client", "by_hand", "open_manager"),
    (2494100, None, None, "nobody", "auto", "none"),
    (2593079, None, None, "client", "by_hand", "try_again"),
    (2593085, None, None, "client", "by_hand", "try_again"),
    (2593107, None, "sync", "nobody", "never", "none"),
    (2593108, None, "sync", "client", "never", "connect_again"),
    (2593109, None, "sync", "nobody", "never", "none"),
    (1752041, None, None, "nobody", "never", "none"),
]

SIGNUP_WINDOW: list[Row] = [
    (1690130, None, "window", "client", "never", "connect_again"),
    (3441038, None, "window", "client", "never", "connect_again"),
    (2388010, None, "window", "client", "never", "connect_again"),
    (2388011, None, "window", "client", "never", "connect_again"),
    (2388054, None, "window", "client", "never", "connect_again"),
    (2593085, None, "window", "client", "never", "connect_again"),
    (524126, None, "window", "client", "never", "connect_again"),
    (1357004, None, "window", "client", "never", "connect_again"),
]

EVERY = [
    *AUTHORIZATION,
    *SYSTEM_TOKEN,
    *MESSAGING,
    *TEMPLATES,
    *REGISTRATION,
    *OTHERS,
    *COMING_ABOARD,
    *SIGNUP_WINDOW,
]


@pytest.mark.parametrize(("code", "subcode", "step", "who", "retry", "button"), EVERY)
def test_a_code_says_who_acts_whether_we_repeat_and_which_button_helps(
    code: int, subcode: int | None, step: Step | None, who: str, retry: str, button: str
) -> None:
    found = explain((code, subcode), step)
    assert found.key not in {"refused", "meta_busy", "token_dead", "permission_missing", "already_done"}
    assert (found.who, found.retry, found.button) == (who, retry, button)


@pytest.mark.parametrize(
    ("key", "button"),
    [
        ("say_hi", "send_test"),
        ("token_not_valid", "connect_again"),
        ("token_of_other_app", "try_again"),
        ("scopes_missing", "connect_again"),
        ("ids_not_of_token", "connect_again"),
        ("no_account_shared", "connect_again"),
        ("no_number", "connect_again"),
        ("callback_differs", "try_again"),
        ("number_on_phone_app", "connect_again"),
        ("number_not_verified", "request_code"),
        ("register_budget", "try_again"),
        ("answer_failed", "try_again"),
        ("paid_otherwise", "share_credit"),
        ("account_of_other_client", "try_again"),
        ("name_declined", "open_manager"),
        ("not_shared", "connect_again"),
        ("parked_preverified", "none"),
        ("parked_app_only", "connect_again"),
        ("parked_solution", "none"),
    ],
)
def test_a_finding_of_ours_names_its_button(key: str, button: str) -> None:
    assert FINDINGS[key].button == button


EXPLANATIONS = sorted(BY_KEY.items())


@pytest.mark.parametrize(("key", "row"), EXPLANATIONS)
def test_what_repeats_by_itself_offers_no_button_but_our_own_faults(key: str, row: Explanation) -> None:
    assert row.retry != "auto" or row.button == "none" or key == "internal"


@pytest.mark.parametrize(("key", "row"), EXPLANATIONS)
def test_who_is_sent_to_the_manager_is_given_its_address(key: str, row: Explanation) -> None:
    assert row.button != "open_manager" or str(row.link).startswith("https://business.facebook.com/")


@pytest.mark.parametrize(("key", "row"), [pair for pair in EXPLANATIONS if pair[1].who == "client"])
def test_the_clients_words_name_the_button_the_client_is_given(key: str, row: Explanation) -> None:
    if re.search(r"\bConnect (WhatsApp )?again\b", row.client_do):
        assert row.button == "connect_again"
    if row.button == "try_again":
        assert "Try again" in row.client_do


@pytest.mark.parametrize(("key", "row"), EXPLANATIONS)
def test_apostrophes_and_quotes_are_curly(key: str, row: Explanation) -> None:
    for text in (row.meaning, row.do, row.client_meaning, row.client_do):
        assert "'" not in text
        assert '"' not in text
