"""Which words a way of ending gets: every screen of Meta's, every known error, the waits before silence is an end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.onboarding.window import endings
from app.onboarding.window.endings import BadEnding, Heard, ending_of, find_row, read_endings
from app.onboarding.window.events import EndEvent

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FINISH = EndEvent("FINISH", waba_id="1")
CANCEL = EndEvent("CANCEL", current_step="PERMISSIONS")


def heard(event: EndEvent | None = None, **more: object) -> Heard:
    return Heard(**({"event": event, "opened_at": NOON} | more))  # type: ignore[arg-type]


def key_of(found: Heard, *, after: timedelta = timedelta(seconds=2)) -> str | None:
    ending = ending_of(found, now=NOON + after)
    return ending.key if ending else None


@pytest.mark.parametrize(
    ("kind", "screen", "key"),
    [
        ("CANCEL", "BUSINESS_ACCOUNT_SELECTION", "stopped_at_the_portfolio"),
        ("CANCEL", "WABA_PHONE_PROFILE_PICKER", "stopped_at_the_account"),
        ("CANCEL", "WHATSAPP_BUSINESS_PROFILE_SETUP", "stopped_at_the_profile"),
        ("CANCEL", "PHONE_NUMBER_SETUP", "stopped_at_the_number"),
        ("CANCEL", "PHONE_NUMBER_VERIFICATION", "stopped_at_the_code"),
        ("CANCEL", "PERMISSIONS", "stopped_at_the_permissions"),
        ("CANCEL", "A_SCREEN_TO_COME", "cancelled"),
        ("CANCEL", None, "cancelled"),
        ("CANCEL_WHATSAPP_BUSINESS_APP_ONBOARDING", None, "stopped_at_the_phone_app"),
        ("CANCEL_WHATSAPP_BUSINESS_APP_ONBOARDING", "PERMISSIONS", "stopped_at_the_phone_app"),
        ("CANCEL_SOMETHING_NEW", None, "cancelled"),
        ("CLOSED", "PHONE_NUMBER_VERIFICATION", "stopped_at_the_code"),
        ("CLOSED", "PERMISSIONS", "stopped_at_the_permissions"),
        ("CLOSED", "A_SCREEN_TO_COME", "closed"),
        ("CLOSED", None, "closed"),
        ("ERROR", None, "failed"),
        ("ERROR", "BUSINESS_ACCOUNT_SELECTION", "failed_at_the_portfolio"),
        ("ERROR_WHATSAPP_BUSINESS_APP_ONBOARDING", None, "phone_app_failed"),
        ("ERROR_SOMETHING_NEW", None, "failed"),
    ],
)
def test_each_event_and_screen_has_its_words(kind: str, screen: str | None, key: str) -> None:
    assert key_of(heard(EndEvent(kind, current_step=screen))) == key


@pytest.mark.parametrize(
    ("error_id", "key"),
    [
        ("1690130", "portfolio_not_taken"),
        ("3441038", "not_an_admin"),
        ("2388001", "held_by_another_provider"),
        ("2388012", "in_another_account"),
        ("2388103", "not_movable_yet"),
        ("2388091", "too_many_codes"),
        ("2388093", "too_many_codes"),
        ("136024", "too_many_codes"),
        ("136025", "wrong_code"),
        ("2494100", "in_maintenance"),
        ("524126", "name_not_taken"),
        ("999999", "failed"),
    ],
)
@pytest.mark.parametrize("kind", ["CANCEL", "ERROR"])
def test_each_known_number_of_an_error_has_its_words(kind: str, error_id: str, key: str) -> None:
    assert key_of(heard(EndEvent(kind, error_id=error_id))) == key


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Your verified name violates WhatsApp guidelines.", "name_not_taken"),
        ("You have no permission for this resource.", "not_an_admin"),
        ("Two-step verification is still on for this number.", "held_by_another_provider"),
        ("This number is already connected to another WhatsApp account.", "in_another_account"),
        ("You asked for too many codes. Try again later.", "too_many_codes"),
        ("That code is not right. Check it and try again.", "wrong_code"),
        ("This number is registered with WhatsApp Messenger. Delete that account first.", "on_a_private_app"),
        ("This phone number is already registered on WhatsApp.", "on_a_private_app"),
        ("Update the WhatsApp Business app to version 2.24.17 or later.", "app_too_old"),
        ("This number is in use on the WhatsApp Business app.", "on_the_business_app"),
        ("This phone number can't be used with WhatsApp.", "number_not_allowed"),
        ("This phone number is not eligible.", "number_not_allowed"),
        ("Enter a valid phone number with its country code.", "number_not_valid"),
        ("You have reached the limit of business portfolios.", "no_more_portfolios"),
        ("Your account is too new to create a portfolio.", "facebook_account_too_new"),
        ("This business portfolio is restricted.", "portfolio_restricted"),
        ("You reached the limit of WhatsApp Business accounts.", "no_more_accounts"),
        ("This partner can't onboard customers at the moment.", "no_more_clients_now"),
        ("JSSDK Unknown Host domain", "our_set_up"),
        ("URL blocked: the redirect URI is not white-listed.", "our_set_up"),
        ("Su nombre infringe las directrices.", "failed"),
    ],
)
def test_an_error_without_a_known_number_is_told_by_its_english_sentence(sentence: str, key: str) -> None:
    assert key_of(heard(EndEvent("CANCEL", error_message=sentence, error_id="1357004"))) == key


def test_of_two_signs_the_number_wins_where_its_row_stands_higher() -> None:
    event = EndEvent("ERROR", error_id="1690130", error_message="Your display name is wrong.")
    assert key_of(heard(event)) == "portfolio_not_taken"


A_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("found", "after", "key"),
    [
        # A window that may still be open is not explained, however long somebody looks for papers.
        (heard(), timedelta(minutes=30) - A_SECOND, None),
        (heard(), timedelta(minutes=30), "silent"),
        (heard(EndEvent("PROGRESS", current_step="PERMISSIONS")), timedelta(minutes=5), None),
        (heard(EndEvent("PROGRESS", current_step="PERMISSIONS")), timedelta(minutes=30), "silent"),
        (heard(closed_at=NOON), A_SECOND, "closed"),
        # After FINISH the code follows at once, or never; a page that gave up says so by closing.
        (heard(FINISH, event_at=NOON), timedelta(seconds=19), None),
        (heard(FINISH, event_at=NOON), timedelta(seconds=20), "no_code"),
        (heard(FINISH), timedelta(seconds=20), "no_code"),
        (heard(FINISH, event_at=NOON, closed_at=NOON), A_SECOND, "no_code"),
        (heard(EndEvent("FINISH_SOMETHING_NEW"), closed_at=NOON), A_SECOND, "no_code"),
        # While the code is exchanged there is nothing to explain; when that died, there is.
        (heard(FINISH, event_at=NOON, code_at=NOON), timedelta(seconds=59), None),
        (heard(FINISH, event_at=NOON, code_at=NOON), timedelta(seconds=60), "no_code"),
        (heard(CANCEL, code_at=NOON, closed_at=NOON), timedelta(seconds=59), None),
        (heard(FINISH, code_refused="code_expired"), A_SECOND, "code_refused"),
        (heard(None, code_refused="code_used"), A_SECOND, "code_refused"),
        # A sign-in is no ending, whatever else was said.
        (heard(FINISH, code_at=NOON, has_begun=True), timedelta(days=9), None),
        (heard(CANCEL, code_refused="code_used", has_begun=True), timedelta(days=9), None),
    ],
)
def test_silence_becomes_an_end_in_time_and_a_sign_in_never(found: Heard, after: timedelta, key: str | None) -> None:
    assert key_of(found, after=after) == key


def test_each_row_says_all_it_must_and_each_button_leads_somewhere() -> None:
    assert len(endings.ENDINGS) == 35
    assert {row.button: row.link for row in endings.ENDINGS.values()} == {
        "continue": None,
        "send": None,
        "keep_app": None,
        "help": None,
        "manager": "https://business.facebook.com/wa/manage/phone-numbers/",
        "support": "https://business.facebook.com/business-support-home",
    }
    for row in endings.ENDINGS.values():
        assert all(text.endswith((".", "?")) for text in (row.happened, row.do, row.staff_do)), row.key
        assert not row.staff.endswith("."), row.key


def test_every_row_can_be_reached() -> None:
    """No row stands behind one that takes everything it speaks of."""
    for row in endings.ENDINGS.values():
        event = EndEvent(
            kind=(*row.kinds, "CANCEL")[0],
            current_step=(*row.screens, None)[0],
            error_id=(*row.errors, None)[0],
            error_message=None if row.errors else (*row.says, None)[0],
        )
        assert find_row(row.of[0], event).key == row.key


def write(folder: Path, rows: str) -> Path:
    """A whole table: an own row before the last row of each sort."""
    last = "".join(
        f'[{sort}]\nfits = {{ of = ["{sort}"] }}\ntone = "wait"\nbutton = "help"\nhappened = "x"\ndo = "x"\n'
        'staff = "x"\nstaff_do = "x"\n'
        for sort in ("cancelled", "closed", "failed", "no_code", "refused", "silent")
    )
    (folder / "window_errors.toml").write_text(rows)
    (folder / "endings.toml").write_text(last)
    return folder


ROW = """[own]
fits = { of = ["failed"] }
tone = "act"
button = "send"
happened = "a"
do = "b"
staff = "c"
staff_do = "d"
"""


def test_a_whole_table_is_read_in_the_order_it_is_looked_at(tmp_path: Path) -> None:
    rows = read_endings(write(tmp_path, ROW))
    assert list(rows) == ["own", "cancelled", "closed", "failed", "no_code", "refused", "silent"]
    assert (rows["own"].tone, rows["own"].button, rows["own"].of) == ("act", "send", ("failed",))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('do = "b"\n', ""), "own: has button, fits, happened, staff, staff_do, tone"),
        (('do = "b"\n', 'do = "b"\nlink = "https://example.com"\n'), "own: has button, do, fits, happened, link"),
        (('of = ["failed"]', 'screens = ["PERMISSIONS"]'), "own: fits names screens"),
        (('of = ["failed"]', "of = []"), "own: fits names of"),
        (('of = ["failed"]', 'of = ["failed"], codes = ["1"]'), "own: fits names codes, of"),
        (('of = ["failed"]', 'of = ["lost"]'), "own: of is lost, which is none of cancelled, closed"),
        (('tone = "act"', 'tone = "loud"'), "own: tone is loud, which is none of wait, act"),
        (('button = "send"', 'button = "jump"'), "own: button is jump, which is none of continue, send"),
        (('of = ["failed"]', 'of = ["failed"], says = ["No"]'), "own: says is compared in small letters"),
        (("[own]", "[closed]"), "two rows are called closed"),
    ],
)
def test_a_row_that_breaks_a_rule_stops_the_program(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    with pytest.raises(BadEnding) as refused:
        read_endings(write(tmp_path, ROW.replace(*change)))
    assert str(refused.value).startswith(told)


def test_a_sort_without_a_last_row_stops_the_program(tmp_path: Path) -> None:
    write(tmp_path, "")
    text = (tmp_path / "endings.toml").read_text()
    (tmp_path / "endings.toml").write_text(text.replace('of = ["silent"]', 'of = ["silent"], screens = ["X"]'))
    with pytest.raises(BadEnding, match="no row explains every end that is silent"):
        read_endings(tmp_path)
