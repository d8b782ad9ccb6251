"""Notifications about an account let it be compared with Meta at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.runtime import Runtime
from app.upkeep.check.models import AccountCheck
from app.webhooks.models import Notification
from tests.factories.checks import WABA, add_checked
from tests.webhooks.samples import NOON

TOLD: list[tuple[str, dict[str, Any]]] = [
    ("account_update", {"event": "ACCOUNT_RESTRICTION", "restriction_info": []}),
    ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}),
    ("account_update", {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SCAM"}}),
    ("account_update", {"event": "ACCOUNT_DELETED"}),
    ("account_review_update", {"decision": "REJECTED"}),
    ("account_alerts", {"entity_type": "WABA", "entity_id": WABA, "alert_info": {"alert_severity": "CRITICAL"}}),
    ("business_capability_update", {"max_daily_conversations_per_business": "TIER_250"}),
    ("phone_number_quality_update", {"display_phone_number": "551130000000", "event": "FLAGGED"}),
    ("phone_number_name_update", {"display_phone_number": "551130000000", "decision": "REJECTED"}),
    ("security", {"display_phone_number": "551130000000", "event": "PIN_RESET_REQUEST"}),
    ("message_template_status_update", {"event": "PAUSED", "message_template_id": 1689556908129832}),
]


@pytest.mark.parametrize(("field", "value"), TOLD, ids=lambda given: given if isinstance(given, str) else "")
def test_news_of_an_account_make_its_check_due_at_once(
    rt: Runtime, tell: Callable[..., Notification], field: str, value: dict[str, Any]
) -> None:
    add_checked(rt.db, at=NOON - timedelta(hours=2))
    entry = {"id": WABA, "time": int(NOON.timestamp()), "changes": [{"field": field, "value": value}]}
    row = tell({"object": "whatsapp_business_account", "entry": [entry]})
    assert row.trouble is None
    with rt.db.read() as session:
        assert session.scalars(select(AccountCheck.due_at)).one() == NOON
    assert "checks" in rt.wakes.rung  # type: ignore[attr-defined]


def test_messages_and_accounts_of_others_make_none_due(rt: Runtime, tell: Callable[..., Notification]) -> None:
    add_checked(rt.db, at=NOON - timedelta(hours=2))
    stranger = {
        "id": "1",
        "time": 1,
        "changes": [{"field": "account_review_update", "value": {"decision": "REJECTED"}}],
    }
    messages = {"id": WABA, "time": 1, "changes": [{"field": "messages", "value": {"metadata": {}}}]}
    tell({"object": "whatsapp_business_account", "entry": [stranger, messages]})
    with rt.db.read() as session:
        assert session.scalars(select(AccountCheck.due_at)).one() == NOON + timedelta(hours=22)
