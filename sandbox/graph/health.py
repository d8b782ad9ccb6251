"""``health_status``: whether number, account, business and app may send, and what stands in the way."""

from typing import Any

from sandbox.graph.doors import Call
from sandbox.world.accounts import main_account
from sandbox.world.state import Account, Number

_WORST_FIRST = ("BLOCKED", "LIMITED", "AVAILABLE")


def account_health(call: Call, account: Account) -> dict[str, Any]:
    """The account's health: itself, its business, the app."""
    return _sum_up([_account(account), _business(call, account), _app(call)])


def number_health(call: Call, number: Number) -> dict[str, Any]:
    """The number's health: itself and everything above it."""
    account = main_account(call.world, number)
    return _sum_up([_number(number), _account(account), _business(call, account), _app(call)])


def _sum_up(entities: list[dict[str, Any]]) -> dict[str, Any]:
    worst = next(level for level in _WORST_FIRST if any(e["can_send_message"] == level for e in entities))
    return {"can_send_message": worst, "entities": entities}


def _number(number: Number) -> dict[str, Any]:
    entity: dict[str, Any] = {"entity_type": "PHONE_NUMBER", "id": number.id, "can_send_message": "AVAILABLE"}
    if number.status != "CONNECTED":
        entity["can_send_message"] = "BLOCKED"
        error = {
            "error_code": 141000,
            "error_description": "The phone number is not registered.",
            "possible_solution": "Register the phone number.",
        }
        entity["errors"] = [error]
    elif number.name_status == "PENDING_REVIEW":
        entity["can_send_message"] = "LIMITED"
        entity["additional_info"] = ["Your display name has not been approved yet."]
    return _overruled(entity, number.health)


def _account(account: Account) -> dict[str, Any]:
    entity: dict[str, Any] = {"entity_type": "WABA", "id": account.id, "can_send_message": "AVAILABLE"}
    if account.primary_funding_id is None:
        error = {
            "error_code": 141006,
            "error_description": "There is an error with the payment method.",
            "possible_solution": "Update the payment method in business settings.",
        }
        entity |= {"can_send_message": "BLOCKED", "errors": [error]}
    return _overruled(entity, account.health)


def _overruled(entity: dict[str, Any], health: str | None) -> dict[str, Any]:
    """What Meta has decided for reasons of its own, which no other field tells."""
    if health is None:
        return entity
    plain = {name: entity[name] for name in ("entity_type", "id")} | {"can_send_message": health}
    if health != "BLOCKED":
        return plain
    error = {
        "error_code": 141010,
        "error_description": "Messaging is blocked because of a policy violation.",
        "possible_solution": "Ask for a review in WhatsApp Manager.",
    }
    return plain | {"errors": [error]}


def _business(call: Call, account: Account) -> dict[str, Any]:
    business = call.world.records.businesses[account.owner_business_id]
    entity: dict[str, Any] = {"entity_type": "BUSINESS", "id": business.id, "can_send_message": "AVAILABLE"}
    if not business.verified:
        entity["can_send_message"] = "LIMITED"
        entity["additional_info"] = ["The business has not passed business verification."]
    return entity


def _app(call: Call) -> dict[str, Any]:
    return {"entity_type": "APP", "id": call.app.id, "can_send_message": "AVAILABLE"}
