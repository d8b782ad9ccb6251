"""Where a token may stand, its proof, and what it reaches."""

import pytest

from sandbox.world.tokens import proof_for
from tests.sandbox.desk import ADMIN, APP_TOKEN, EMPLOYEE, PARTNER_BUSINESS, Desk, error_of, proof_of


@pytest.mark.parametrize("scheme", ["Bearer", "OAuth", "bearer"])
def test_a_token_may_stand_in_the_header(desk: Desk, scheme: str) -> None:
    client = desk.onboard()
    path = f"/v25.0/{client.waba}?appsecret_proof={proof_of(client.token)}"
    assert desk.http.get(path, headers={"Authorization": f"{scheme} {client.token}"}).status_code == 200


def test_a_token_may_stand_in_query_form_or_json(desk: Desk) -> None:
    client = desk.onboard()
    auth = {"access_token": client.token, "appsecret_proof": proof_of(client.token)}
    path = f"/v25.0/{client.waba}"
    assert desk.http.get(path, query_string=auth).status_code == 200
    assert desk.http.post(f"{path}/subscribed_apps", data=auth).status_code == 200
    assert desk.http.post(f"{path}/subscribed_apps", json=auth).status_code == 200
    multipart = {"data": auth, "content_type": "multipart/form-data"}
    assert desk.http.post(f"{path}/subscribed_apps", **multipart).status_code == 200


def test_the_proof_is_hmac_of_the_token_with_the_app_secret() -> None:
    expected = "bad6df0b858104754a0ffde2f0c05fe9731f1a5e141ee1bccf316d05f28d5135"
    assert proof_for("test_app_secret", "EAATESTTOKEN") == expected


def test_a_strict_app_requires_the_proof_and_always_checks_it(desk: Desk, lenient_desk: Desk) -> None:
    for which in (desk, lenient_desk):
        client = which.onboard()
        wrong = which.get(f"/{client.waba}", client.token, appsecret_proof="0" * 64)
        assert error_of(wrong) == (400, 100, None)
        bearer = {"Authorization": f"Bearer {client.token}"}
        bare = which.http.get(f"/v25.0/{client.waba}", headers=bearer)
        assert bare.status_code == (400 if which is desk else 200)


def test_no_token_and_a_foreign_token_are_401(desk: Desk) -> None:
    client = desk.onboard()
    assert error_of(desk.get(f"/{client.waba}")) == (401, 190, None)
    assert error_of(desk.get(f"/{client.waba}", "EAAnobody")) == (401, 190, None)
    assert error_of(desk.get(f"/{client.waba}", "1234567890|wrong")) == (401, 190, None)


def test_a_business_token_reaches_its_own_customer_alone(desk: Desk) -> None:
    mine, other = desk.onboard(), desk.onboard()
    for path in (other.waba, other.phone, f"{other.waba}/phone_numbers"):
        refused = desk.get(f"/{path}", mine.token)
        assert error_of(refused) == (400, 100, 33)
        assert refused.get_json()["error"]["type"] == "GraphMethodException"
    assert error_of(desk.get(f"/{other.business}", mine.token)) == (400, 100, 33)
    assert desk.get(f"/{mine.business}", mine.token).get_json()["id"] == mine.business


def test_an_admin_reaches_what_is_shared_and_an_employee_what_it_is_assigned_to(desk: Desk) -> None:
    client, app_only = desk.onboard(), desk.onboard(plan="app_only")
    assert desk.get(f"/{client.waba}", ADMIN).status_code == 200
    assert error_of(desk.get(f"/{client.waba}", EMPLOYEE)) == (400, 100, 33)
    assert error_of(desk.get(f"/{app_only.waba}", ADMIN)) == (400, 100, 33)
    assert desk.get(f"/{app_only.waba}", app_only.token).status_code == 200


@pytest.mark.parametrize("token", [ADMIN, APP_TOKEN])
def test_strict_mode_takes_only_the_kind_of_token_metas_page_names(desk: Desk, token: str) -> None:
    client = desk.onboard()
    assert error_of(desk.post(f"/{client.waba}/subscribed_apps", token)) == (403, 200, None)


def test_lenient_mode_takes_a_system_token_that_reaches_the_asset(lenient_desk: Desk) -> None:
    client = lenient_desk.onboard()
    assert lenient_desk.post(f"/{client.waba}/subscribed_apps", ADMIN).status_code == 200
    assert error_of(lenient_desk.post(f"/{client.waba}/subscribed_apps", EMPLOYEE)) == (400, 100, 33)


def test_a_business_token_never_pays_nor_lists_the_partner(desk: Desk) -> None:
    client = desk.onboard()
    for path in ("extendedcredits", "system_users", "client_whatsapp_business_accounts"):
        assert error_of(desk.get(f"/{PARTNER_BUSINESS}/{path}", client.token)) == (403, 200, None)
