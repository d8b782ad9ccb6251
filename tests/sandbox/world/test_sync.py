"""What comes of a phone app's two syncs: chunks out of order, a refusal to share, or nothing at all."""

from typing import Any

from tests.sandbox.desk import Client, Desk, error_of
from tests.sandbox.receiver import Receiver
from tests.waiting import until


def follow(desk: Desk, **wish: Any) -> Client:
    client = desk.onboard(**{"plan": "coexistence", **wish})
    assert desk.post(f"/{client.waba}/subscribed_apps", client.token).status_code == 200
    return client


def sync(desk: Desk, client: Client, kind: str) -> Any:
    ask = {"messaging_product": "whatsapp", "sync_type": kind}
    return desk.post(f"/{client.phone}/smb_app_data", client.token, **ask)


def test_history_comes_in_chunks_whose_order_is_not_that_of_their_arrival(desk: Desk, told: Receiver) -> None:
    client = follow(desk)
    assert sync(desk, client, "history").get_json()["request_id"]
    assert until(lambda: len(told.of("history")) == 5)
    sent = [delivery.notice for delivery in desk.runtime.courier.list_recent() if delivery.notice.field == "history"]
    sent.sort(key=lambda notice: notice.after_s)
    chunks = [notice.value["history"][0]["metadata"] for notice in sent]
    places = [(chunk["phase"], chunk["chunk_order"]) for chunk in chunks]
    assert sorted(places) == [(0, 1), (0, 2), (1, 1), (1, 2), (2, 1)]
    assert places != sorted(places)
    assert max(chunk["progress"] for chunk in chunks) == 100
    assert chunks[-1]["progress"] < 100, "what comes last does not say that all has come"


def test_an_owner_who_keeps_the_history_back_is_told_as_2593109(desk: Desk, told: Receiver) -> None:
    client = follow(desk, number="+1 555 010 0171")
    assert sync(desk, client, "history").status_code == 200
    assert until(lambda: told.of("history"))
    (part,) = told.of("history")[0].change["value"]["history"]
    assert [error["code"] for error in part["errors"]] == [2593109]
    assert sync(desk, client, "smb_app_state_sync").status_code == 200
    assert until(lambda: told.of("smb_app_state_sync")), "contacts come all the same"


def test_a_silent_app_takes_both_requests_and_sends_nothing(desk: Desk, told: Receiver) -> None:
    client = follow(desk, number="+1 555 010 0173")
    for kind in ("smb_app_state_sync", "history"):
        assert sync(desk, client, kind).get_json()["request_id"]
    assert error_of(sync(desk, client, "history")) == (400, 2593107, None)
    desk.advance(23 * 3600)
    assert desk.effects("*/smb_app_data") == ["contacts_synced", "history_synced"]
    assert desk.ask("GET", "/world").get_json()["webhooks"][-1]["field"] == "account_review_update"


def test_any_scripted_phone_app_can_be_silent(desk: Desk, told: Receiver) -> None:
    client = follow(desk, syncs_silently=True)
    assert sync(desk, client, "history").status_code == 200
    other = follow(desk)
    assert sync(desk, other, "history").status_code == 200
    assert until(lambda: len(told.of("history")) == 5)
    ids = {post.change["value"]["metadata"]["phone_number_id"] for post in told.of("history")}
    assert ids == {other.phone}


def test_each_sync_may_be_asked_for_once_and_for_a_day(desk: Desk) -> None:
    client, late = follow(desk), follow(desk)
    assert sync(desk, client, "history").status_code == 200
    assert error_of(sync(desk, client, "history")) == (400, 2593107, None)
    desk.advance(24 * 3600 + 1)
    assert error_of(sync(desk, late, "history")) == (400, 2593108, None)


def test_an_account_that_comes_back_is_not_synced_anew(desk: Desk) -> None:
    client = follow(desk)
    sync(desk, client, "history")
    desk.change(f"/accounts/{client.waba}/events", event="offboard")
    desk.change(f"/accounts/{client.waba}/events", event="reconnect")
    assert error_of(sync(desk, client, "history")) == (400, 2593107, None)
