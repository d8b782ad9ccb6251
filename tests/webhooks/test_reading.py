"""One message and one status of every kind the fact sheet names."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messaging.receipts import Receipt
from app.messaging.store import Inbound
from app.webhooks.reading import read_message, read_receipt
from tests.webhooks.samples import NOON, PHONE, value_of

SENT_AT = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)  # 1790000000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["id", "from", "type", "text"]), inner),
    max_leaves=10,
)


def message(name: str) -> Inbound:
    value = value_of(name)
    read = read_message(value, value["messages"][0], NOON)
    assert read is not None
    return read


def receipt(name: str) -> Receipt | None:
    value = value_of(name)
    return read_receipt(value, value["statuses"][0], NOON)


def test_a_text_is_read_whole() -> None:
    assert message("message_text") == Inbound(
        phone_number_id=PHONE,
        wamid="wamid.TEXT1",
        contact="5511988887777",
        kind="text",
        text="Olá, test K7QX 😀",
        at=SENT_AT,
        reply_to=None,
    )


def test_a_reply_names_what_it_replies_to() -> None:
    assert message("message_reply").reply_to == "wamid.OUT1"


@pytest.mark.parametrize("name", ["message_without_phone", "message_without_any_from"])
def test_a_contact_who_hides_the_number_is_known_by_the_user_id(name: str) -> None:
    assert message(name).contact == "BR.13491208655302741918"


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("message_image", "image", "Our shop"),
        ("message_audio", "audio", None),
        ("message_button", "button", "Stop promotions"),
        ("message_interactive_button", "interactive", "Yes please"),
        ("message_interactive_list", "interactive", "Rye bread"),
        ("message_interactive_flow", "interactive", None),
        ("message_reaction_removed", "reaction", None),
        ("message_system", "system", None),
        ("message_unsupported", "unsupported", None),
        ("message_of_a_kind_to_come", "hologram", None),
        ("dashboard_test_button", "text", "this is a text message"),
    ],
)
def test_every_kind_is_kept_with_the_words_a_person_wrote(name: str, kind: str, text: str | None) -> None:
    assert (message(name).kind, message(name).text) == (kind, text)


@pytest.mark.parametrize(
    "broken",
    [
        {"id": None},
        {"id": ""},
        {"id": {"not": "an id"}},
        {"id": "w" * 256},
        {"from": "5" * 151},
    ],
)
def test_a_message_without_what_identifies_it_is_none(broken: dict[str, object]) -> None:
    value = value_of("message_text")
    assert read_message(value, value["messages"][0] | broken, NOON) is None


@pytest.mark.parametrize("metadata", [None, {}, {"phone_number_id": ""}, {"phone_number_id": "1" * 65}, "text"])
def test_a_message_to_no_number_of_anybody_is_none(metadata: object) -> None:
    value = value_of("message_text") | {"metadata": metadata}
    assert read_message(value, value["messages"][0], NOON) is None
    value = value_of("status_delivered") | {"metadata": metadata}
    assert read_receipt(value, value["statuses"][0], NOON) is None


def test_a_sender_is_not_guessed_from_several_contacts() -> None:
    value = value_of("message_without_any_from")
    value["contacts"].append({"user_id": "BR.2"})
    assert read_message(value, value["messages"][0], NOON) is None


def test_a_contact_with_a_number_but_a_message_without_from_is_known_by_the_number() -> None:
    value = value_of("message_text")
    del value["messages"][0]["from"], value["messages"][0]["from_user_id"]
    read = read_message(value, value["messages"][0], NOON)
    assert read is not None
    assert read.contact == "5511988887777"


def test_what_is_missing_or_odd_beside_the_ids_does_not_lose_a_message() -> None:
    value = value_of("message_text")
    read = read_message(
        value, {"id": 77, "from": 5511988887777, "timestamp": "soon", "context": {"id": "w" * 256}}, NOON
    )
    assert read == Inbound(PHONE, "77", "5511988887777", "unknown", None, NOON, None)


def test_a_kind_longer_than_its_column_is_cut() -> None:
    value = value_of("message_text")
    read = read_message(value, value["messages"][0] | {"type": "k" * 40}, NOON)
    assert read is not None
    assert read.kind == "k" * 32


def test_a_delivery_is_read() -> None:
    assert receipt("status_delivered") == Receipt(
        phone_number_id=PHONE,
        wamid="wamid.OUT1",
        state="delivered",
        at=datetime(2026, 9, 21, 14, 13, 30, tzinfo=UTC),
        error_code=None,
        tag=None,
    )


def test_a_failure_carries_its_code() -> None:
    failed = receipt("status_failed")
    assert failed is not None
    assert (failed.state, failed.error_code) == ("failed", 131047)


@pytest.mark.parametrize(
    ("errors", "code"),
    [(None, None), ([], None), ([None, {"code": "x"}, {"code": 131026}], 131026), ({"code": 131042}, 131042)],
)
def test_a_failure_with_odd_errors_is_still_a_failure(errors: object, code: int | None) -> None:
    value = value_of("status_failed")
    failed = read_receipt(value, value["statuses"][0] | {"errors": errors}, NOON)
    assert failed is not None
    assert (failed.state, failed.error_code) == ("failed", code)


def test_an_error_on_a_message_that_did_not_fail_is_no_error_code() -> None:
    value = value_of("status_failed")
    sent = read_receipt(value, value["statuses"][0] | {"status": "sent"}, NOON)
    assert sent is not None
    assert sent.error_code is None


def test_a_voice_message_that_was_played_was_read() -> None:
    played = receipt("status_played")
    assert played is not None
    assert played.state == "read"


def test_what_we_sent_along_comes_back() -> None:
    value = value_of("status_delivered")
    read = read_receipt(value, value["statuses"][0] | {"biz_opaque_callback_data": "0192-row"}, NOON)
    assert read is not None
    assert read.tag == "0192-row"


@pytest.mark.parametrize("broken", [{"id": None}, {"status": None}, {"status": "evaporated"}, {"id": "w" * 256}])
def test_a_status_without_what_it_is_about_is_none(broken: dict[str, object]) -> None:
    value = value_of("status_delivered")
    assert read_receipt(value, value["statuses"][0] | broken, NOON) is None


def test_a_status_of_former_days_is_none() -> None:
    assert receipt("status_legacy_deleted") is None


@given(JSON, JSON)
def test_no_shape_is_an_accident(value: object, item: object) -> None:
    whole = {"metadata": {"phone_number_id": "1"}, "contacts": value}
    for given_value in (value, whole):
        message_read, receipt_read = read_message(given_value, item, NOON), read_receipt(given_value, item, NOON)
        assert message_read is None or len(message_read.contact) <= 150
        assert receipt_read is None or receipt_read.state in {"sent", "delivered", "read", "failed"}
