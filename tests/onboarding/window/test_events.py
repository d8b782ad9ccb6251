"""Every end event of the signup window, with its ids or without, among noise and nonsense."""

from typing import Any

import pytest

from app.kit.errors import InvalidInput
from app.onboarding.window.events import EndEvent, read_end_event, read_screen, stored_event

IDS = {"phone_number_id": "106540352242922", "waba_id": "524126980791429", "business_id": "2729063490586005"}


def event(kind: str, data: object = None, **more: Any) -> dict[str, Any]:
    return {"type": "WA_EMBEDDED_SIGNUP", "event": kind, **({} if data is None else {"data": data}), **more}


def test_metas_own_example_of_a_finish_is_read() -> None:
    assert read_end_event(event("FINISH", IDS, version="3")) == EndEvent(
        "FINISH",
        phone_number_id="106540352242922",
        waba_id="524126980791429",
        business_id="2729063490586005",
        version="3",
    )


@pytest.mark.parametrize(
    ("kind", "data", "outcome"),
    [
        ("FINISH", IDS, "finished"),
        ("FINISH", {**IDS, "is_wa_login_user": True}, "finished"),
        ("FINISH_ONLY_WABA", {"waba_id": "1", "business_id": "2"}, "finished"),
        ("FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING", {"waba_id": "1"}, "finished"),
        ("FINISH_OBO_MIGRATION", {"waba_id": "1"}, "finished"),
        ("FINISH_GRANT_ONLY_API_ACCESS", {}, "finished"),
        ("FINISH_SOMETHING_NEW", None, "finished"),
        ("CANCEL", {"current_step": "PHONE_NUMBER_SETUP"}, "cancelled"),
        ("CANCEL", {"current_step": "A_NEW_SCREEN"}, "cancelled"),
        ("CANCEL", {}, "cancelled"),
        ("CANCEL_WHATSAPP_BUSINESS_APP_ONBOARDING", None, "cancelled"),
        ("PROGRESS", None, "under_way"),
        ("PROGRESS", {"current_step": "PERMISSIONS", "error_message": "No."}, "under_way"),
        ("SOMETHING_NEW", {"current_step": "PERMISSIONS"}, "under_way"),
        ("CLOSED", {"current_step": "PERMISSIONS"}, "closed"),
        ("CANCEL", {"error_message": "No.", "error_id": "524126", "session_id": "f34b", "timestamp": "1"}, "failed"),
        ("CANCEL", {"error_code": 524126}, "failed"),
        ("ERROR", {"error_message": "No.", "error_code": "524126"}, "failed"),
        ("ERROR", None, "failed"),
        ("ERROR_WHATSAPP_BUSINESS_APP_ONBOARDING", {}, "failed"),
    ],
)
def test_each_event_is_told_apart(kind: str, data: object, outcome: str) -> None:
    read = read_end_event(event(kind, data))
    assert (read.kind, read.outcome) == (kind, outcome)


@pytest.mark.parametrize("key", ["error_id", "error_code"])
@pytest.mark.parametrize("value", ["524126", 524126])
def test_both_names_of_the_errors_number_are_read(key: str, value: object) -> None:
    read = read_end_event(event("CANCEL", {"error_message": "Your verified name…", key: value, "session_id": "f34b51"}))
    assert (read.error_id, read.error_message, read.session_id) == ("524126", "Your verified name…", "f34b51")


@pytest.mark.parametrize("missing", ["phone_number_id", "waba_id", "business_id"])
@pytest.mark.parametrize("nothing", ["absent", None, ""])
def test_no_id_is_promised(missing: str, nothing: object) -> None:
    data: dict[str, Any] = {**IDS, missing: nothing}
    if nothing == "absent":
        del data[missing]
    read = read_end_event(event("FINISH", data))
    assert getattr(read, missing) is None
    assert sum(value is not None for value in (read.waba_id, read.phone_number_id, read.business_id)) == 2


def test_ids_that_came_as_numbers_become_text_and_versions_too() -> None:
    read = read_end_event(event("FINISH", {"waba_id": 524126980791429}, version=3))
    assert (read.waba_id, read.version) == ("524126980791429", "3")


def test_lists_and_flags_that_we_know_are_kept_and_others_are_not() -> None:
    data = {**IDS, "waba_ids": ["1", 2], "is_wa_login_user": True, "is_coexistence": "yes", "page_ids": [], "new": "x"}
    assert read_end_event(event("FINISH", data)).more == {"waba_ids": ["1", "2"], "is_wa_login_user": True}


def test_what_is_stored_comes_back_the_same() -> None:
    for given in (event("FINISH", {**IDS, "waba_ids": ["1"]}), event("CANCEL", {"current_step": "PERMISSIONS"})):
        read = read_end_event(given)
        assert stored_event(read.as_stored()) == read
    assert read_end_event(event("CANCEL")).as_stored() == {"kind": "CANCEL"}


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (None, "event.type"),
        ("cb=f1a2b3&domain=example", "event.type"),
        ([], "event.type"),
        ({}, "event.type"),
        ({"type": "wa_embedded_signup", "event": "FINISH"}, "event.type"),
        (event(""), "event.event"),
        (event("x" * 65), "event.event"),
        ({"type": "WA_EMBEDDED_SIGNUP"}, "event.event"),
        ({"type": "WA_EMBEDDED_SIGNUP", "event": 1}, "event.event"),
        (event("FINISH", "text"), "event.data"),
        (event("FINISH", [1]), "event.data"),
        (event("FINISH", {"waba_id": {"a": 1}}), "event.data.waba_id"),
        (event("FINISH", {"waba_id": True}), "event.data.waba_id"),
        (event("FINISH", {"waba_id": 1.5}), "event.data.waba_id"),
        (event("FINISH", {"waba_id": "1" * 65}), "event.data.waba_id"),
        (event("FINISH", {"waba_id": "1/phone_numbers"}), "event.data.waba_id"),
        (event("CANCEL", {"current_step": ["x"]}), "event.data.current_step"),
        (event("CANCEL", {"error_message": {"text": "x"}}), "event.data.error_message"),
        (event("CANCEL", {"session_id": False}), "event.data.session_id"),
        (event("FINISH", {"waba_ids": "1"}), "event.data.waba_ids"),
        (event("FINISH", {"waba_ids": ["1"] * 101}), "event.data.waba_ids"),
        (event("FINISH", {"waba_ids": [None]}), "event.data.waba_ids"),
    ],
)
def test_nonsense_is_refused_by_naming_the_field(payload: object, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_end_event(payload)
    assert [fault.field for fault in refused.value.faults] == [field]


def test_what_only_people_read_is_cut_and_never_refused() -> None:
    """A reason that was refused for its length would be lost."""
    data = {
        "current_step": "X" * 101,
        "error_message": "Your name\n\tis \x00 not good. " + "x" * 600,
        "error_code": "1" * 65,
        "session_id": "f" * 101,
        "timestamp": "1" * 33,
    }
    read = read_end_event(event("CANCEL", data, version="3" * 17))
    assert read.current_step == "X" * 100
    assert (read.error_message or "").startswith("Your name is not good. xxx")
    assert len(read.error_message or "") == 500
    assert (read.error_id, read.session_id, read.timestamp, read.version) == ("1" * 64, "f" * 100, "1" * 32, "3" * 16)
    assert read_end_event(event("CANCEL", {"error_message": " \n "})).error_message is None


def test_metas_own_example_of_an_error_keeps_what_its_support_asks_for() -> None:
    data = {
        "error_message": "Your verified name violates WhatsApp guidelines.",
        "error_id": "524126",
        "session_id": "f34b51dab5e0498",
        "timestamp": "1746041036",
    }
    assert read_end_event(event("CANCEL", data, version="3")).as_stored() == {
        "kind": "CANCEL",
        "error_message": "Your verified name violates WhatsApp guidelines.",
        "error_id": "524126",
        "session_id": "f34b51dab5e0498",
        "timestamp": "1746041036",
        "version": "3",
    }


@pytest.mark.parametrize(
    ("given", "kept"), [(None, None), ("", None), (" \n", None), ("A\x00B", "A B"), ("P" * 200, "P" * 100)]
)
def test_a_screens_name_is_one_line(given: str | None, kept: str | None) -> None:
    assert read_screen(given) == kept


def test_the_longest_that_fits_is_taken() -> None:
    data = {"waba_id": "1" * 64, "current_step": "X" * 100, "error_message": "x" * 500, "waba_ids": ["1"] * 100}
    read = read_end_event(event("C" * 64, data))
    assert (len(read.kind), len(read.waba_id or ""), len(read.error_message or "")) == (64, 64, 500)
