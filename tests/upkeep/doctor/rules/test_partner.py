from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.meta.businesses import Business
from app.meta.credit_lines import CreditLine
from app.meta.oauth import TokenFault
from app.meta.system_users import SystemUser
from app.upkeep.doctor.facts import Trouble
from app.upkeep.doctor.rules import partner
from app.upkeep.doctor.verdicts import verdict
from tests.upkeep.doctor.healthy import META, NOON, OURS, SILENT, TOKEN, of_meta, of_ours, refused

NO_ANSWER = verdict("unchecked", because="Meta gave no answer in time")
OTHER_APP = verdict("other_app", app_id="1234567890")
KEY = "100012345678901"


def dead(subcode: int | None) -> object:
    return replace(TOKEN, is_valid=False, error=TokenFault(190, subcode))


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (TOKEN, verdict("ok")),
        (dead(463), verdict("dead", why="it has expired")),
        (dead(460), verdict("dead", why="a password was changed")),
        (dead(458), verdict("dead", why="the app was removed from the system user")),
        (dead(467), verdict("dead", why="it was taken back")),
        (dead(None), verdict("dead", why="Meta does not say why")),
        (dead(492), verdict("dead", why="Meta does not say why")),
        (replace(TOKEN, is_valid=False), verdict("dead", why="Meta does not say why")),
        (replace(TOKEN, app_id="999"), OTHER_APP),
        (refused(100), OTHER_APP),
        (refused(1), verdict("unchecked", because="Meta refused to tell (code 1)")),
        (SILENT, NO_ANSWER),
        (replace(TOKEN, type="USER"), verdict("a_persons")),
        (replace(TOKEN, type=None), verdict("ok")),
    ],
)
def test_the_system_users_token(token: Any, said: object) -> None:
    assert partner.system_token(of_meta(token=token), NOON) == said


def test_every_permission_is_needed() -> None:
    assert partner.token_scopes(of_meta(), NOON) == verdict("ok")
    assert partner.token_scopes(of_meta(token=SILENT), NOON) == NO_ANSWER
    two = replace(TOKEN, scopes=frozenset({"whatsapp_business_management", "public_profile"}))
    assert partner.token_scopes(of_meta(token=two), NOON) == verdict(
        "missing", missing="business_management, whatsapp_business_messaging"
    )
    for scope in sorted(TOKEN.scopes):
        without = replace(TOKEN, scopes=TOKEN.scopes - {scope})
        assert partner.token_scopes(of_meta(token=without), NOON) == verdict("missing", missing=scope)


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (None, verdict("never")),
        (datetime(2026, 12, 9, 12, 0, 1, tzinfo=UTC), verdict("ok", days=14, day="9 December 2026")),
        (datetime(2026, 12, 9, 12, 0, tzinfo=UTC), verdict("ends_soon", days=14, day="9 December 2026")),
        (datetime(2026, 11, 26, 11, 0, tzinfo=UTC), verdict("ends_soon", days=0, day="26 November 2026")),
    ],
)
def test_two_weeks_before_its_end_a_token_is_warned_of(ends: datetime | None, said: object) -> None:
    assert partner.token_life(of_meta(token=replace(TOKEN, expires_at=ends)), NOON) == said


def test_the_end_of_an_unknown_token_is_unknown() -> None:
    assert partner.token_life(of_meta(token=SILENT), NOON) == NO_ANSWER


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Business("35602282435505", "Example Ltd", "verified"), verdict("ok", name="Example Ltd", status="verified")),
        (
            Business("35602282435505", None, "pending"),
            verdict("not_verified", name="35602282435505", status="pending"),
        ),
        (Business("35602282435505", "Example Ltd", None), verdict("look", name="Example Ltd")),
        (
            refused(100, 33, "permission"),
            verdict("unknown", business_id="35602282435505", answer="code 100/33"),
        ),
        (SILENT, NO_ANSWER),
    ],
)
def test_the_portfolio_is_ours_and_verified(found: Any, said: object) -> None:
    assert partner.business(of_meta(business=found), NOON) == said


def test_the_system_user_is_listed() -> None:
    assert partner.system_user(of_meta(), NOON) == verdict("ok", name="Example bot", role="ADMIN")
    nameless = (SystemUser("7", "Another", "EMPLOYEE"), SystemUser(KEY, None, None))
    assert partner.system_user(of_meta(system_users=nameless), NOON) == verdict("ok", name=KEY, role="not told")
    others = (SystemUser("7", "Another", "ADMIN"), SystemUser("8", None, "ADMIN"))
    assert partner.system_user(of_meta(system_users=others), NOON) == verdict(
        "unknown", system_user_id=KEY, listed="Another (7), without a name (8)"
    )
    assert partner.system_user(of_meta(system_users=()), NOON) == verdict("unknown", system_user_id=KEY, listed="none")
    assert partner.system_user(of_meta(system_users=SILENT), NOON) == NO_ANSWER


@pytest.mark.parametrize(
    ("role", "permission", "said"),
    [
        ("ADMIN", SILENT, verdict("ok", role="ADMIN")),
        ("FINANCE_EDITOR", None, verdict("ok", role="FINANCE_EDITOR")),
        ("EMPLOYEE", "EDITOR", verdict("editor", role="EMPLOYEE")),
        ("EMPLOYEE", "ANALYST", verdict("missing", role="EMPLOYEE")),
        ("EMPLOYEE", None, verdict("missing", role="EMPLOYEE")),
        ("EMPLOYEE", refused(100), verdict("look", role="EMPLOYEE")),
        ("EMPLOYEE", SILENT, NO_ANSWER),
        (None, "EDITOR", verdict("editor", role="none")),
    ],
)
def test_only_an_admin_or_a_financial_editor_shares_the_line(
    role: str | None, permission: str | Trouble | None, said: object
) -> None:
    users = (SystemUser("7", "Another", "ADMIN"), SystemUser(KEY, "Example bot", role))
    assert partner.finance_role(of_meta(system_users=users, finance_permission=permission), NOON) == said


def test_without_a_line_no_role_is_needed_and_without_users_none_is_known() -> None:
    nobody = replace(of_ours(credit_line_id=""), meta=replace(META, system_users=SILENT))
    assert partner.finance_role(nobody, NOON) == verdict("not_needed")
    assert partner.finance_role(of_meta(system_users=SILENT), NOON) == NO_ANSWER
    others = (SystemUser("7", "Another", "ADMIN"),)
    unlisted = of_meta(system_users=others, finance_permission=None)
    assert partner.finance_role(unlisted, NOON) == verdict("missing", role="none")


LINES = (CreditLine("7", "Another Ltd"), CreditLine("1972385232742146", "Example Partner Ltd"))


@pytest.mark.parametrize(
    ("ours", "lines", "said"),
    [
        ("1972385232742146", LINES, verdict("ok", name="Example Partner Ltd")),
        ("7", (CreditLine("7", None),), verdict("ok", name="7")),
        ("8", LINES, verdict("unknown", credit_line_id="8", listed="7, 1972385232742146")),
        ("8", (), verdict("none", credit_line_id="8")),
        ("", (), verdict("tech_provider")),
        ("", LINES, verdict("unused", listed="7, 1972385232742146")),
        ("8", refused(10, kind="permission"), verdict("not_shown", answer="code 10")),
        ("8", refused(100), verdict("unchecked", because="Meta refused to tell (code 100)")),
        ("8", SILENT, NO_ANSWER),
    ],
)
def test_the_credit_line_is_ours_or_meant_to_be_none(ours: str, lines: Any, said: object) -> None:
    facts = replace(of_meta(credit_lines=lines), ours=replace(OURS, credit_line_id=ours))
    assert partner.credit_line(facts, NOON) == said


def test_the_notice_before_a_tokens_end_is_two_weeks() -> None:
    assert timedelta(days=14) == partner.NOTICE
