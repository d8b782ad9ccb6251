"""``contract.json`` against real answers: what it promises is what the doors do."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sandbox.control import events, signups, wishes
from sandbox.faults import LAGGING
from tests.sandbox.desk import LINE, Desk

CONTRACT = json.loads((Path(__file__).parents[3] / "sandbox" / "contract.json").read_text())


def problems(name: str, value: Any) -> list[str]:
    schema = {"$ref": f"#/$defs/{name}", "$defs": CONTRACT["$defs"]}
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def check(desk: Desk, door: str, body: Any = None, *, at: str | None = None) -> Any:
    """Asks a door and holds request and reply against the contract."""
    method, path = door.split(" ")
    promise = CONTRACT["doors"][door]
    if body is not None:
        assert problems(promise["request"]["$ref"].rpartition("/")[2], body) == []
    reply = desk.ask(method, (at or path).removeprefix("/_sandbox"), body)
    schema = promise["reply"][str(reply.status_code)]
    assert problems(schema["$ref"].rpartition("/")[2], reply.get_json()) == []
    return reply.get_json()


def test_the_contract_is_a_schema_and_is_served(desk: Desk) -> None:
    Draft202012Validator.check_schema(CONTRACT)
    served = desk.ask("GET", "/contract")
    assert served.get_json(force=True) == CONTRACT


def test_every_door_is_in_the_contract(desk: Desk) -> None:
    rules = desk.http.application.url_map.iter_rules()
    built = {
        f"{method} {re.sub('<[^>]+>', '{id}', rule.rule)}"
        for rule in rules
        if rule.rule.startswith("/_sandbox/") and "_path" not in rule.arguments and rule.endpoint.startswith("control.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not (rule.defaults and "_path" in rule.defaults)
    }
    assert built == set(CONTRACT["doors"])


@pytest.mark.parametrize("plan", CONTRACT["$defs"]["signup_request"]["properties"]["plan"]["enum"])
def test_signups_keep_their_promise(desk: Desk, plan: str) -> None:
    check(desk, "POST /_sandbox/signups", {"plan": plan, "token_ttl": "never", "business": {"name": "Example Bakery"}})


def test_the_contract_lists_just_the_fields_that_can_be_set() -> None:
    def listed(name: str) -> set[str]:
        return set(CONTRACT["$defs"][name]["properties"])

    assert listed("number_request") == {*wishes.NUMBER_FIELDS, "rejection_reason", "silent"}
    assert listed("account_request") == {*wishes.ACCOUNT_FIELDS, "silent"}
    assert listed("business_request") == set(wishes.BUSINESS_FIELDS)
    assert listed("app_request") == set(wishes.APP_FIELDS)
    assert listed("system_user_request") == set(wishes.USER_FIELDS)
    assert listed("config_request") == set(wishes.CONFIG_FIELDS)
    assert listed("credit_line_request") == set(wishes.LINE_FIELDS)
    assert listed("signup_request") == {*signups.FIELDS, "business", "accounts", "state"}
    assert listed("event_request") == {"event"}.union(*events.EVENTS.values())
    assert set(CONTRACT["$defs"]["event_request"]["properties"]["event"]["enum"]) == set(events.EVENTS)
    assert listed("lag") == set(LAGGING)


def test_changes_keep_their_promises(desk: Desk) -> None:
    client, phone_app = desk.live_client(), desk.onboard(plan="coexistence")
    check(desk, "POST /_sandbox/numbers/{id}", {"pin": None, "silent": True}, at=f"/_sandbox/numbers/{client.phone}")
    check(desk, "POST /_sandbox/accounts/{id}", {"currency": "EUR"}, at=f"/_sandbox/accounts/{client.waba}")
    check(desk, "POST /_sandbox/businesses/{id}", {"verified": True}, at=f"/_sandbox/businesses/{client.business}")
    check(desk, "POST /_sandbox/apps/{id}", {"weekly_limit": None}, at="/_sandbox/apps/1234567890")
    check(desk, "POST /_sandbox/system_users/{id}", {"role": "ADMIN"}, at="/_sandbox/system_users/100055500000002")
    check(desk, "POST /_sandbox/configs/{id}", {"token_ttl": 600}, at="/_sandbox/configs/998877665544332")
    check(desk, "POST /_sandbox/credit_lines/{id}", {"removed": True}, at=f"/_sandbox/credit_lines/{LINE}")
    check(desk, "POST /_sandbox/tokens", {"business_id": client.business, "expires_in": 0})
    event = {"event": "partner_removed", "reason": "CHANGE_NUMBER"}
    check(desk, "POST /_sandbox/accounts/{id}/events", event, at=f"/_sandbox/accounts/{phone_app.waba}/events")
    check(desk, "POST /_sandbox/share", {"numbers": [{"status": "PENDING"}, {"number": "+15550100112"}]})
    check(desk, "DELETE /_sandbox/numbers/{id}", at=f"/_sandbox/numbers/{client.phone}")


def test_a_whole_day_keeps_its_promises(desk: Desk) -> None:
    check(desk, "GET /_sandbox/health")
    client = desk.live_client()
    order = {"match": {"path": "/*/register", "nth": 1}, "action": {"delay_ms": 1}, "when": "after", "times": 1}
    fault = check(desk, "POST /_sandbox/faults", order)
    check(desk, "GET /_sandbox/faults")
    check(desk, "DELETE /_sandbox/faults/{id}", at=f"/_sandbox/faults/{fault['id']}")
    check(desk, "DELETE /_sandbox/faults")
    inbound = {"phone_number_id": client.phone, "from": "15550100301", "type": "text", "text": {"body": "hi"}}
    check(desk, "POST /_sandbox/inbound", inbound)
    desk.runtime.world.records.apps["1234567890"].callback_url = "http://127.0.0.1:9/"
    payload = {"object": "whatsapp_business_account", "entry": []}
    check(desk, "POST /_sandbox/webhooks", {"payload": payload, "times": 2, "shuffle": True})
    check(desk, "POST /_sandbox/dialog", {"order": "code_first"})
    check(desk, "GET /_sandbox/dialog")
    check(desk, "POST /_sandbox/clock", {"advance_seconds": 60})
    check(desk, "GET /_sandbox/calls")
    check(desk, "GET /_sandbox/counts")
    check(desk, "POST /_sandbox/lag", {"phone_numbers": 1})
    check(desk, "GET /_sandbox/lag")
    world = check(desk, "GET /_sandbox/world")
    filled = {name for name, rows in world.items() if rows}
    assert filled >= {
        "accounts",
        "numbers",
        "tokens",
        "allocations",
        "subscriptions",
        "messages",
        "contacts",
        "webhooks",
    }
    check(desk, "POST /_sandbox/reset", {})


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("POST", "/clock", {}, 400),
        ("POST", "/clock", {"advance_seconds": "soon"}, 400),
        ("POST", "/clock", [1], 400),
        ("POST", "/reset", {"hard": True}, 400),
        ("GET", "/calls?since=yesterday", None, 400),
        ("POST", "/signups", {"plan": "express"}, 400),
        ("POST", "/signups", {"token_ttl": "1d"}, 400),
        ("POST", "/signups", {"business": {"colour": "red"}}, 400),
        ("POST", "/signups", {"business": {"id": "1"}}, 404),
        ("POST", "/signups", {"omit": [1]}, 400),
        ("POST", "/signups", {"number": "+1 555 010 0180"}, 409),
        ("POST", "/signups", {"config_id": "1"}, 409),
        ("POST", "/signups", {"way": "redirect"}, 400),
        ("POST", "/signups", {"way": "sideways"}, 400),
        ("POST", "/signups", {"redirect_uri": "https://app.example/back"}, 400),
        ("POST", "/signups", {"way": "redirect", "redirect_uri": "https://evil.example/"}, 409),
        ("POST", "/signups", {"accounts": ["two"]}, 400),
        ("POST", "/signups", {"accounts": [-1]}, 400),
        ("POST", "/numbers/1", {"status": "CONNECTED"}, 404),
        ("DELETE", "/numbers/1", None, 404),
        ("POST", "/accounts/1", {"name": "Example"}, 404),
        ("POST", "/accounts/1", {"currency": "GOLD"}, 400),
        ("POST", "/accounts/1/events", {"event": "offboard"}, 404),
        ("POST", "/accounts/1/events", {"event": "flood"}, 400),
        ("POST", "/accounts/1/events", {"event": "partner_removed", "reason": "BOREDOM"}, 400),
        ("POST", "/accounts/1/events", {"event": "offboard", "older": True}, 400),
        ("POST", "/apps/1234567890", {"weekly_limit": 0}, 400),
        ("POST", "/apps/1234567890", {"live": "yes"}, 400),
        ("POST", "/apps/1234567890", {"domains": [""]}, 400),
        ("POST", "/apps/1234567890", {"secret": "x"}, 400),
        ("POST", "/apps/1", {"live": True}, 404),
        ("POST", "/system_users/100055500000001", {"role": "KING"}, 400),
        ("POST", "/configs/998877665544332", {"token_ttl": "1d"}, 400),
        ("POST", "/configs/998877665544332", {"token_ttl": 0}, 400),
        ("POST", "/tokens", {"expires_in": 0}, 400),
        ("POST", "/tokens", {"token": "EAAADMIN", "user_id": "1", "expires_in": 0}, 400),
        ("POST", "/tokens", {"token": "EAAADMIN"}, 400),
        ("POST", "/tokens", {"token": "EAAnobody", "expires_in": 0}, 404),
        ("POST", "/tokens", {"token": "EAAADMIN", "expires_in": 0, "which": "oldest"}, 400),
        ("POST", "/share", {"business": {"id": "1"}}, 409),
        ("POST", "/share", {"account": {"id": "1"}}, 409),
        ("POST", "/share", {"numbers": ["+15550100110"]}, 400),
        ("POST", "/share", {"numbers": [{"colour": "red"}]}, 400),
        ("POST", "/share", {"config_id": "1"}, 404),
        ("POST", "/share", {"colour": "red"}, 400),
        ("POST", "/inbound", {"phone_number_id": "1", "from": "15550100301", "body": "hi"}, 404),
        ("POST", "/inbound", {"phone_number_id": "1", "from": "me", "body": "hi"}, 400),
        ("POST", "/inbound", {"phone_number_id": "1", "from": "15550100301", "type": "hologram"}, 400),
        ("POST", "/inbound", {"phone_number_id": "1", "from": "15550100301", "type": "image"}, 400),
        ("POST", "/webhooks", {}, 400),
        ("POST", "/webhooks", {"payload": {"a": 1}, "times": 0}, 400),
        ("POST", "/webhooks", {"payload": {"a": 1}, "signature": "odd"}, 400),
        ("POST", "/webhooks", {"payload": {"a": 1}}, 409),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_shape(
    desk: Desk, method: str, path: str, body: Any, status: int
) -> None:
    reply = desk.ask(method, path, body)
    assert reply.status_code == status
    assert reply.mimetype == "application/problem+json"
    assert problems("problem", reply.get_json()) == []
    assert reply.get_json()["status"] == status
