"""The kinds of incidents: all that exist now, each with words and a runbook."""

from app.incidents.kinds import KINDS, SEVERITIES

# By hand: kind and the severity at which it opens.
OPENS_AT = {
    "token_expiring": "warning",
    "token_dead": "urgent",
    "partner_token_expiring": "urgent",
    "partner_token_dead": "critical",
    "step_stuck": "warning",
    "subscription_lost": "urgent",
    "callback_differs": "urgent",
    "number_restricted": "urgent",
    "quality_dropped": "warning",
    "credit_missing": "urgent",
    "account_review": "urgent",
    "system_user_missing": "warning",
    "account_differs": "notice",
    "client_must_act": "notice",
    "weekly_signups": "warning",
    "graph_errors": "warning",
    "graph_version": "warning",
    "key_old": "notice",
    "mail_failing": "urgent",
    "disk_filling": "urgent",
    "clock_stopped": "critical",
    "privacy_request": "warning",
}


def test_these_kinds_exist_and_open_at_these_severities() -> None:
    assert {name: kind.severity for name, kind in KINDS.items()} == OPENS_AT
    assert set(OPENS_AT.values()) <= set(SEVERITIES)


def test_each_kind_says_what_it_is_what_it_means_and_what_to_do() -> None:
    assert [kind.name for kind in KINDS.values() if not (kind.title and kind.means and kind.do)] == []
    assert [kind.name for kind in KINDS.values() if not kind.means.endswith(".") or not kind.do.endswith(".")] == []
