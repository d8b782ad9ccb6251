"""By hand: for every fact, how somebody changes it at Meta, and what must come of that.

`change` is a door of the local Meta with what is sent to it; ids are filled in. `shows` is Meta's value as it is shown
then. `incident` is kind and severity, None where none may open. `repaired`: our own repair puts it right at once, and
Meta then shows `after`.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Drift:
    """One change of one fact."""

    fact: str
    subject: str
    door: str
    change: dict[str, Any]
    shows: Any
    incident: tuple[str, str] | None = None
    repaired: bool = False
    after: Any = None
    back: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.fact}-{next(iter(self.change.values()), 'gone')}"


ACCOUNT, NUMBER, BUSINESS = "accounts/{waba_id}", "numbers/{phone_number_id}", "businesses/{business_id}"
ELSEWHERE = "https://elsewhere.example/hook"

DRIFTS = [
    Drift("subscription", "account", ACCOUNT, {"subscribed": False}, False, repaired=True, after=True),
    Drift("callback", "account", ACCOUNT, {"override_uri": ELSEWHERE}, ELSEWHERE, repaired=True, after=""),
    Drift("number_callback", "number", NUMBER, {"override_uri": ELSEWHERE}, ELSEWHERE, repaired=True, after=""),
    Drift("credit", "account", ACCOUNT, {"funding": None}, "", repaired=True, after="paid"),
    Drift(
        "credit", "account", ACCOUNT, {"funding": "5985000000000099"}, "5985000000000099", ("credit_missing", "urgent")
    ),
    Drift(
        "account_status",
        "account",
        ACCOUNT,
        {"status": "DISABLED"},
        "DISABLED",
        ("account_review", "urgent"),
        back={"status": "ACTIVE"},
    ),
    Drift(
        "account_review",
        "account",
        ACCOUNT,
        {"review_status": "REJECTED"},
        "REJECTED",
        ("account_review", "urgent"),
        back={"review_status": "APPROVED"},
    ),
    Drift(
        "account_health",
        "account",
        ACCOUNT,
        {"health": "BLOCKED"},
        "BLOCKED",
        ("account_review", "urgent"),
        back={"health": None},
    ),
    Drift(
        "business_verification",
        "account",
        BUSINESS,
        {"verification": "revoked"},
        "revoked",
        ("client_must_act", "warning"),
        back={"verification": None},
    ),
    Drift(
        "limit",
        "account",
        BUSINESS,
        {"messaging_limit": "TIER_250"},
        "TIER_250",
        ("quality_dropped", "warning"),
        back={"messaging_limit": "TIER_10K"},
    ),
    Drift(
        "business_verification",
        "account",
        BUSINESS,
        {"verification": "pending_need_more_info"},
        "pending_need_more_info",
        ("client_must_act", "notice"),
        back={"verification": None},
    ),
    Drift("owner", "account", ACCOUNT, {"owner_business_id": "another"}, "another", ("account_differs", "warning")),
    Drift(
        "currency",
        "account",
        ACCOUNT,
        {"currency": "EUR"},
        "EUR",
        ("account_differs", "notice"),
        back={"currency": "USD"},
    ),
    Drift(
        "templates",
        "account",
        ACCOUNT,
        {"templates": ["order_ok:APPROVED", "promo:PAUSED"]},
        {"APPROVED": 1, "PAUSED": 1},
        back={"templates": ["order_ok:APPROVED"]},
    ),
    Drift("number_listed", "number", "DELETE", {}, False, ("number_restricted", "urgent")),
    Drift(
        "number_status",
        "number",
        NUMBER,
        {"status": "BANNED"},
        "BANNED",
        ("number_restricted", "urgent"),
        back={"status": "CONNECTED"},
    ),
    Drift(
        "number_status",
        "number",
        NUMBER,
        {"status": "FLAGGED"},
        "FLAGGED",
        ("number_restricted", "urgent"),
        back={"status": "CONNECTED"},
    ),
    Drift(
        "number_health",
        "number",
        NUMBER,
        {"health": "BLOCKED"},
        "BLOCKED",
        ("number_restricted", "urgent"),
        back={"health": None},
    ),
    Drift(
        "platform",
        "number",
        NUMBER,
        {"platform_type": "ON_PREMISE"},
        "ON_PREMISE",
        ("number_restricted", "urgent"),
        back={"platform_type": "CLOUD_API"},
    ),
    Drift(
        "quality",
        "number",
        NUMBER,
        {"quality_rating": "YELLOW"},
        "YELLOW",
        ("quality_dropped", "warning"),
        back={"quality_rating": "GREEN"},
    ),
    Drift(
        "quality",
        "number",
        NUMBER,
        {"quality_rating": "RED"},
        "RED",
        ("quality_dropped", "urgent"),
        back={"quality_rating": "GREEN"},
    ),
    Drift(
        "name_status",
        "number",
        NUMBER,
        {"name_status": "DECLINED"},
        "DECLINED",
        ("client_must_act", "warning"),
        back={"name_status": "APPROVED"},
    ),
    Drift(
        "code_verification",
        "number",
        NUMBER,
        {"code_status": "NOT_VERIFIED"},
        "NOT_VERIFIED",
        back={"code_status": "VERIFIED"},
    ),
    Drift(
        "two_step",
        "number",
        NUMBER,
        {"two_step": False},
        False,
        ("client_must_act", "warning"),
        back={"two_step": True},
    ),
    Drift(
        "on_phone_app",
        "number",
        NUMBER,
        {"is_on_biz_app": True},
        True,
        ("account_differs", "warning"),
        back={"is_on_biz_app": False},
    ),
]
