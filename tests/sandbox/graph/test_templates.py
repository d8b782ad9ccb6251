"""Templates of an account, and what somebody has changed about account and number without any call."""

from tests.sandbox.desk import Desk


def test_templates_are_listed_with_their_state_and_narrowed_by_it(desk: Desk) -> None:
    client = desk.live_client()
    desk.change(f"/accounts/{client.waba}", templates=["order_ok:APPROVED", "promo:PAUSED"])
    asked = {"fields": "name,status"}
    shown = desk.get(f"/{client.waba}/message_templates", client.token, **asked).get_json()["data"]
    assert [(one["name"], one["status"]) for one in shown] == [("order_ok", "APPROVED"), ("promo", "PAUSED")]
    paused = desk.get(f"/{client.waba}/message_templates", client.token, status="PAUSED", **asked).get_json()["data"]
    assert [one["name"] for one in paused] == ["promo"]


def test_subscription_callbacks_health_and_words_are_changed_by_their_doors(desk: Desk) -> None:
    client = desk.live_client()
    desk.change(f"/accounts/{client.waba}", subscribed=False)
    assert desk.get(f"/{client.waba}/subscribed_apps", client.token).get_json() == {"data": []}
    desk.change(f"/accounts/{client.waba}", override_uri="https://elsewhere.example/hook", status="DISABLED")
    (row,) = desk.get(f"/{client.waba}/subscribed_apps", client.token).get_json()["data"]
    assert row["override_callback_uri"] == "https://elsewhere.example/hook"
    desk.change(f"/accounts/{client.waba}", health="BLOCKED")
    desk.change(f"/numbers/{client.phone}", health="LIMITED", override_uri="https://elsewhere.example/number")
    fields = "status,health_status,phone_numbers{health_status,webhook_configuration}"
    shown = desk.get(f"/{client.waba}", client.token, fields=fields).get_json()
    assert (shown["status"], shown["health_status"]["can_send_message"]) == ("DISABLED", "BLOCKED")
    (number,) = shown["phone_numbers"]["data"]
    assert number["webhook_configuration"]["phone_number"] == "https://elsewhere.example/number"
    assert number["health_status"]["entities"][0]["can_send_message"] == "LIMITED"


def test_a_portfolios_verification_and_limit_are_metas_words(desk: Desk) -> None:
    client = desk.live_client()
    business = desk.runtime.world.records.accounts[client.waba].owner_business_id
    desk.change(f"/businesses/{business}", verification="revoked", messaging_limit="TIER_2K")
    fields = "business_verification_status,whatsapp_business_manager_messaging_limit"
    shown = desk.get(f"/{client.waba}", client.token, fields=fields).get_json()
    assert shown["business_verification_status"] == "revoked"
    assert shown["whatsapp_business_manager_messaging_limit"] == "TIER_2K"
