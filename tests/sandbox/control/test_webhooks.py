"""Any payload, as often and as mixed up as wanted."""

import json

from tests.sandbox.desk import Desk
from tests.sandbox.receiver import Receiver
from tests.waiting import until


def envelope(mark: str) -> dict[str, object]:
    change = {"field": "user_preferences", "value": {"mark": mark}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [change]}]}


def test_duplicates_arrive_as_often_as_ordered(desk: Desk, told: Receiver) -> None:
    reply = desk.ask("POST", "/webhooks", {"payload": envelope("é/"), "times": 3})
    assert (reply.status_code, reply.get_json()) == (202, {"queued": 3})
    assert until(lambda: len(told.posts) == 3)
    assert {post.body for post in told.posts} == {told.posts[0].body}
    assert rb'"\u00e9\/"' in told.posts[0].body


def test_a_list_is_shuffled_and_loses_nothing(desk: Desk, told: Receiver) -> None:
    payloads = [envelope(str(serial)) for serial in range(30)]
    desk.ask("POST", "/webhooks", {"payload": payloads, "shuffle": True, "times": 2})
    assert until(lambda: len(told.posts) == 60)
    marks = [json.loads(post.body)["entry"][0]["changes"][0]["value"]["mark"] for post in told.posts]
    assert sorted(marks) == sorted(str(serial) for serial in range(30) for _ in range(2))
    assert marks != [str(serial) for _ in range(2) for serial in range(30)]


def test_signatures_may_be_wrong_or_missing(desk: Desk, told: Receiver) -> None:
    desk.ask("POST", "/webhooks", {"payload": envelope("a"), "signature": "missing"})
    assert until(lambda: len(told.posts) == 1)
    assert "X-Hub-Signature-256" not in told.posts[0].headers
    desk.ask("POST", "/webhooks", {"payload": envelope("a"), "signature": "wrong"})
    assert until(lambda: len(told.posts) == 2)
    desk.ask("POST", "/webhooks", {"payload": envelope("a")})
    assert until(lambda: len(told.posts) == 3)
    wrong, good = (post.headers["X-Hub-Signature-256"] for post in told.posts[1:])
    assert wrong != good


def test_a_payload_without_shape_still_arrives(desk: Desk, told: Receiver) -> None:
    desk.ask("POST", "/webhooks", {"payload": {"anything": [1, 2]}})
    assert until(lambda: told.posts)
    assert json.loads(told.posts[0].body) == {"anything": [1, 2]}


def test_a_payload_of_an_overridden_account_goes_there(desk: Desk, told: Receiver) -> None:
    client = desk.onboard()
    override = {"override_callback_uri": f"{told.url}/own", "verify_token": "mine"}
    desk.post(f"/{client.waba}/subscribed_apps", client.token, **override)
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": client.phone}}
    payload = {
        "object": "whatsapp_business_account",
        "entry": [{"id": client.waba, "changes": [{"field": "messages", "value": value}]}],
    }
    desk.ask("POST", "/webhooks", {"payload": payload})
    assert until(lambda: [post.path for post in told.of("messages")] == ["/own"])
