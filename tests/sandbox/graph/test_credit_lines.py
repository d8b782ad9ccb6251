"""Sharing the credit line: one call, two calls, reading back, taking back, and who may."""

import pytest

from tests.sandbox.desk import ADMIN, EMPLOYEE, LINE, PARTNER, PARTNER_BUSINESS, Client, Desk, error_of

BOTH = f"/{LINE}/whatsapp_credit_sharing_and_attach"


def pay(desk: Desk, client: Client, token: str = ADMIN, currency: str = "USD") -> dict[str, str]:
    reply = desk.post(BOTH, token, waba_currency=currency, waba_id=client.waba)
    assert reply.status_code == 200, reply.text
    return dict(reply.get_json())


def funding(desk: Desk, client: Client) -> str | None:
    shown = desk.get(f"/{client.waba}", client.token, fields="primary_funding_id").get_json()
    return shown.get("primary_funding_id")


def test_the_partner_sees_its_line(desk: Desk) -> None:
    listed = desk.get(f"/{PARTNER_BUSINESS}/extendedcredits", ADMIN, fields="id,legal_entity_name").get_json()
    assert listed["data"] == [{"id": "1972385232742146", "legal_entity_name": "Example Partner Ltd"}]


def test_one_call_shares_and_attaches_and_reads_back(desk: Desk) -> None:
    client = desk.onboard()
    done = pay(desk, client)
    assert set(done) == {"allocation_config_id", "waba_id"}
    assert done["waba_id"] == client.waba
    read = desk.get(f"/{done['allocation_config_id']}", ADMIN, fields="receiving_credential{id}").get_json()
    assert read["id"] == done["allocation_config_id"]
    assert funding(desk, client) == read["receiving_credential"]["id"]
    assert desk.get(f"/{client.waba}", ADMIN, fields="currency").get_json()["currency"] == "USD"


def test_sharing_again_changes_nothing(desk: Desk) -> None:
    client = desk.onboard()
    assert pay(desk, client) == pay(desk, client)
    assert desk.effects(BOTH) == ["credit_attached"]


def test_two_calls_do_the_same(desk: Desk) -> None:
    client = desk.onboard()
    shared = desk.post(f"/{LINE}/whatsapp_credit_sharing", ADMIN, receiving_business_id=client.business).get_json()
    assert shared["success"] is True
    assert funding(desk, client) is None
    wanted = {"waba_currency": "EUR", "waba_id": client.waba}
    attached = desk.post(f"/{LINE}/whatsapp_credit_attach", client.token, **wanted).get_json()
    assert attached == {
        "success": True,
        "waba_id": client.waba,
        "allocation_config_id": shared["allocation_config_id"],
    }
    assert funding(desk, client) is not None
    assert desk.effects(f"/{LINE}/*") == ["credit_shared", "credit_attached"]


def test_attaching_before_sharing_is_refused(desk: Desk) -> None:
    client = desk.onboard()
    wanted = {"waba_currency": "USD", "waba_id": client.waba}
    assert error_of(desk.post(f"/{LINE}/whatsapp_credit_attach", client.token, **wanted)) == (400, 100, None)


def test_attaching_takes_the_customers_token_and_sharing_the_partners(desk: Desk) -> None:
    client = desk.onboard()
    wanted = {"waba_currency": "USD", "waba_id": client.waba}
    assert error_of(desk.post(f"/{LINE}/whatsapp_credit_attach", ADMIN, **wanted)) == (403, 200, None)
    assert error_of(desk.post(BOTH, client.token, **wanted)) == (403, 200, None)
    sharing = desk.post(f"/{LINE}/whatsapp_credit_sharing", client.token, receiving_business_id=client.business)
    assert error_of(sharing) == (403, 200, None)


@pytest.mark.parametrize("currency", ["AUD", "EUR", "GBP", "IDR", "INR", "USD", "BRL", "MXN"])
def test_these_currencies_are_taken(desk: Desk, currency: str) -> None:
    client = desk.onboard()
    pay(desk, client, currency=currency)
    assert desk.get(f"/{client.waba}", ADMIN, fields="currency").get_json()["currency"] == currency


@pytest.mark.parametrize("currency", ["CHF", "usd", ""])
def test_other_currencies_are_refused_and_leave_nothing_shared(desk: Desk, currency: str) -> None:
    client = desk.onboard()
    assert error_of(desk.post(BOTH, ADMIN, waba_currency=currency, waba_id=client.waba)) == (400, 100, None)
    assert desk.get(f"/{LINE}/owning_credit_allocation_configs", ADMIN).get_json() == {"data": []}


def test_an_accounts_currency_stays(desk: Desk) -> None:
    client = desk.onboard()
    pay(desk, client)
    assert error_of(desk.post(BOTH, ADMIN, waba_currency="EUR", waba_id=client.waba)) == (400, 100, None)


def test_an_employee_is_assigned_first_and_an_admin_needs_nothing(desk: Desk) -> None:
    client = desk.onboard()
    wanted = {"waba_currency": "USD", "waba_id": client.waba}
    assert error_of(desk.post(BOTH, EMPLOYEE, **wanted)) == (403, 200, None)
    assert funding(desk, client) is None
    assigned = desk.post(f"/{client.waba}/assigned_users", EMPLOYEE, user=PARTNER.employee_user_id, tasks="['MANAGE']")
    assert assigned.get_json() == {"success": True}
    pay(desk, client, EMPLOYEE)
    pay(desk, desk.onboard(), ADMIN)


def test_a_user_without_finance_role_does_not_pay(desk: Desk) -> None:
    desk.runtime.world.records.system_users[PARTNER.employee_user_id].finance_editor = False
    client = desk.onboard()
    desk.post(f"/{client.waba}/assigned_users", EMPLOYEE, user=PARTNER.employee_user_id, tasks="['MANAGE']")
    assert error_of(desk.post(BOTH, EMPLOYEE, waba_currency="USD", waba_id=client.waba)) == (403, 200, None)


def test_an_account_nobody_shared_is_refused(desk: Desk) -> None:
    client = desk.onboard(plan="app_only")
    for account in (client.waba, "999999999999999"):
        assert error_of(desk.post(BOTH, ADMIN, waba_currency="USD", waba_id=account)) == (400, 100, None)


def test_an_account_on_anothers_line_is_refused_for_good(desk: Desk) -> None:
    client = desk.onboard(attached_elsewhere=True)
    assert error_of(desk.post(BOTH, ADMIN, waba_currency="USD", waba_id=client.waba)) == (400, 100, None)
    assert funding(desk, client) is not None


def test_allocations_are_found_by_their_receiver(desk: Desk) -> None:
    client, other = desk.onboard(), desk.onboard()
    mine = pay(desk, client)["allocation_config_id"]
    pay(desk, other)
    listed = desk.get(
        f"/{LINE}/owning_credit_allocation_configs",
        ADMIN,
        receiving_business_id=client.business,
        fields="id,receiving_business",
    ).get_json()["data"]
    assert [row["id"] for row in listed] == [mine]
    assert listed[0]["receiving_business"]["id"] == client.business


def test_taking_the_line_back_takes_it_from_all_accounts_of_the_customer(desk: Desk) -> None:
    done = desk.signup(plan="several")
    token = desk.exchange(done["code"]).get_json()["access_token"]
    accounts = [
        Client(token, account, done["phone_number_id"], done["business_id"])
        for account in done["event"]["data"]["waba_ids"]
    ]
    allocation = {pay(desk, account)["allocation_config_id"] for account in accounts}.pop()
    assert desk.delete(f"/{allocation}", ADMIN).get_json() == {"success": True}
    assert [funding(desk, account) for account in accounts] == [None, None]
    left = desk.get(f"/{allocation}", ADMIN, fields="receiving_business,request_status").get_json()
    assert left["request_status"] == "DELETED"
    assert left["receiving_business"]["id"] == done["business_id"]
    assert desk.get(f"/{LINE}/owning_credit_allocation_configs", ADMIN).get_json() == {"data": []}
