"""``contract.json`` against real answers: what it promises is what the doors do."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.sandbox.desk import Desk

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
        f"{method} {rule.rule.replace('<int:fault_id>', '{id}')}"
        for rule in rules
        if rule.rule.startswith("/_sandbox/") and "_path" not in rule.arguments and rule.endpoint.startswith("control.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not (rule.defaults and "_path" in rule.defaults)
    }
    assert built == set(CONTRACT["doors"])


@pytest.mark.parametrize(
    "plan", ["standard", "coexistence", "account_only", "unverified", "preregistered", "several", "app_only"]
)
def test_signups_keep_their_promise(desk: Desk, plan: str) -> None:
    check(desk, "POST /_sandbox/signups", {"plan": plan, "token_ttl": "never", "business": {"name": "Example Bakery"}})


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
