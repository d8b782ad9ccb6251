"""Who hears of what: account subscriptions with overrides, and the app's own callback."""

from tests.sandbox.desk import ADMIN, APP_TOKEN, PARTNER, Desk, error_of
from tests.sandbox.receiver import Receiver


def test_subscribing_twice_changes_the_world_once(desk: Desk) -> None:
    client = desk.onboard()
    assert desk.get(f"/{client.waba}/subscribed_apps", client.token).get_json() == {"data": []}
    for _ in range(2):
        assert desk.post(f"/{client.waba}/subscribed_apps", client.token).get_json() == {"success": True}
    link = "https://www.facebook.com/games/?app_id=1234567890"
    expected = {"whatsapp_business_api_data": {"id": "1234567890", "name": "Example Connect", "link": link}}
    assert desk.get(f"/{client.waba}/subscribed_apps", client.token).get_json() == {"data": [expected]}
    assert desk.effects("*/subscribed_apps") == ["subscribed"]
    assert desk.delete(f"/{client.waba}/subscribed_apps", client.token).get_json() == {"success": True}
    assert desk.get(f"/{client.waba}/subscribed_apps", client.token).get_json() == {"data": []}


def test_an_override_is_believed_after_its_handshake(desk: Desk, receiver: Receiver) -> None:
    client = desk.onboard()
    override = {"override_callback_uri": f"{receiver.url}/own", "verify_token": "mine"}
    assert desk.post(f"/{client.waba}/subscribed_apps", client.token, **override).status_code == 200
    assert receiver.asked[0]["hub.mode"] == "subscribe"
    assert receiver.asked[0]["hub.verify_token"] == "mine"
    row = desk.get(f"/{client.waba}/subscribed_apps", client.token).get_json()["data"][0]
    assert row["override_callback_uri"] == f"{receiver.url}/own"
    assert desk.number(client, "webhook_configuration")["webhook_configuration"] == {
        "whatsapp_business_account": f"{receiver.url}/own"
    }
    desk.post(f"/{client.waba}/subscribed_apps", client.token)
    assert "override_callback_uri" not in desk.get(f"/{client.waba}/subscribed_apps", client.token).text


def test_a_callback_that_fails_its_handshake_changes_nothing(desk: Desk, receiver: Receiver) -> None:
    client = desk.onboard()
    receiver.answers_challenge = False
    override = {"override_callback_uri": receiver.url, "verify_token": "mine"}
    assert error_of(desk.post(f"/{client.waba}/subscribed_apps", client.token, **override)) == (400, 2200, None)
    nobody = {"override_callback_uri": "http://127.0.0.1:9/", "verify_token": "mine"}
    assert error_of(desk.post(f"/{client.waba}/subscribed_apps", client.token, **nobody)) == (400, 2200, None)
    assert desk.get(f"/{client.waba}/subscribed_apps", client.token).get_json() == {"data": []}


def test_an_override_has_a_token_and_at_most_200_characters(desk: Desk, receiver: Receiver) -> None:
    client = desk.onboard()
    path = f"/{client.waba}/subscribed_apps"
    assert error_of(desk.post(path, client.token, override_callback_uri=receiver.url)) == (400, 100, None)
    long = f"{receiver.url}/{'x' * 200}"
    too_long = desk.post(path, client.token, override_callback_uri=long, verify_token="mine")
    assert error_of(too_long) == (400, 100, None)
    assert receiver.asked == []


def test_the_apps_own_callback_is_set_with_its_token_after_a_handshake(desk: Desk, receiver: Receiver) -> None:
    wanted = {
        "object": "whatsapp_business_account",
        "callback_url": f"{receiver.url}/app",
        "verify_token": "typed",
        "fields": "messages,account_update",
        "include_values": "true",
    }
    path = f"/{PARTNER.app_id}/subscriptions"
    assert desk.get(path, APP_TOKEN).get_json() == {"data": []}
    assert error_of(desk.post(path, ADMIN, **wanted))[1] == 15
    assert desk.post(path, APP_TOKEN, **wanted).get_json() == {"success": True}
    assert receiver.asked[0]["hub.verify_token"] == "typed"
    row = desk.get(path, APP_TOKEN).get_json()["data"][0]
    assert row["object"] == "whatsapp_business_account"
    assert row["callback_url"] == f"{receiver.url}/app"
    assert [field["name"] for field in row["fields"]] == ["messages", "account_update"]
    assert desk.delete(path, APP_TOKEN, fields="account_update").status_code == 200
    assert [f["name"] for f in desk.get(path, APP_TOKEN).get_json()["data"][0]["fields"]] == ["messages"]
    assert desk.delete(path, APP_TOKEN).status_code == 200
    assert desk.get(path, APP_TOKEN).get_json() == {"data": []}


def test_the_apps_callback_is_not_set_when_it_does_not_answer(desk: Desk, receiver: Receiver) -> None:
    receiver.answers_challenge = False
    wanted = {
        "object": "whatsapp_business_account",
        "callback_url": receiver.url,
        "verify_token": "typed",
        "fields": "messages",
    }
    assert error_of(desk.post(f"/{PARTNER.app_id}/subscriptions", APP_TOKEN, **wanted)) == (400, 2200, None)
    assert desk.get(f"/{PARTNER.app_id}/subscriptions", APP_TOKEN).get_json() == {"data": []}


def test_a_number_may_have_a_callback_of_its_own(desk: Desk, receiver: Receiver) -> None:
    client = desk.onboard()
    body = {"webhook_configuration": {"override_callback_uri": f"{receiver.url}/number", "verify_token": "mine"}}
    assert desk.post_json(f"/{client.phone}", client.token, body).get_json() == {"success": True}
    shown = desk.number(client, "webhook_configuration")
    assert shown == {"webhook_configuration": {"phone_number": f"{receiver.url}/number"}, "id": client.phone}
    gone = {"webhook_configuration": {"override_callback_uri": ""}}
    assert desk.post_json(f"/{client.phone}", client.token, gone).status_code == 200
    assert desk.number(client, "webhook_configuration") == {"webhook_configuration": {}, "id": client.phone}
