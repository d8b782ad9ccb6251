"""What a phone number shows of itself."""

from sandbox.graph.doors import Call
from sandbox.graph.fields import NodeView
from sandbox.graph.health import number_health
from sandbox.world.accounts import main_account
from sandbox.world.clock import to_iso
from sandbox.world.example_numbers import to_display
from sandbox.world.numbers import read_code_status
from sandbox.world.state import Number
from sandbox.world.subscriptions import find_subscription

_DEFAULTS = (
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
    "last_onboarded_time",
    "webhook_configuration",
    "id",
)


def _webhooks(call: Call, number: Number) -> dict[str, str]:
    subscription = find_subscription(call.world, call.app.id, number.account_ids[-1])
    configured = {
        "phone_number": number.override_uri,
        "whatsapp_business_account": subscription.override_uri if subscription else None,
        "application": call.app.callback_url,
    }
    return {level: address for level, address in configured.items() if address}


def _throughput(_: Call, number: Number) -> dict[str, str]:
    return {"level": "STANDARD" if number.status == "CONNECTED" else "NOT_APPLICABLE"}


def _manager_limit(call: Call, number: Number) -> str | None:
    """Since v24; older versions have no such field in practice and leave it out here."""
    if int(call.version[1:].split(".")[0]) < 24:
        return None
    return call.world.records.businesses[main_account(call.world, number).owner_business_id].messaging_limit


NUMBER: NodeView[Number] = NodeView(
    "WhatsAppBusinessPhoneNumber",
    _DEFAULTS,
    {
        "id": lambda _, number: number.id,
        "display_phone_number": lambda _, number: to_display(number.digits),
        "verified_name": lambda _, number: number.verified_name,
        "code_verification_status": lambda call, number: read_code_status(number, call.world.now()),
        "quality_rating": lambda _, number: number.quality_rating,
        "quality_score": lambda _, number: {"score": number.quality_rating},
        "status": lambda _, number: number.status,
        "name_status": lambda _, number: number.name_status,
        "new_display_name": lambda _, __: None,
        "new_name_status": lambda _, __: "NONE",
        "certificate": lambda _, __: None,
        "platform_type": lambda _, number: number.platform_type,
        "throughput": _throughput,
        "account_mode": lambda _, __: "LIVE",
        "is_official_business_account": lambda _, __: False,
        "is_on_biz_app": lambda _, number: number.is_on_biz_app,
        "is_pin_enabled": lambda _, number: number.pin_hash is not None,
        "is_preverified_number": lambda _, number: number.is_preverified,
        "messaging_limit_tier": lambda _, __: "TIER_250",
        "whatsapp_business_manager_messaging_limit": _manager_limit,
        "health_status": number_health,
        "last_onboarded_time": lambda _, number: to_iso(number.onboarded_at),
        "webhook_configuration": _webhooks,
        "host_platform": lambda _, number: number.platform_type,
        "search_visibility": lambda _, __: "VISIBLE",
        "unified_cert_status": lambda _, __: None,
        "username": lambda _, __: None,
    },
)
"""Fields by name. ``display_phone_number`` is formatted here and bare digits in webhooks."""
