"""The facts of a partner with whom everything is in order, and ways to change one of them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from app.meta.apps import App
from app.meta.businesses import Business
from app.meta.credit_lines import CreditLine
from app.meta.oauth import Inspection
from app.meta.subscriptions import Subscription
from app.meta.system_users import SystemUser
from app.upkeep.doctor.facts import Door, Facts, FromHouse, FromMeta, KeptKey, Ours, Records, Trouble, Wire
from app.upkeep.doctor.fields import NeededField

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SILENT = Trouble("silent")
FAILED = Trouble("failed")
CALLBACK = "https://connect.partner.example/api/webhooks/whatsapp"

OURS = Ours(
    app_id="1234567890",
    business_id="35602282435505",
    system_user_id="100012345678901",
    credit_line_id="1972385232742146",
    graph_version="v25.0",
    graph_url="https://graph.facebook.com",
    public_url="https://connect.partner.example",
    callback_url=CALLBACK,
    host="connect.partner.example",
    loopback=False,
    rehearsal=False,
)
TOKEN = Inspection(
    is_valid=True,
    app_id="1234567890",
    type="SYSTEM_USER",
    scopes=frozenset({"business_management", "whatsapp_business_management", "whatsapp_business_messaging"}),
    targets={},
    expires_at=None,
    issued_at=None,
    user_id="100012345678901",
    error=None,
)
SUBSCRIPTION = Subscription(
    "whatsapp_business_account", CALLBACK, active=True, fields=frozenset({"account_update", "messages", "history"})
)
APP = App(
    id="1234567890",
    name="Example Connect",
    domains=("connect.partner.example",),
    privacy_policy_url="https://partner.example/privacy",
    terms_of_service_url="https://partner.example/terms",
    category="Business and pages",
)
META = FromMeta(
    wire=Wire(asked=9, silent=0, fastest_ms=120, ahead=0.2, served="v25.0"),
    secrets=(None,),
    app=APP,
    subscriptions=(SUBSCRIPTION,),
    token=TOKEN,
    proof_required=True,
    business=Business("35602282435505", "Example Partner Ltd", "verified"),
    system_users=(SystemUser("100012345678901", "Example bot", "ADMIN"),),
    finance_permission="EDITOR",
    credit_lines=(CreditLine("1972385232742146", "Example Partner Ltd"),),
    popup=None,
    redirects=dict.fromkeys(("https://connect.partner.example", "https://connect.partner.example/connect/back")),
)
RECORDS = Records(
    sqlite=False,
    synced="on",
    revision="0007",
    head="0007",
    silent_roles=frozenset(),
    led_until=datetime(2026, 11, 25, 12, 0, 1, tzinfo=UTC),
    newest_token=None,
)
HEALTHY = Facts(
    ours=OURS,
    meta=META,
    house=FromHouse(
        door=Door("ours"), records=RECORDS, disk_free=None, mail="", channels=(1, ()), keys=(KeptKey("the settings"),)
    ),
    versions={"v24.0": date(2028, 2, 18), "v25.0": date(2028, 7, 29), "v26.0": None},
    fields=(
        NeededField("account_update", "must", "who comes and goes"),
        NeededField("messages", "must", "the last step"),
        NeededField("history", "should", "chats"),
    ),
)


def of_ours(**changes: Any) -> Facts:
    return replace(HEALTHY, ours=replace(OURS, **changes))


def of_meta(**changes: Any) -> Facts:
    return replace(HEALTHY, meta=replace(META, **changes))


def of_wire(**changes: Any) -> Facts:
    return of_meta(wire=replace(META.wire, **changes))


def of_house(**changes: Any) -> Facts:
    return replace(HEALTHY, house=replace(HEALTHY.house, **changes))


def of_records(**changes: Any) -> Facts:
    return of_house(records=replace(RECORDS, **changes))


def refused(code: int, subcode: int | None = None, kind: Any = "refused") -> Trouble:
    return Trouble(kind, code, subcode)
