"""Which kind of token each call accepts, and which permission it needs. Data: a new door needs a row here first.

The key is ``METHOD node/edge`` (``-`` stands for no node). ``strict`` is what Meta's own page for the call names;
``lenient`` is what works in practice wherever the asset can be reached. ``scope`` is the permission the token must
carry. Pages: "Onboarding customers as a Solution Partner", "Sharing your credit line", "Business phone numbers",
"Register", "Subscribe to webhooks", "Manage system users" (read in autumn 2026).
"""

from dataclasses import dataclass

from sandbox.world.state import TokenKind

_APP = frozenset({TokenKind.APP})
_SYSTEM = frozenset({TokenKind.SYSTEM})
_BUSINESS = frozenset({TokenKind.BUSINESS})
_EITHER = _SYSTEM | _BUSINESS

MANAGEMENT = "whatsapp_business_management"
MESSAGING = "whatsapp_business_messaging"
BUSINESS = "business_management"


@dataclass(frozen=True, slots=True)
class Door:
    """Who may use one call. Empty ``strict`` means that the call asks for no token at all.

    ``wrong_kind`` is the error code for a token of another kind: 200 (no permission) unless Meta has one of its own.
    """

    strict: frozenset[TokenKind]
    lenient: frozenset[TokenKind]
    scope: str | None = None
    wrong_kind: int = 200


def _door(
    strict: frozenset[TokenKind],
    lenient: frozenset[TokenKind] | None = None,
    scope: str | None = None,
    wrong_kind: int = 200,
) -> Door:
    return Door(strict, lenient or strict, scope, wrong_kind)


DOORS: dict[str, Door] = {
    "GET -/oauth/access_token": _door(frozenset()),
    "POST -/oauth/access_token": _door(frozenset()),
    "GET -/oauth/revoke": _door(frozenset()),
    "GET -/debug_token": _door(_APP | _SYSTEM, wrong_kind=100),
    "GET app": _door(_APP | _SYSTEM, _APP | _EITHER),
    "GET app/subscriptions": _door(_APP, wrong_kind=15),
    "POST app/subscriptions": _door(_APP, wrong_kind=15),
    "DELETE app/subscriptions": _door(_APP, wrong_kind=15),
    "GET account": _door(_EITHER, scope=MANAGEMENT),
    "GET account/phone_numbers": _door(_EITHER, scope=MANAGEMENT),
    "POST account/phone_numbers": _door(_BUSINESS, _EITHER, MANAGEMENT),
    "GET account/message_templates": _door(_EITHER, scope=MANAGEMENT),
    "GET account/subscribed_apps": _door(_BUSINESS, _EITHER, MANAGEMENT),
    "POST account/subscribed_apps": _door(_BUSINESS, _EITHER, MANAGEMENT),
    "DELETE account/subscribed_apps": _door(_BUSINESS, _EITHER, MANAGEMENT),
    "GET account/assigned_users": _door(_SYSTEM, _EITHER, MANAGEMENT),
    "POST account/assigned_users": _door(_SYSTEM, _EITHER, MANAGEMENT),
    "DELETE account/assigned_users": _door(_SYSTEM, _EITHER, MANAGEMENT),
    "GET number": _door(_EITHER, scope=MANAGEMENT),
    "POST number": _door(_BUSINESS, _EITHER, MANAGEMENT),
    "POST number/request_code": _door(_BUSINESS, _EITHER, MANAGEMENT),
    "POST number/verify_code": _door(_BUSINESS, _EITHER, MANAGEMENT),
    "POST number/register": _door(_EITHER, scope=MANAGEMENT),
    "POST number/deregister": _door(_BUSINESS, _EITHER, MANAGEMENT),
    "POST number/smb_app_data": _door(_BUSINESS, _EITHER, MANAGEMENT),
    "POST number/messages": _door(_EITHER, scope=MESSAGING),
    "GET business": _door(_EITHER, scope=BUSINESS),
    "GET business/client_whatsapp_business_accounts": _door(_SYSTEM, scope=MANAGEMENT),
    "GET business/owned_whatsapp_business_accounts": _door(_SYSTEM, scope=MANAGEMENT),
    "GET business/extendedcredits": _door(_SYSTEM, scope=BUSINESS),
    "GET business/system_users": _door(_SYSTEM, scope=BUSINESS),
    "POST business/system_user_access_tokens": _door(_SYSTEM, scope=BUSINESS),
    "GET credit_line": _door(_SYSTEM, scope=BUSINESS),
    "POST credit_line/whatsapp_credit_sharing_and_attach": _door(_SYSTEM, scope=BUSINESS),
    "POST credit_line/whatsapp_credit_sharing": _door(_SYSTEM, scope=BUSINESS),
    "POST credit_line/whatsapp_credit_attach": _door(_BUSINESS, _EITHER, MANAGEMENT),
    "GET credit_line/owning_credit_allocation_configs": _door(_SYSTEM, scope=BUSINESS),
    "GET allocation": _door(_SYSTEM, scope=BUSINESS),
    "DELETE allocation": _door(_SYSTEM, scope=BUSINESS),
    "GET system_user": _door(_SYSTEM, scope=BUSINESS),
}
