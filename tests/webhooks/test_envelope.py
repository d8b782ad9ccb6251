"""Taking a notification apart, whatever shape it is in."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.webhooks.envelope import MISSHAPEN, Change, Unreadable, changes_in
from tests.webhooks.samples import PAYLOADS, PHONE, WABA, payload, wire

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=25,
)


def test_a_change_carries_its_entry_its_time_and_its_value_whole() -> None:
    (change,) = changes_in(wire(payload("account_restriction")))
    assert change.entry_id == WABA
    assert change.time == datetime(2026, 9, 21, 15, 8, 53, tzinfo=UTC)
    assert change.field == "account_update"
    assert change.value == {
        "event": "ACCOUNT_RESTRICTION",
        "restriction_info": [
            {
                "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
                "expiration": 1790262533,
                "remediation": "Visit Business Support Home.",
            }
        ],
    }


def test_message_fields_come_without_a_time() -> None:
    (change,) = changes_in(wire(payload("message_text")))
    assert change.time is None
    assert change.value["metadata"] == {"display_phone_number": "551130000000", "phone_number_id": PHONE}


def test_meta_escapes_are_read_as_what_they_stand_for() -> None:
    body = wire(payload("message_text"))
    assert rb"Ol\u00e1" in body
    assert rb"\ud83d\ude00" in body
    assert changes_in(body)[0].value["messages"][0]["text"]["body"] == "Olá, test K7QX 😀"


def test_several_entries_and_changes_come_out_in_their_order() -> None:
    found = changes_in(wire(payload("batch_of_several")))
    assert [(change.entry_id, change.field) for change in found] == [
        ("524126980791429", "messages"),
        ("35602282435505", "account_update"),
        ("524126980791429", "messages"),
        ("524126980791429", "security"),
    ]


def test_what_is_misshapen_is_shown_and_takes_no_neighbour_along() -> None:
    found = changes_in(wire(payload("batch_of_good_and_misshapen")))
    assert [change.field for change in found] == [MISSHAPEN] * 6 + ["messages"]
    assert found[-1].value["messages"][2]["id"] == "wamid.GOOD1"


def test_unknown_fields_and_keys_are_kept() -> None:
    (change,) = changes_in(wire(payload("message_of_a_kind_to_come")))
    assert change.value["messages"][0]["hologram"] == {"depth": 3}
    assert change.value["messages"][0]["mood"] == "sunny"


def test_ids_written_as_numbers_stay_exact_whatever_their_size() -> None:
    (change,) = changes_in(wire(payload("partner_added_with_numbers_as_ids")))
    assert change.value["waba_info"] == {
        "waba_id": 524126980791429,
        "owner_business_id": "27290634905860052729063490586005",
    }
    (change,) = changes_in(wire(payload("template_status_with_a_numeric_id")))
    assert change.value["message_template_id"] == 1689556908129832


def test_a_number_of_ten_thousand_digits_is_text_and_no_accident() -> None:
    digits = "9" * 10_000
    (change,) = changes_in(_with_value(f'{{"id":{digits}}}'))
    assert change.value == {"id": digits}


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_nothing(word: str) -> None:
    assert changes_in(_with_value(f'{{"x":{word}}}'))[0].value == {"x": None}


@pytest.mark.parametrize(
    ("escaped", "clean"),
    [
        (r"a\u0000b", "a\ufffdb"),
        (r"a\ud83d", "a\ufffd"),
        (r"\uDE00b", "\ufffdb"),
        (r"\ud83d\ude00", "😀"),
        (r"\\u0000", "\\u0000"),
    ],
)
def test_letters_no_database_takes_are_replaced_wherever_they_stand(escaped: str, clean: str) -> None:
    (change,) = changes_in(_with_value(f'{{"{escaped}":["{escaped}",{{"deep":"{escaped}"}},7]}}'))
    assert change.value == {clean: [clean, {"deep": clean}, 7]}


def test_of_a_key_given_twice_the_last_counts() -> None:
    assert changes_in(_with_value('{"event":"A","event":"B"}'))[0].value == {"event": "B"}


@pytest.mark.parametrize("field", ["user", "permissions", "page"])
def test_notifications_about_another_kind_of_object_are_named_after_it(field: str) -> None:
    (change,) = changes_in(wire({"object": field, "entry": [{"id": "1"}]}))
    assert change.field == f"object {field}"


def test_a_notification_without_an_object_is_named_so() -> None:
    assert [change.field for change in changes_in(b'{"entry":[]}')] == ["object unnamed"]


@pytest.mark.parametrize("entry", ["null", "[]", '[{"id":"1","changes":[]}]', '[{"changes":null}]'])
def test_a_notification_may_say_nothing(entry: str) -> None:
    assert changes_in(f'{{"object":"whatsapp_business_account","entry":{entry}}}'.encode()) == []


def test_an_entry_that_is_no_list_is_read_as_one() -> None:
    entry = payload("partner_added")["entry"][0]
    changes = changes_in(wire({"object": "whatsapp_business_account", "entry": entry}))
    assert [change.field for change in changes] == ["account_update"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is not JSON"),
        (b"hello", "is not JSON"),
        (b'{"object":', "is not JSON"),
        (b"\xff\xfe\x00\x00", "is not JSON"),
        (b"\x1f\x8b\x08\x00", "is not JSON"),
        (b'{"a":"\x00"}', "is not JSON"),
        (b"[" * 200_000, "is not JSON"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "is not JSON"),
        (b"[]", "is not a JSON object"),
        (b"null", "is not a JSON object"),
        (b'"text"', "is not a JSON object"),
        (b"7", "is not a JSON object"),
    ],
)
def test_what_can_never_be_read_is_unreadable_with_a_reason_that_quotes_nothing(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        changes_in(body)
    assert str(unreadable.value) == reason


@given(JSON)
def test_any_json_gives_changes_or_is_unreadable(value: object) -> None:
    _read(json.dumps(value).encode())


@given(JSON, JSON)
def test_any_json_in_any_place_of_the_envelope_gives_changes(entry: object, change: object) -> None:
    whole = {"object": "whatsapp_business_account", "entry": [entry, {"id": "1", "changes": [change]}]}
    for found in changes_in(json.dumps(whole).encode()):
        assert isinstance(found, Change)
        assert isinstance(found.value, dict)


@given(st.binary(max_size=200))
def test_any_bytes_give_changes_or_are_unreadable(body: bytes) -> None:
    _read(body)


def test_every_sample_can_be_read() -> None:
    samples = sorted(PAYLOADS.glob("*.json"))
    assert len(samples) >= 30
    for sample in samples:
        assert changes_in(sample.read_bytes())


def _read(body: bytes) -> None:
    try:
        found = changes_in(body)
    except Unreadable:
        return
    assert all(isinstance(change, Change) for change in found)


def _with_value(value: str) -> bytes:
    start = '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"x","value":'
    return f"{start}{value}}}]}}]}}".encode()
