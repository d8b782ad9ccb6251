"""What an account shows of itself."""

from typing import Any

from sandbox.graph.doors import Call
from sandbox.graph.fields import NodeView
from sandbox.graph.health import account_health
from sandbox.graph.number_fields import NUMBER
from sandbox.world.accounts import list_numbers, read_verification
from sandbox.world.clock import to_iso
from sandbox.world.state import Account

_DEFAULTS = ("id", "name", "currency", "timezone_id", "message_template_namespace")


def _owner(call: Call, account: Account) -> dict[str, Any]:
    business = call.world.records.businesses[account.owner_business_id]
    return {"name": business.name, "id": business.id}


def _verification(call: Call, account: Account) -> str:
    return read_verification(call.world.records.businesses[account.owner_business_id])


def _limit(call: Call, account: Account) -> str:
    return call.world.records.businesses[account.owner_business_id].messaging_limit


def _numbers(call: Call, account: Account) -> dict[str, Any]:
    every = tuple(NUMBER)
    if account.number_ids and call.runtime.faults.lag.hides("phone_numbers", account.id):
        return {"data": []}
    return {"data": [{name: NUMBER[name](call, n) for name in every} for n in list_numbers(call.world, account)]}


def _ownership(call: Call, account: Account) -> str:
    return "SELF" if account.owner_business_id == call.bearer.business_id else "CLIENT_OWNED"


def _funding(call: Call, account: Account) -> str | None:
    if account.primary_funding_id is None or call.runtime.faults.lag.hides("primary_funding_id", account.id):
        return None
    return account.primary_funding_id


ACCOUNT: NodeView[Account] = NodeView(
    "WhatsAppBusinessAccount",
    _DEFAULTS,
    {
        "id": lambda _, account: account.id,
        "name": lambda _, account: account.name,
        "status": lambda _, account: account.status,
        "currency": lambda _, account: account.currency,
        "country": lambda _, account: account.country,
        "timezone_id": lambda _, account: account.timezone_id,
        "message_template_namespace": lambda _, account: account.namespace,
        "account_review_status": lambda _, account: account.review_status,
        "business_verification_status": _verification,
        "ownership_type": _ownership,
        "owner_business_info": _owner,
        "on_behalf_of_business_info": lambda _, __: None,
        "primary_funding_id": _funding,
        "primary_business_location": lambda _, account: account.country,
        "purchase_order_number": lambda _, __: None,
        "creation_time": lambda _, account: to_iso(account.created_at),
        "health_status": account_health,
        "is_enabled_for_insights": lambda _, __: False,
        "marketing_messages_onboarding_status": lambda _, __: "NOT_ONBOARDED",
        "whatsapp_business_manager_messaging_limit": _limit,
        "phone_numbers": _numbers,
    },
)
"""Fields by name. Unset ones are left out, as Graph does."""
