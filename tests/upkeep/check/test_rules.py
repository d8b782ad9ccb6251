"""Decisions of the check, by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.upkeep.check import rules
from app.upkeep.check.facts import FACTS
from app.upkeep.check.rules import Finding, Judgement

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ACCOUNT = "019a9f2e-5c10-7d35-9a68-1f8e07a4b100"

# fact, ours, Meta's → verdict, severity
VERDICTS: list[tuple[str, Any, Any, str, str]] = [
    ("subscription", True, True, "ok", "urgent"),
    ("subscription", True, False, "drift", "urgent"),
    ("subscription", True, None, "unknown", "urgent"),
    ("callback", "https://us.example/hook", "", "ok", "urgent"),
    ("callback", "https://us.example/hook", "https://us.example/hook", "ok", "urgent"),
    ("callback", "https://us.example/hook", "https://them.example/hook", "drift", "urgent"),
    ("credit", "5985", "5985", "ok", "urgent"),
    ("credit", "5985", "", "drift", "urgent"),
    ("credit", "5985", "5986", "drift", "urgent"),
    ("credit", "anybody", "5986", "ok", "urgent"),
    ("credit", "anybody", "", "drift", "urgent"),
    ("quality", None, "GREEN", "ok", "warning"),
    ("quality", None, "UNKNOWN", "ok", "warning"),
    ("quality", None, "YELLOW", "drift", "warning"),
    ("quality", None, "RED", "drift", "urgent"),
    ("quality", None, "PURPLE", "unknown", "warning"),
    ("number_status", None, "FLAGGED", "drift", "warning"),
    ("number_status", None, "BANNED", "drift", "urgent"),
    ("business_verification", None, "not_verified", "ok", "warning"),
    ("business_verification", None, "pending_need_more_info", "drift", "notice"),
    ("limit", None, "TIER_250", "ok", "warning"),
    ("limit", "TIER_2K", "TIER_10K", "ok", "warning"),
    ("limit", "TIER_10K", "TIER_2K", "drift", "warning"),
    ("limit", "TIER_10K", "TIER_5", "unknown", "warning"),
    ("owner", None, "2729", "ok", "warning"),
    ("owner", "2729", "2730", "drift", "warning"),
    ("templates", None, {}, "ok", "notice"),
    ("templates", None, {"APPROVED": 3, "REJECTED": 1}, "ok", "notice"),
    ("templates", None, {"PAUSED": 1}, "drift", "notice"),
    ("templates", None, {"PAUSED": 1, "DISABLED": 2}, "drift", "warning"),
]


@pytest.mark.parametrize(("fact", "ours", "metas", "verdict", "severity"), VERDICTS)
def test_a_fact_comes_to_its_verdict(fact: str, ours: Any, metas: Any, verdict: str, severity: str) -> None:
    assert rules.judge(FACTS[fact], ours, metas) == Judgement(verdict, severity)


@pytest.mark.parametrize(
    ("fact", "ours", "metas", "held"),
    [
        ("limit", None, "TIER_250", "TIER_250"),
        ("limit", "TIER_250", "TIER_2K", "TIER_2K"),
        ("limit", "TIER_2K", "TIER_250", "TIER_2K"),
        ("owner", None, "2729", "2729"),
        ("owner", "2729", "2730", "2729"),
    ],
)
def test_metas_first_value_and_its_best_become_ours(fact: str, ours: Any, metas: Any, held: Any) -> None:
    assert rules.better(FACTS[fact], ours, metas) == held


def finding(name: str, metas: Any, ours: Any = None, says: tuple[str, ...] = ()) -> Finding:
    return Finding(FACTS[name], ours, metas, rules.judge(FACTS[name], ours, metas), says)


def wishes(*findings: Finding) -> dict[str, tuple[bool | None, str, int]]:
    return {wish.kind: (wish.open, wish.severity, len(wish.reasons)) for wish in rules.wishes_of(findings)}


def test_facts_of_one_kind_are_one_incident_as_bad_as_the_worst() -> None:
    found = [finding("number_status", "FLAGGED"), finding("number_health", "BLOCKED"), finding("platform", "CLOUD_API")]
    assert wishes(*found) == {"number_restricted": (True, "urgent", 2)}


def test_it_closes_only_when_all_of_them_are_known_to_be_right() -> None:
    right = [finding("number_status", "CONNECTED"), finding("platform", "CLOUD_API")]
    assert wishes(*right)["number_restricted"][0] is False
    assert wishes(*right, finding("number_health", None))["number_restricted"][0] is None


def test_a_reason_says_what_is_wrong_and_what_meta_says() -> None:
    said = rules.reason_of(finding("account_health", "BLOCKED", says=("Messaging is blocked.",)))
    assert said == "Meta lets this account send nothing (BLOCKED). Meta says: Messaging is blocked."


def test_our_line_is_attached_by_itself_only_where_it_had_been_and_nobody_pays() -> None:
    assert rules.may_repair_credit(metas="", was_ours=True)
    assert not rules.may_repair_credit(metas="5985", was_ours=True)
    assert not rules.may_repair_credit(metas="", was_ours=False)


def test_accounts_are_spread_over_the_day_and_each_keeps_its_time() -> None:
    slots = [rules.slot_of(f"account {place}") for place in range(2400)]
    by_hour = [sum(int(slot / timedelta(hours=1)) == hour for slot in slots) for hour in range(24)]
    assert min(by_hour) > 60
    assert max(by_hour) < 140
    first = rules.next_check(ACCOUNT, now=NOON)
    assert rules.next_check(ACCOUNT, now=first) == first + timedelta(days=1)
    assert timedelta(hours=6) <= first - NOON < timedelta(hours=30)


# SHA-256 gives "a" the time 13:04:10 of the day, and "account" 00:43:26.
@pytest.mark.parametrize(
    ("key", "now", "first", "following"),
    [
        ("a", "2026-11-20 12:00:00", "2026-11-20 13:04:10", "2026-11-21 13:04:10"),
        ("a", "2026-11-20 13:04:10", "2026-11-20 13:04:10", "2026-11-21 13:04:10"),
        ("a", "2026-11-20 13:04:11", "2026-11-21 13:04:10", "2026-11-21 13:04:10"),
        ("a", "2026-11-20 07:04:10", "2026-11-20 13:04:10", "2026-11-20 13:04:10"),
        ("a", "2026-11-20 07:04:11", "2026-11-20 13:04:10", "2026-11-21 13:04:10"),
        ("account", "2026-11-20 12:00:00", "2026-11-21 00:43:26", "2026-11-21 00:43:26"),
    ],
)
def test_the_first_check_takes_the_next_slot_and_a_later_one_leaves_out_what_is_near(
    key: str, now: str, first: str, following: str
) -> None:
    at, first_at, next_at = (datetime.fromisoformat(f"{text}+00:00") for text in (now, first, following))
    assert rules.first_check(key, now=at) == first_at
    assert rules.next_check(key, now=at) == next_at


def test_a_check_that_failed_is_soon_again_then_later_then_daily() -> None:
    waits = [rules.after_failure(count, ACCOUNT, now=NOON) - NOON for count in (1, 2, 3, 4, 5)]
    asked = [timedelta(minutes=minutes) for minutes in (2, 10, 30, 120, 360)]
    assert all(least <= wait <= least * 1.25 for least, wait in zip(asked, waits, strict=True))
    assert rules.after_failure(6, ACCOUNT, now=NOON) == rules.next_check(ACCOUNT, now=NOON)
    hour = timedelta(hours=1)
    assert rules.after_failure(1, ACCOUNT, now=NOON, wait=hour) == NOON + hour


def test_news_are_looked_at_at_once_but_not_twice_within_moments() -> None:
    assert rules.after_news(now=NOON, checked_at=None) == NOON
    assert rules.after_news(now=NOON, checked_at=NOON - timedelta(hours=1)) == NOON
    assert rules.after_news(now=NOON, checked_at=NOON - timedelta(seconds=5)) == NOON + timedelta(seconds=15)


def test_while_a_phone_app_is_off_its_number_is_quiet() -> None:
    assert rules.is_quiet(FACTS["number_status"], paused=True)
    assert not rules.is_quiet(FACTS["number_status"], paused=False)
    assert not rules.is_quiet(FACTS["credit"], paused=True)
