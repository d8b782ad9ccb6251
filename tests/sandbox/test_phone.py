"""The doors behind the page at "/": its state, its list of calls, its switches, the chat link."""

import re

import pytest

from sandbox.phone.switches import SWITCHES
from tests.sandbox.desk import ADMIN, Desk, error_of
from tests.sandbox.receiver import Receiver
from tests.waiting import until


def state(desk: Desk, **query: str) -> dict[str, object]:
    reply = desk.http.get("/phone/state", query_string=query)
    assert reply.status_code == 200
    found: dict[str, object] = reply.get_json()
    return found


def flip(desk: Desk, name: str, *, on: bool) -> None:
    assert desk.http.post(f"/phone/switches/{name}", json={"on": on}).status_code == 200


def test_the_page_allows_nothing_inline_and_nothing_from_outside(desk: Desk) -> None:
    page = desk.http.get("/?to=15550100110&text=%3Cscript%3Ehi%3C/script%3E")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=", page.text) == []
    assert re.findall(r'(?:src|href)="https?:', page.text) == []
    assert "&lt;script&gt;hi" in page.text


def test_a_chat_link_keeps_number_and_text(desk: Desk) -> None:
    reply = desk.http.get("/wa/+1-555-010-0110?text=hi,%20test%20K7QX")
    assert reply.status_code == 302
    assert reply.headers["Location"] == "/?to=15550100110&text=hi,+test+K7QX"


def test_the_chat_shows_both_sides_and_whether_it_was_read(desk: Desk) -> None:
    client = desk.live_client()
    wrote = desk.ask("POST", "/inbound", {"phone_number_id": client.phone, "from": "447700900655", "body": "hi"})
    chat = {"number": client.phone, "contact": "447700900655"}
    (mine,) = state(desk, **chat)["thread"]  # type: ignore[misc]
    assert (mine["mine"], mine["text"], mine["status"]) == (True, "hi", "")
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": wrote.get_json()["id"]}
    assert desk.post_json(f"/{client.phone}/messages", client.token, body).status_code == 200
    text = {"messaging_product": "whatsapp", "to": "447700900655", "type": "text", "text": {"body": "Thanks"}}
    assert desk.post_json(f"/{client.phone}/messages", client.token, text).status_code == 200
    read, theirs = state(desk, **chat)["thread"]  # type: ignore[misc]
    assert read["status"] == "read"
    assert (theirs["mine"], theirs["text"]) == (False, "Thanks")


def test_calls_are_listed_newest_first_by_kind_and_open_without_secrets(desk: Desk) -> None:
    client = desk.onboard()
    assert desk.register(client, pin="482915").status_code == 200
    shown = state(desk, kind="graph")
    rows = shown["rows"]
    assert [row["what"] for row in rows][:2] == [f"/{client.phone}/register", "/oauth/access_token"]  # type: ignore[index]
    assert (rows[0]["method"], rows[0]["answer"], rows[0]["tone"]) == ("POST", "200", "ok")  # type: ignore[index]
    assert shown["total"] == 2
    detail = desk.http.get(f"/phone/calls/{rows[0]['key']}").text  # type: ignore[index]
    assert '"pin": "<cut>"' in detail
    assert "482915" not in detail
    assert client.token not in detail
    hooks = [row["what"] for row in state(desk, kind="webhooks")["rows"]]  # type: ignore[attr-defined]
    assert "account_update PARTNER_ADDED" in hooks
    assert state(desk, kind="popup")["rows"] == []


def test_a_window_leaves_its_trace_in_the_list(desk: Desk) -> None:
    desk.http.get("/v25.0/dialog/oauth?response_type=token")
    (row,) = state(desk, kind="popup")["rows"]  # type: ignore[misc]
    assert (row["method"], row["what"], row["tone"]) == ("POPUP", "window refused", "act")
    assert "response_type code" in desk.http.get(f"/phone/calls/{row['key']}").text


@pytest.mark.parametrize("path", ["/phone/calls/g999", "/phone/calls/w1", "/phone/calls/x", "/phone/calls/p9"])
def test_a_forgotten_row_is_not_found(desk: Desk, path: str) -> None:
    assert desk.http.get(path).status_code == 404


def test_counts_leave_the_partner_out(desk: Desk) -> None:
    before = state(desk)["world"]
    desk.onboard()
    after = state(desk)["world"]
    assert after["businesses"] == before["businesses"] + 1  # type: ignore[index]
    assert after["numbers"] == before["numbers"] + 1  # type: ignore[index]
    assert (before["tokens"], after["tokens"]) == (0, 1)  # type: ignore[index]


def test_each_switch_goes_on_and_off(desk: Desk) -> None:
    for switch in SWITCHES:
        flip(desk, switch.name, on=True)
        assert state(desk)["on"] == [switch.name]
        flip(desk, switch.name, on=False)
        assert state(desk)["on"] == []
    assert desk.runtime.faults.list() == []


def test_a_reset_turns_every_switch_off(desk: Desk) -> None:
    for switch in SWITCHES:
        flip(desk, switch.name, on=True)
    desk.ask("POST", "/reset")
    assert state(desk)["on"] == []


@pytest.mark.parametrize("body", [None, [], {"on": "yes"}, {}])
def test_a_switch_wants_a_plain_yes_or_no(desk: Desk, body: object) -> None:
    assert desk.http.post("/phone/switches/html", json=body).status_code == 400


def test_an_unknown_switch_or_filter_is_refused(desk: Desk) -> None:
    assert desk.http.post("/phone/switches/nothing", json={"on": True}).status_code == 404
    assert desk.http.get("/phone/state?kind=nothing").status_code == 400


def test_the_credit_share_is_busy_while_its_switch_is_on(desk: Desk) -> None:
    client = desk.onboard()
    path, wanted = "/1972385232742146/whatsapp_credit_sharing_and_attach", {"waba_currency": "USD"}
    flip(desk, "credit_503", on=True)
    assert error_of(desk.post(path, ADMIN, waba_id=client.waba, **wanted)) == (503, 2, None)
    flip(desk, "credit_503", on=False)
    assert desk.post(path, ADMIN, waba_id=client.waba, **wanted).status_code == 200


def test_a_wrong_pin_and_a_dead_token_look_as_meta_s(desk: Desk) -> None:
    client = desk.onboard()
    flip(desk, "wrong_pin", on=True)
    assert error_of(desk.register(client)) == (400, 133005, None)
    flip(desk, "wrong_pin", on=False)
    flip(desk, "token_dead", on=True)
    assert error_of(desk.get(f"/{client.waba}", client.token)) == (401, 190, 463)


def test_funding_shows_after_four_looks(desk: Desk) -> None:
    client = desk.live_client()
    flip(desk, "late_funding", on=True)
    looks = [
        desk.get(f"/{client.waba}", client.token, fields="primary_funding_id").get_json().get("primary_funding_id")
        for _ in range(5)
    ]
    assert looks[:4] == [None] * 4
    assert looks[4] is not None


def test_every_webhook_comes_twice_while_its_switch_is_on(desk: Desk, told: Receiver) -> None:
    client = desk.live_client()
    flip(desk, "twice", on=True)
    desk.ask("POST", "/inbound", {"phone_number_id": client.phone, "from": "447700900655", "body": "canary"})
    assert until(lambda: sum(b"canary" in seen.body for seen in told.posts) == 2)
