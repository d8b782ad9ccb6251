"""System users, who is assigned where, and tokens fetched for customers."""

import pytest

from tests.sandbox.desk import ADMIN, APP_TOKEN, EMPLOYEE, PARTNER, PARTNER_BUSINESS, Desk, error_of

USER = PARTNER.employee_user_id


def test_the_partners_users_have_roles(desk: Desk) -> None:
    rows = desk.get(f"/{PARTNER_BUSINESS}/system_users", ADMIN).get_json()["data"]
    assert [(row["id"], row["role"]) for row in rows] == [
        ("100055500000001", "ADMIN"),
        ("100055500000002", "EMPLOYEE"),
    ]
    assert desk.get(f"/{USER}", EMPLOYEE).get_json()["role"] == "EMPLOYEE"


def test_a_financial_editor_is_told_from_others_when_asked(desk: Desk) -> None:
    assert desk.get(f"/{USER}", ADMIN, fields="finance_permission").get_json() == {
        "finance_permission": "EDITOR",
        "id": USER,
    }
    desk.runtime.world.records.system_users[USER].finance_editor = False
    assert desk.get(f"/{USER}", ADMIN, fields="finance_permission").get_json() == {"id": USER}


def test_an_assigned_employee_reaches_the_account(desk: Desk) -> None:
    client = desk.onboard()
    path = f"/{client.waba}/assigned_users"
    for _ in range(2):
        assert desk.post(path, EMPLOYEE, user=USER, tasks="['MANAGE','DEVELOP']").get_json() == {"success": True}
    assert desk.get(f"/{client.waba}", EMPLOYEE).status_code == 200
    listed = desk.get(path, ADMIN, business=PARTNER_BUSINESS).get_json()["data"]
    assert listed == [{"id": USER, "name": "Onboarding system user", "tasks": ["MANAGE", "DEVELOP"]}]
    assert desk.effects(path) == ["assigned"]
    assert desk.delete(path, ADMIN, user=USER).get_json() == {"success": True}
    assert error_of(desk.get(f"/{client.waba}", EMPLOYEE)) == (400, 100, 33)


@pytest.mark.parametrize("tasks", ["[]", "['FLY']", "MANAGE", ""])
def test_tasks_are_a_list_of_metas(desk: Desk, tasks: str) -> None:
    client = desk.onboard()
    assert error_of(desk.post(f"/{client.waba}/assigned_users", ADMIN, user=USER, tasks=tasks)) == (400, 100, None)


def test_assigning_needs_a_known_user_and_a_shared_account(desk: Desk) -> None:
    client, app_only = desk.onboard(), desk.onboard(plan="app_only")
    tasks = "['MANAGE']"
    assert error_of(desk.post(f"/{client.waba}/assigned_users", ADMIN, user="1", tasks=tasks)) == (400, 100, None)
    assert error_of(desk.post(f"/{client.waba}/assigned_users", ADMIN, tasks=tasks)) == (400, 100, None)
    assert error_of(desk.post(f"/{app_only.waba}/assigned_users", ADMIN, user=USER, tasks=tasks)) == (400, 100, 33)
    assert error_of(desk.get(f"/{client.waba}/assigned_users", ADMIN)) == (400, 100, None)


def test_strict_mode_assigns_by_the_partners_token_alone(desk: Desk, lenient_desk: Desk) -> None:
    for which, status in ((desk, 403), (lenient_desk, 200)):
        client = which.onboard()
        reply = which.post(f"/{client.waba}/assigned_users", client.token, user=USER, tasks="['MANAGE']")
        assert reply.status_code == status


def test_a_customers_token_is_fetched_by_the_partner(desk: Desk) -> None:
    client = desk.onboard()
    path = f"/{client.business}/system_user_access_tokens"
    fetched = desk.post(path, ADMIN, fetch_only="true")
    token = fetched.get_json()["access_token"]
    assert desk.get(f"/{client.waba}", token).status_code == 200
    shown = desk.get("/debug_token", APP_TOKEN, input_token=token).get_json()["data"]
    rows = {row["scope"]: row["target_ids"] for row in shown["granular_scopes"]}
    assert rows["whatsapp_business_management"] == [client.waba]


def test_fetching_wants_fetch_only_a_proof_and_a_customer(desk: Desk, lenient_desk: Desk) -> None:
    client = desk.onboard()
    path = f"/{client.business}/system_user_access_tokens"
    assert error_of(desk.post(path, ADMIN)) == (400, 100, None)
    assert error_of(desk.post(path, client.token, fetch_only="true")) == (403, 200, None)
    stranger = next(
        b["id"] for b in desk.ask("GET", "/world").get_json()["businesses"] if b["name"] == "Example Bakery"
    )
    refused = desk.post(f"/{stranger}/system_user_access_tokens", ADMIN, fetch_only="true")
    assert error_of(refused) == (400, 100, 33)
    bare = lenient_desk.onboard()
    reply = lenient_desk.http.post(
        f"/v25.0/{bare.business}/system_user_access_tokens",
        data={"fetch_only": "true"},
        headers={"Authorization": f"Bearer {ADMIN}"},
    )
    assert error_of(reply) == (400, 100, None)
