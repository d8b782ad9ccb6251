"""Which plan an onboarding has: the table by hand, from Meta's pages on signup, coexistence and moving a number."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.onboarding.rules import NumberFacts, Received, Wait, choose_plan, is_from_meta, next_poll

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ON_APP = "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
NEW: dict[str, Any] = {
    "status": "PENDING",
    "platform_type": "NOT_APPLICABLE",
    "code_verification_status": "VERIFIED",
    "is_on_biz_app": False,
    "display_phone_number": "+44 7700 900142",
}
CONNECTED = {**NEW, "status": "CONNECTED", "platform_type": "CLOUD_API"}
PHONE_APP = {**CONNECTED, "is_on_biz_app": True}

TABLE: list[tuple[dict[str, Any], dict[str, Any] | None, str]] = [
    # what was received, what Meta says of the number, the plan
    ({"event_kind": "FINISH"}, NEW, "standard"),
    ({"event_kind": "FINISH"}, {}, "standard"),
    ({"event_kind": None}, NEW, "standard"),
    ({"event_kind": "FINISH_OBO_MIGRATION"}, NEW, "standard"),
    ({"event_kind": "FINISH_SOMETHING_NEW"}, NEW, "standard"),
    # The number decides, not the button, and either sign of the phone app is enough.
    ({"event_kind": "FINISH", "plan_asked": "standard"}, PHONE_APP, "coexistence"),
    ({"event_kind": ON_APP}, {**NEW, "is_on_biz_app": None}, "coexistence"),
    ({"event_kind": ON_APP}, NEW, "coexistence"),
    ({"event_kind": "CANCEL"}, PHONE_APP, "coexistence"),
    ({"event_kind": "FINISH", "plan_asked": "coexistence"}, NEW, "standard"),
    ({"way": "hosted"}, PHONE_APP, "coexistence"),
    ({"way": "redirect"}, PHONE_APP, "coexistence"),
    # Shared long ago: what was said on the phone can no longer be asked for.
    ({"way": "adopted"}, PHONE_APP, "registered"),
    ({"way": "by_hand"}, PHONE_APP, "registered"),
    ({"event_kind": "FINISH_ONLY_WABA"}, None, "account_only"),
    ({"way": "adopted"}, None, "account_only"),
    # A number was chosen in the window although the window said there was none.
    ({"event_kind": "FINISH_ONLY_WABA"}, NEW, "standard"),
    ({"event_kind": "FINISH"}, {**NEW, "code_verification_status": "NOT_VERIFIED"}, "unverified"),
    ({"event_kind": "FINISH"}, {**NEW, "code_verification_status": "UNVERIFIED"}, "unverified"),
    ({"event_kind": "FINISH"}, {**NEW, "code_verification_status": "EXPIRED"}, "standard"),
    ({"event_kind": "FINISH"}, CONNECTED, "registered"),
    ({"way": "adopted"}, CONNECTED, "registered"),
    ({"way": "by_hand"}, NEW, "standard"),
    # A verification may run out later without harm to a number that is connected.
    ({"event_kind": "FINISH"}, {**CONNECTED, "code_verification_status": "EXPIRED"}, "registered"),
    ({"event_kind": "FINISH"}, {**CONNECTED, "code_verification_status": "NOT_VERIFIED"}, "registered"),
    ({"event_kind": "FINISH"}, {**NEW, "status": "CONNECTED"}, "standard"),
    ({"event_kind": "FINISH"}, {**NEW, "platform_type": "CLOUD_API"}, "standard"),
    ({"event_kind": "FINISH"}, {**NEW, "display_phone_number": "+1 555-078-0001"}, "virtual"),
    ({"plan_asked": "from_provider"}, {**NEW, "display_phone_number": "+1 555-078-0001"}, "virtual"),
    ({"plan_asked": "from_provider", "event_kind": "FINISH"}, NEW, "from_provider"),
    ({"plan_asked": "from_provider", "event_kind": "FINISH"}, CONNECTED, "registered"),
    ({"plan_asked": "from_provider"}, {**NEW, "code_verification_status": "NOT_VERIFIED"}, "unverified"),
    # A client that was live comes back; what the number is by now the steps read.
    ({"event_kind": "FINISH", "was_live": True}, CONNECTED, "reconnect"),
    ({"event_kind": ON_APP, "was_live": True}, PHONE_APP, "reconnect"),
    ({"event_kind": "FINISH_GRANT_ONLY_API_ACCESS"}, NEW, "app_only"),
    ({"event_kind": "FINISH_GRANT_ONLY_API_ACCESS"}, None, "app_only"),
    ({"event_kind": "FINISH", "has_solution": True}, NEW, "solution"),
    ({"event_kind": "FINISH"}, {**NEW, "is_preverified": True}, "preverified"),
]


@pytest.mark.parametrize(("got", "number", "plan"), TABLE)
def test_the_plan_follows_what_was_received_and_what_meta_says_of_the_number(
    got: dict[str, Any], number: dict[str, Any] | None, plan: str
) -> None:
    assert choose_plan(Received(**got), None if number is None else NumberFacts(**number)) == plan


@pytest.mark.parametrize(
    ("display", "gave"),
    [
        ("+1 555-078-0001", True),
        ("15550780001", True),
        ("+1 555-123-4567", True),
        ("+1 555-010-0110", False),
        ("+1 212-555-0110", False),
        ("+55 51 5550-0001", False),
        ("+1 555-078-00", False),
        ("", False),
        (None, False),
    ],
)
def test_a_number_that_meta_gave_away_is_told_by_its_area_code(display: str | None, gave: bool) -> None:
    assert is_from_meta(display) is gave


WAIT = Wait(first=2, slowest=60, patience=timedelta(minutes=10), then="kept_waiting", who="partner")


@pytest.mark.parametrize(
    ("polls", "seconds"), [(0, 2), (1, 3), (2, 4.5), (3, 6.75), (8, 51.2578125), (9, 60), (10, 60), (100_000, 60)]
)
def test_looks_become_rarer_until_the_slowest(polls: int, seconds: float) -> None:
    assert next_poll(WAIT, since=NOON, polls=polls, now=NOON) == NOON + timedelta(seconds=seconds)


def test_the_last_look_is_when_patience_ends_and_then_a_person_decides() -> None:
    end = NOON + timedelta(minutes=10)
    assert next_poll(WAIT, since=NOON, polls=50, now=end - timedelta(seconds=30)) == end
    assert next_poll(WAIT, since=NOON, polls=0, now=end - timedelta(microseconds=1)) == end
    assert next_poll(WAIT, since=NOON, polls=0, now=end) is None
    assert next_poll(WAIT, since=NOON, polls=0, now=end + timedelta(days=3)) is None
