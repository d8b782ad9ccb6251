"""Adopting and entering by hand, as programs do it, over the local Meta."""

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.kit.secret import Secret
from app.onboarding.models import Onboarding
from tests.api.conftest import MakeProgram
from tests.api.program import Program, faults_of, problem_of
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


def runs(journey: Journey) -> int:
    with journey.db.read() as session:
        return session.scalar(select(func.count()).select_from(Onboarding)) or 0


def test_shared_accounts_are_listed(program: Program, journey: Journey) -> None:
    shared = journey.world.share(business={"name": "Example Florist"}, account={"name": "Florist", "currency": "EUR"})
    told = program.get("/v1/accounts/shared").get_json()
    assert (told["after"], told["in_time"]) == (None, True)
    (one,) = told["accounts"]
    assert (one["waba_id"], one["name"], one["currency"]) == (shared["waba_id"], "Florist", "EUR")
    assert (one["business_name"], one["standing"], one["funding"]) == ("Example Florist", "free", "nobody")
    assert [number["phone_number_id"] for number in one["numbers"]] == shared["phone_number_ids"]


def test_adopting_is_a_dry_run_unless_said_otherwise(program: Program, journey: Journey) -> None:
    shared = journey.world.share()
    order = {"accounts": [{"waba_id": shared["waba_id"], "share_credit": True}]}
    told = program.ask("POST", "/v1/accounts/adopt", json=order).get_json()
    assert told["dry_run"] is True
    (one,) = told["accounts"]
    assert (one["outcome"], one["client"]) == ("would_begin", "new: Example Existing Customer")
    assert [(step["step"], step["changes"]) for step in one["steps"]] == [
        ("fetch", False),
        ("subscribe", True),
        ("credit", True),
        ("confirm", False),
    ]
    assert runs(journey) == 0

    done = program.ask("POST", "/v1/accounts/adopt", json={**order, "dry_run": False}).get_json()
    (begun,) = done["accounts"]
    assert begun["outcome"] == "begun"
    shown = program.get(f"/v1/onboardings/{begun['reference']}").get_json()
    assert shown["reference"] == begun["reference"]
    twice = program.ask("POST", "/v1/accounts/adopt", json={**order, "dry_run": False}).get_json()
    assert (twice["accounts"][0]["outcome"], twice["accounts"][0]["reference"]) == ("under_way", begun["reference"])
    with journey.db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.adopted")).one()
    assert (entry.actor_kind, entry.actor_id) == ("key", program.key_id)


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({}, "accounts"),
        ({"accounts": []}, "accounts"),
        ({"accounts": [{"waba_id": "../me"}]}, "accounts.0.waba_id"),
        ({"accounts": [{"waba_id": "1", "share_credit": "yes"}]}, "accounts.0.share_credit"),
        ({"accounts": [{"waba_id": "1"}, {"waba_id": "1"}]}, "accounts"),
        ({"accounts": [{"waba_id": "1"}], "dry_run": "no"}, "dry_run"),
    ],
)
def test_a_wrong_order_is_told_by_field(program: Program, order: dict[str, object], field: str) -> None:
    answer = program.ask("POST", "/v1/accounts/adopt", json=order)
    assert answer.status_code == 422
    assert field in faults_of(answer)


def test_each_door_wants_its_own_scope(with_scopes: MakeProgram, journey: Journey) -> None:
    reader = with_scopes("accounts:read", "onboardings:read")
    assert reader.get("/v1/accounts/shared").status_code == 200
    assert reader.ask("POST", "/v1/accounts/adopt", json={}).status_code == 403
    assert reader.ask("POST", "/v1/onboardings/by-hand", json={}).status_code == 403


def test_a_client_is_entered_by_hand_and_its_token_told_to_nobody(program: Program, journey: Journey) -> None:
    finished = journey.world.signup(token_ttl="60d")
    token = journey.rt.meta.oauth.exchange(Secret(finished["code"])).reveal()
    order = {"account_id": finished["waba_id"], "token": token, "client_name": "Example Spa"}
    answer = program.ask("POST", "/v1/onboardings/by-hand", json=order)
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["client_name"] == "Example Spa"
    assert len(told["warnings"]) == 1
    assert answer.headers["Location"].endswith(f"/v1/onboardings/{told['reference']}")
    assert token not in answer.text
    journey.walk()
    shown = program.get(f"/v1/onboardings/{told['reference']}")
    assert shown.get_json()["status"] == "connected"
    assert token not in shown.text


def test_a_refused_entry_names_the_field_and_nothing_of_the_token(program: Program, journey: Journey) -> None:
    finished = journey.world.signup()
    token = journey.rt.meta.oauth.exchange(Secret(finished["code"])).reveal()
    wrong = {"account_id": finished["business_id"], "token": token}
    answer = program.ask("POST", "/v1/onboardings/by-hand", json=wrong)
    assert "is the id of a business portfolio" in faults_of(answer)["account_id"]
    assert token not in answer.text
    bad = program.ask("POST", "/v1/onboardings/by-hand", json={"account_id": "5241", "token": 7})
    assert set(faults_of(bad)) == {"token"}
    assert runs(journey) == 0


def test_while_our_own_token_is_dead_the_list_says_so(program: Program, journey: Journey) -> None:
    journey.world.change("tokens", token=journey.world.partner.admin_token, revoked_subcode=467)
    answer = program.get("/v1/accounts/shared")
    assert answer.status_code == 409
    assert problem_of(answer)["code"] == "system_token_invalid"
