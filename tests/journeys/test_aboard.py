"""The straight way: from the click to a live number, for both plans and in both orders of Meta's two messages."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.partner import is_connected, is_live, step
from bench.visitor import Visitor
from tests.journeys.conftest import Stage

pytestmark = pytest.mark.stack

STANDARD = ["exchange", "subscribe", "credit", "register", "test"]
COEXISTENCE = ["exchange", "subscribe", "credit", "sync", "test"]
PROOFS = {"token", "subscription", "callback", "credit", "registered", "received", "sent"}


@pytest.mark.parametrize("first", ["code", "event"])
@pytest.mark.parametrize(("plan", "steps"), [("standard", STANDARD), ("coexistence", COEXISTENCE)])
def test_a_client_comes_aboard_and_a_message_goes_both_ways(
    stage: Stage, plan: str, steps: list[str], first: str
) -> None:
    visitor = stage.open_link(f"Example {plan} {first} first")
    visitor.open_window(plan)
    popup = stage.meta.sign_up(plan)
    if first == "event":
        assert visitor.give_event(popup.event) is None, "there is no onboarding before the code"
    reference = visitor.give_code(popup.code)
    if first == "code":
        assert visitor.give_event(popup.event) == reference

    connected = stage.partner.wait(
        reference, lambda seen: is_connected(seen) and step(seen, "test")["state"] == "attention"
    )
    assert [row["name"] for row in connected["steps"]] == steps
    assert [row["state"] for row in connected["steps"]] == ["done"] * 4 + ["attention"]
    assert (connected["status"], connected["live_at"]) == ("connected", None)
    assert connected["number"]["waba_id"] == popup.waba_id
    assert connected["number"]["phone_number_id"] == popup.phone_number_id

    stage.meta.write(str(popup.phone_number_id), "447700900555", visitor.test_message())
    live = stage.partner.wait(reference, is_live)
    assert live["status"] == "live"
    assert step(live, "test")["state"] == "done"
    assert {proof["name"] for proof in live["proofs"] if proof["ok"]} == PROOFS


def test_a_number_of_the_phone_app_is_never_registered(stage: Stage) -> None:
    """Whatever the page was asked for: what Meta says of the number decides."""
    visitor = stage.open_link("Example surprise")
    visitor.open_window("standard")
    popup = stage.meta.sign_up("coexistence")
    connected = stage.partner.wait(visitor.give_code(popup.code, popup.event), is_connected)
    assert connected["plan"] == "coexistence"
    assert stage.meta.registers(str(popup.phone_number_id)) == 0
    synced = stage.meta.calls(path=f"/{popup.phone_number_id}/smb_app_data")
    assert sorted(call["params"]["sync_type"] for call in synced) == ["history", "smb_app_state_sync"]


def test_another_message_proves_that_messages_arrive_and_is_never_answered(stage: Stage) -> None:
    visitor = stage.open_link("Example chatter")
    visitor.open_window("standard")
    popup = stage.meta.sign_up("standard")
    reference = visitor.give_code(popup.code, popup.event)
    stage.partner.wait(reference, is_connected)
    stage.meta.write(str(popup.phone_number_id), "447700900556", "Do you have rye bread?")

    def received(onboarding: dict[str, object]) -> bool:
        proofs = onboarding["proofs"]
        assert isinstance(proofs, list)
        return any(proof["name"] == "received" and proof["ok"] for proof in proofs)

    found = stage.partner.wait(reference, received)
    assert found["live_at"] is None
    assert stage.meta.calls(path=f"/{popup.phone_number_id}/messages", method="POST") == []


def test_two_tabs_that_post_the_same_code_make_one_onboarding(stage: Stage) -> None:
    visitor = stage.open_link("Example two tabs")
    visitor.open_window("standard")
    popup = stage.meta.sign_up("standard")
    before = stage.meta.last_call()
    with ThreadPoolExecutor(8) as tabs:
        replies = list(tabs.map(lambda _: visitor.say("exchange-token", code=popup.code, event=popup.event), range(8)))
    # Those that come while the first is with Meta are told that it is under way; the page shows the onboarding then.
    assert {reply.status_code for reply in replies} <= {200, 409}
    assert {reply.json()["code"] for reply in replies if reply.status_code == 409} <= {"being_completed"}
    (reference,) = {reply.json()["onboarding"] for reply in replies if reply.status_code == 200}
    assert visitor.give_code(popup.code, popup.event) == reference
    stage.partner.wait(reference, is_connected)
    # The code is cut from the log, but a second exchange of it would have been refused.
    exchanges = stage.meta.calls(since=before, path="/oauth/access_token")
    assert [call["status"] for call in exchanges] == [200]
    assert stage.meta.registers(str(popup.phone_number_id)) == 1


@pytest.mark.parametrize("code", ["garbage-code-of-nobody", uuid.uuid4().hex * 4])
def test_a_code_that_is_no_code_is_refused_and_not_repeated(stage: Stage, code: str) -> None:
    visitor = stage.open_link("Example stranger")
    visitor.open_window("standard")
    reply = visitor.say("exchange-token", code=code)
    assert (reply.status_code, reply.headers["Content-Type"]) == (422, "application/problem+json")
    assert code not in reply.text
    assert code not in stage.log()


def test_the_page_of_a_live_client_survives_a_reload_and_a_second_browser(stage: Stage) -> None:
    link = stage.partner.make_link("Example reload", contact={"name": "Alex Example", "email": "alex@example.com"})
    first, second = Visitor(link["url"]), Visitor(link["url"])
    first.open_window("standard")
    popup = stage.meta.sign_up("standard")
    reference = first.give_code(popup.code, popup.event)
    stage.partner.wait(reference, is_connected)
    for browser in (first, second):
        assert reference in browser.read_page()
        assert browser.test_message().startswith("hi, test ")
