"""A contact writes."""

import pytest

from tests.sandbox.desk import Desk


@pytest.mark.parametrize(
    ("type_", "content"),
    [
        ("text", {"body": "hi"}),
        ("image", {"mime_type": "image/jpeg", "id": "1", "sha256": "abc"}),
        ("reaction", {"message_id": "wamid.x", "emoji": "👍"}),
        ("contacts", [{"name": {"formatted_name": "Ana Example"}}]),
    ],
)
def test_any_kind_of_message_opens_the_window(desk: Desk, type_: str, content: object) -> None:
    client = desk.live_client()
    body = {"phone_number_id": client.phone, "from": "+1 (555) 010-0301", "type": type_, type_: content}
    assert desk.ask("POST", "/inbound", body).get_json()["id"].startswith("wamid.")
    (message,) = desk.ask("GET", "/world").get_json()["messages"]
    assert (message["type"], message["content"], message["contact"]) == (type_, content, "15550100301")
    text = {"messaging_product": "whatsapp", "to": "15550100301", "text": {"body": "hello"}}
    desk.post_json(f"/{client.phone}/messages", client.token, text)
    assert desk.ask("GET", "/world").get_json()["messages"][-1]["status"] == "read"


def test_nobody_can_write_to_a_number_that_is_not_connected(desk: Desk) -> None:
    client = desk.onboard()
    body = {"phone_number_id": client.phone, "from": "15550100301", "body": "hi"}
    assert desk.ask("POST", "/inbound", body).status_code == 409
