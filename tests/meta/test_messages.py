"""What the cards do not show of `messages`: how a number is written, and what is left out when nobody asked for it."""

import pytest

from app.kit.secret import Secret
from app.meta.client import Meta
from tests.meta.local_graph import LocalGraph, reply

SENT = {"messages": [{"id": "wamid.X"}], "contacts": [{"input": "+15551230001"}]}


@pytest.mark.parametrize("given", ["15551230001", "+15551230001"])
def test_a_number_is_written_with_its_plus(local: LocalGraph, meta: Meta, token: Secret, given: str) -> None:
    local.answers(reply(SENT))
    meta.messages.send_text("1065", token, to=given, body="hi")
    assert local.only.json["to"] == "+15551230001"


def test_a_contact_known_by_user_id_alone_is_a_recipient(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply(SENT))
    meta.messages.send_text("1065", token, to="US.13491208655302741918", body="hi")
    assert local.only.json["recipient"] == "US.13491208655302741918"
    assert "to" not in local.only.json


def test_without_quote_and_tag_neither_is_sent(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply(SENT))
    meta.messages.send_text("1065", token, to="+15551230001", body="hi")
    assert local.only.json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+15551230001",
        "type": "text",
        "text": {"body": "hi"},
    }


def test_the_components_of_a_template_travel_as_given(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply(SENT))
    components = [{"type": "body", "parameters": [{"type": "text", "text": "Alex Example"}]}]
    meta.messages.send_template(
        "1065", token, to="+15551230001", name="order_ok", language="pt_BR", components=components
    )
    assert local.only.json["template"] == {
        "name": "order_ok",
        "language": {"code": "pt_BR"},
        "components": components,
    }


def test_a_contact_who_shows_no_number_has_no_wa_id(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply(SENT), reply({"messages": [{"id": "wamid.X"}]}))
    for _ in range(2):
        sent = meta.messages.send_text("1065", token, to="+15551230001", body="hi")
        assert (sent.wamid, sent.wa_id, sent.status) == ("wamid.X", None, None)
