"""Webhooks on their real way to a real callback."""

import hashlib
import hmac
import json
from typing import Any

from tests.sandbox.desk import ADMIN, LINE, PARTNER, PARTNER_BUSINESS, Desk
from tests.sandbox.receiver import Post, Receiver
from tests.waiting import until


def deliveries(desk: Desk, state: str) -> list[dict[str, Any]]:
    rows = desk.ask("GET", "/world").get_json()["webhooks"]
    return [row for row in rows if row["state"] == state]


def test_partner_added_names_the_partner_and_comes_without_subscription(desk: Desk, told: Receiver) -> None:
    done = desk.signup()
    assert until(lambda: told.posts)
    body = json.loads(told.posts[0].body)
    assert body["object"] == "whatsapp_business_account"
    (entry,) = body["entry"]
    assert entry["id"] == PARTNER_BUSINESS
    assert isinstance(entry["time"], int)
    assert entry["changes"] == [
        {
            "field": "account_update",
            "value": {
                "event": "PARTNER_ADDED",
                "waba_info": {"waba_id": done["waba_id"], "owner_business_id": done["business_id"]},
            },
        }
    ]


def test_an_app_only_signup_installs_the_app(desk: Desk, told: Receiver) -> None:
    done = desk.signup(plan="app_only")
    assert until(lambda: told.posts)
    assert told.posts[0].change["value"] == {
        "event": "PARTNER_APP_INSTALLED",
        "waba_info": {
            "waba_id": done["waba_id"],
            "owner_business_id": done["business_id"],
            "partner_app_id": "1234567890",
        },
    }


def test_deliveries_are_signed_over_their_bytes(desk: Desk, told: Receiver) -> None:
    desk.signup(business={"name": "Padaria São Example"})
    assert until(lambda: told.posts)
    post = told.posts[0]
    expected = hmac.new(b"test_app_secret", post.body, hashlib.sha256).hexdigest()
    older = hmac.new(b"test_app_secret", post.body, hashlib.sha1).hexdigest()
    assert post.headers["X-Hub-Signature-256"] == f"sha256={expected}"
    assert post.headers["X-Hub-Signature"] == f"sha1={older}"
    assert post.headers["Content-Type"] == "application/json"
    assert post.headers["User-Agent"] == "facebookexternalua"


def test_an_inbound_text_has_metas_shape(desk: Desk, told: Receiver) -> None:
    client = desk.live_client(number="+15550100110")
    body = {
        "phone_number_id": client.phone,
        "from": "+1 555 010 0301",
        "type": "text",
        "body": "olá / K7QX",
        "name": "Ana",
    }
    message_id = desk.ask("POST", "/inbound", body).get_json()["id"]
    assert until(lambda: told.of("messages"))
    post = told.of("messages")[0]
    assert rb"ol\u00e1 \/ K7QX" in post.body
    (entry,) = json.loads(post.body)["entry"]
    assert entry["id"] == client.waba
    assert "time" not in entry
    value = entry["changes"][0]["value"]
    assert value["messaging_product"] == "whatsapp"
    assert value["metadata"] == {"display_phone_number": "15550100110", "phone_number_id": client.phone}
    (contact,), (message,) = value["contacts"], value["messages"]
    assert contact["profile"] == {"name": "Ana"}
    assert contact["wa_id"] == "15550100301"
    assert contact["user_id"].startswith("US.")
    assert message["from"] == "15550100301"
    assert message["from_user_id"] == contact["user_id"]
    assert message["id"] == message_id
    assert message["timestamp"].isdecimal()
    assert (message["type"], message["text"]) == ("text", {"body": "olá / K7QX"})


def test_a_contact_with_a_username_shows_no_number(desk: Desk, told: Receiver) -> None:
    client = desk.live_client()
    desk.ask("POST", "/inbound", {"phone_number_id": client.phone, "from": "15550100009", "type": "text", "body": "hi"})
    assert until(lambda: told.of("messages"))
    value = told.of("messages")[0].change["value"]
    assert "wa_id" not in value["contacts"][0]
    assert value["contacts"][0]["profile"]["username"]
    assert "from" not in value["messages"][0]
    assert value["messages"][0]["from_user_id"]


def statuses(posts: list[Post]) -> list[dict[str, Any]]:
    found = [post.change["value"].get("statuses", []) for post in posts]
    return sorted((row for rows in found for row in rows), key=lambda row: row["status"])


def test_an_answer_is_sent_delivered_and_read_with_its_price(desk: Desk, told: Receiver) -> None:
    client = desk.live_client()
    desk.ask("POST", "/inbound", {"phone_number_id": client.phone, "from": "15550100301", "type": "text", "body": "hi"})
    message = {
        "messaging_product": "whatsapp",
        "to": "15550100301",
        "text": {"body": "hello"},
        "biz_opaque_callback_data": "mine:42",
    }
    sent = desk.post_json(f"/{client.phone}/messages", client.token, message).get_json()
    assert until(lambda: len(statuses(told.posts)) == 3)
    delivered, read, first = statuses(told.posts)
    assert [delivered["status"], read["status"], first["status"]] == ["delivered", "read", "sent"]
    for row in (delivered, read, first):
        assert row["id"] == sent["messages"][0]["id"]
        assert row["recipient_id"] == "15550100301"
        assert row["biz_opaque_callback_data"] == "mine:42"
        assert "conversation" not in row
    free = {
        "billable": False,
        "pricing_model": "PMP",
        "category": "service",
        "type": "free_customer_service",
    }
    assert first["pricing"] == free == delivered["pricing"]
    assert "pricing" not in read


def test_outside_the_window_a_text_fails_later(desk: Desk, told: Receiver) -> None:
    client = desk.live_client()
    message = {"messaging_product": "whatsapp", "to": "15550100301", "text": {"body": "hello"}}
    assert desk.post_json(f"/{client.phone}/messages", client.token, message).status_code == 200
    assert until(lambda: statuses(told.posts))
    (failed,) = statuses(told.posts)
    assert failed["status"] == "failed"
    assert failed["errors"][0]["code"] == 131047
    assert failed["errors"][0]["title"] == "Re-engagement message"
    assert failed["errors"][0]["error_data"]["details"]
    assert failed["errors"][0]["href"].endswith("/error-codes")
    assert "pricing" not in failed
    assert "contacts" not in told.of("messages")[0].change["value"]


def test_a_refused_delivery_comes_again_with_the_same_bytes(desk: Desk, told: Receiver) -> None:
    told.statuses = [500, 403]
    desk.signup()
    assert until(lambda: len(told.posts) == 1)
    assert until(lambda: deliveries(desk, "waiting") and deliveries(desk, "waiting")[0]["status"] == 500)
    desk.advance(2)
    assert until(lambda: len(told.posts) == 2)
    assert until(lambda: deliveries(desk, "waiting") and deliveries(desk, "waiting")[0]["status"] == 403)
    desk.advance(6)
    assert until(lambda: len(told.posts) == 3)
    assert len({post.body for post in told.posts}) == 1
    assert until(lambda: [row["attempts"] for row in deliveries(desk, "delivered")] == [3])


def test_after_seven_days_nobody_tries_any_more(desk: Desk, told: Receiver) -> None:
    told.statuses = [500, 500]
    desk.signup()
    assert until(lambda: deliveries(desk, "waiting") and deliveries(desk, "waiting")[0]["status"] == 500)
    desk.advance(7 * 24 * 3600)
    assert until(lambda: [row["attempts"] for row in deliveries(desk, "given_up")] == [2])


def test_a_retry_goes_to_the_address_that_stands_now(desk: Desk, told: Receiver) -> None:
    told.statuses = [500]
    desk.signup()
    assert until(lambda: deliveries(desk, "waiting") and deliveries(desk, "waiting")[0]["status"] == 500)
    desk.runtime.world.records.apps[PARTNER.app_id].callback_url = f"{told.url}/moved"
    desk.advance(2)
    assert until(lambda: [post.path for post in told.posts] == ["/app", "/moved"])


def test_an_override_takes_messages_and_leaves_account_news_to_the_app(desk: Desk, told: Receiver) -> None:
    client = desk.onboard()
    override = {"override_callback_uri": f"{told.url}/own", "verify_token": "mine"}
    assert desk.post(f"/{client.waba}/subscribed_apps", client.token, **override).status_code == 200
    desk.advance(4)
    assert desk.register(client).status_code == 200
    desk.ask("POST", "/inbound", {"phone_number_id": client.phone, "from": "15550100301", "type": "text", "body": "hi"})
    desk.post(f"/{client.phone}", client.token, pin="777777")
    assert until(lambda: {"messages", "security", "account_review_update"} <= set(told.fields()))
    assert {post.path for post in told.of("messages")} == {"/own"}
    assert {post.path for post in told.posts if post.change["field"] != "messages"} == {"/app"}
    security = told.of("security")[0].change["value"]
    assert security["event"] == "PIN_CHANGED"
    assert security["display_phone_number"].isdecimal()
    assert told.of("account_review_update")[0].change["value"] == {"decision": "APPROVED"}


def test_contacts_and_history_follow_the_sync_calls(desk: Desk, told: Receiver) -> None:
    client = desk.onboard(plan="coexistence")
    desk.post(f"/{client.waba}/subscribed_apps", client.token)
    for sync_type in ("smb_app_state_sync", "history"):
        wanted = {"messaging_product": "whatsapp", "sync_type": sync_type}
        assert desk.post(f"/{client.phone}/smb_app_data", client.token, **wanted).status_code == 200
    assert until(lambda: len(told.of("history")) == 5 and told.of("smb_app_state_sync"))
    contact = told.of("smb_app_state_sync")[0].change["value"]["state_sync"][0]
    assert (contact["type"], contact["action"]) == ("contact", "add")
    assert contact["contact"] == {
        "full_name": "Ana Example",
        "first_name": "Ana",
        "phone_number": "15550100201",
    }
    thread = told.of("history")[0].change["value"]["history"][0]["threads"][0]
    assert thread["id"] == thread["context"]["wa_id"]
    assert {message["history_context"]["status"] for message in thread["messages"]} == {"READ", "DELIVERED"}


def test_history_kept_back_is_said_once(desk: Desk, told: Receiver) -> None:
    client = desk.onboard(plan="coexistence", share_history=False)
    desk.post(f"/{client.waba}/subscribed_apps", client.token)
    wanted = {"messaging_product": "whatsapp", "sync_type": "history"}
    assert desk.post(f"/{client.phone}/smb_app_data", client.token, **wanted).status_code == 200
    assert until(lambda: told.of("history"))
    assert told.of("history")[0].change["value"]["history"][0]["errors"][0]["code"] == 2593109


def test_an_unsubscribed_account_is_silent(desk: Desk, told: Receiver) -> None:
    client = desk.onboard()
    assert desk.post(f"/{LINE}/whatsapp_credit_sharing_and_attach", ADMIN, waba_id=client.waba, waba_currency="USD")
    desk.register(client)
    desk.ask("POST", "/inbound", {"phone_number_id": client.phone, "from": "15550100301", "type": "text", "body": "hi"})
    desk.advance(4)
    assert until(lambda: len(told.posts) == 1 and not deliveries(desk, "waiting"))
    assert told.fields() == ["account_update"]
