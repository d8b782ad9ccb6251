"""Sending, refusing to send, and marking read."""

from typing import Any

import pytest

from tests.sandbox.desk import Client, Desk, error_of

CONTACT = "15550100301"


def send(desk: Desk, client: Client, **body: Any) -> Any:
    return desk.post_json(f"/{client.phone}/messages", client.token, {"messaging_product": "whatsapp", **body})


def write_in(desk: Desk, client: Client, **more: Any) -> str:
    body = {"phone_number_id": client.phone, "from": CONTACT, "type": "text", "body": "hi", **more}
    reply = desk.ask("POST", "/inbound", body)
    assert reply.status_code == 201, reply.text
    return str(reply.get_json()["id"])


def last_status(desk: Desk) -> str:
    return str(desk.ask("GET", "/world").get_json()["messages"][-1]["status"])


def test_a_text_in_an_open_window_is_accepted_and_read(desk: Desk) -> None:
    client = desk.live_client()
    write_in(desk, client)
    reply = send(desk, client, to=f"+{CONTACT}", type="text", text={"body": "hello"})
    assert reply.status_code == 200
    body = reply.get_json()
    assert body["messaging_product"] == "whatsapp"
    assert body["contacts"] == [{"input": f"+{CONTACT}", "wa_id": CONTACT}]
    assert body["messages"][0]["id"].startswith("wamid.")
    assert "message_status" not in body["messages"][0]
    assert last_status(desk) == "read"
    assert desk.effects("*/messages") == ["sent"]


def test_the_window_closes_after_a_day_and_the_message_is_accepted_all_the_same(desk: Desk) -> None:
    client = desk.live_client()
    assert send(desk, client, to=CONTACT, text={"body": "hello"}).status_code == 200
    assert last_status(desk) == "failed"
    write_in(desk, client)
    desk.advance(24 * 3600 - 5)
    send(desk, client, to=CONTACT, text={"body": "hello"})
    assert last_status(desk) == "read"
    desk.advance(6)
    assert send(desk, client, to=CONTACT, text={"body": "hello"}).status_code == 200
    assert last_status(desk) == "failed"


def test_a_template_needs_no_window_but_a_payer(desk: Desk) -> None:
    template = {"name": "hello_world", "language": {"code": "en_US"}}
    paid = desk.live_client()
    reply = send(desk, paid, to=CONTACT, type="template", template=template)
    assert reply.get_json()["messages"][0]["message_status"] == "accepted"
    assert last_status(desk) == "read"
    unpaid = desk.onboard()
    desk.register(unpaid)
    assert send(desk, unpaid, to=CONTACT, type="template", template=template).status_code == 200
    assert last_status(desk) == "failed"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ({"name": "order_ok", "language": {"code": "en_US"}}, (404, 132001, None)),
        ({"name": "hello_world", "language": {"code": "pt_BR"}}, (404, 132001, None)),
        ({"name": "hello_world"}, (400, 100, None)),
        ({"language": {"code": "en_US"}}, (400, 100, None)),
        (
            {
                "name": "hello_world",
                "language": {"code": "en_US"},
                "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}],
            },
            (400, 132000, None),
        ),
    ],
)
def test_templates_are_checked_at_once(desk: Desk, template: dict[str, Any], expected: tuple[int, int, None]) -> None:
    client = desk.live_client()
    assert error_of(send(desk, client, to=CONTACT, type="template", template=template)) == expected


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"to": CONTACT, "text": {"body": ""}}, 100),
        ({"to": CONTACT, "text": {"body": "x" * 4097}}, 100),
        ({"to": CONTACT, "type": "text"}, 100),
        ({"text": {"body": "hi"}}, 100),
        ({"to": "12", "text": {"body": "hi"}}, 131009),
        ({"to": CONTACT, "type": "hologram", "hologram": {}}, 131051),
        ({"to": CONTACT, "category": "utility", "text": {"body": "hi"}}, 100),
        ({"to": CONTACT, "text": {"body": "hi"}, "messaging_account_id": "1"}, 100),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(desk: Desk, body: dict[str, Any], code: int) -> None:
    client = desk.live_client()
    assert error_of(send(desk, client, **body)) == (400, code, None)
    assert desk.effects("*/messages") == []


def test_nothing_is_sent_without_product_or_to_oneself(desk: Desk) -> None:
    client = desk.live_client(number="+15550100110")
    bare = desk.post_json(f"/{client.phone}/messages", client.token, {"to": CONTACT, "text": {"body": "hi"}})
    assert error_of(bare) == (400, 100, None)
    assert error_of(send(desk, client, to="15550100110", text={"body": "hi"})) == (400, 131021, None)


def test_an_unregistered_number_sends_nothing(desk: Desk) -> None:
    client = desk.onboard()
    assert error_of(send(desk, client, to=CONTACT, text={"body": "hi"})) == (400, 133010, None)


def test_a_phone_app_number_sends_without_registration(desk: Desk) -> None:
    client = desk.onboard(plan="coexistence")
    write_in(desk, client)
    assert send(desk, client, to=CONTACT, text={"body": "hi"}).status_code == 200
    assert last_status(desk) == "read"


def test_a_number_from_meta_waits_for_its_name(desk: Desk) -> None:
    client = desk.onboard(number="+15550780001")
    assert desk.number(client, "name_status")["name_status"] == "PENDING_REVIEW"
    assert desk.register(client).status_code == 200
    assert error_of(send(desk, client, to=CONTACT, text={"body": "hi"})) == (400, 131037, None)


def test_a_token_without_messaging_permission_sends_nothing(desk: Desk) -> None:
    client = desk.onboard(scopes=["whatsapp_business_management"])
    assert desk.register(client).status_code == 200
    assert error_of(send(desk, client, to=CONTACT, text={"body": "hi"})) == (403, 200, None)


def test_reading_marks_what_came_before_too(desk: Desk) -> None:
    client = desk.live_client()
    first, second = write_in(desk, client), write_in(desk, client)
    reply = send(desk, client, status="read", message_id=second, typing_indicator={"type": "text"})
    assert reply.get_json() == {"success": True}
    assert [m["status"] for m in desk.ask("GET", "/world").get_json()["messages"]] == ["read", "read"]
    assert send(desk, client, status="read", message_id=first).status_code == 200
    assert desk.effects("*/messages") == ["marked_read"]
    assert error_of(send(desk, client, status="read", message_id="wamid.nobody")) == (400, 131009, None)
    assert error_of(send(desk, client, status="read")) == (400, 100, None)


def test_a_hidden_contact_is_answered_by_its_user_id(desk: Desk) -> None:
    client = desk.live_client()
    write_in(desk, client, **{"from": "15550100009"})
    known = send(desk, client, to="15550100009", text={"body": "hi"}).get_json()["contacts"][0]
    assert "wa_id" not in known
    by_id = send(desk, client, recipient=known["user_id"], text={"body": "hi"}).get_json()
    assert by_id["contacts"] == [{"input": known["user_id"], "user_id": known["user_id"]}]
    assert last_status(desk) == "read"
    assert error_of(send(desk, client, recipient="US.1", text={"body": "hi"})) == (400, 100, None)


def test_a_held_template_says_so(desk: Desk) -> None:
    client = desk.live_client()
    template = {"name": "hello_world", "language": {"code": "en_US"}}
    reply = send(desk, client, to="15550100007", type="template", template=template)
    assert reply.get_json()["messages"][0]["message_status"] == "held_for_quality_assessment"


def test_the_thousandth_free_answer_is_the_last_without_a_payer(desk: Desk) -> None:
    client = desk.onboard()
    desk.register(client)
    write_in(desk, client)
    number = desk.runtime.world.records.numbers[client.phone]
    send(desk, client, to=CONTACT, text={"body": "hi"})
    month = next(iter(number.service_sent))
    number.service_sent[month] = 999
    send(desk, client, to=CONTACT, text={"body": "hi"})
    assert last_status(desk) == "read"
    send(desk, client, to=CONTACT, text={"body": "hi"})
    assert last_status(desk) == "failed"
