"""How often each thing was done and tried, by what and whom."""

import hashlib
from typing import Any

from tests.sandbox.desk import ADMIN, LINE, Desk


def counted(desk: Desk, **narrowed: str) -> dict[tuple[str, str], tuple[int, int, int]]:
    """(what, object) → (done, again, refused)."""
    query = "&".join(f"{name}={value}" for name, value in narrowed.items())
    rows = desk.ask("GET", f"/counts?{query}").get_json()["counts"]
    assert all(row["attempts"] == row["done"] + row["again"] + row["refused"] for row in rows)
    return {(row["what"], row["object"]): (row["done"], row["again"], row["refused"]) for row in rows}


def test_an_exchange_is_counted_by_its_code(desk: Desk) -> None:
    code = desk.signup()["code"]
    for _ in range(3):
        desk.exchange(code)
    name = hashlib.sha256(code.encode()).hexdigest()[:12]
    assert counted(desk) == {("exchanged", name): (1, 0, 2)}


def test_every_try_to_register_is_counted_also_the_refused(desk: Desk) -> None:
    client = desk.onboard()
    desk.register(client, pin="12")
    desk.register(client)
    desk.register(client)
    assert counted(desk, what="registered") == {("registered", client.phone): (1, 1, 1)}
    desk.post(f"/{client.phone}/deregister", client.token)
    assert counted(desk, what="deregistered") == {("deregistered", client.phone): (1, 0, 0)}


def test_what_never_reached_its_rule_is_no_try(desk: Desk) -> None:
    client = desk.onboard()
    desk.post(f"/{client.phone}/register", "EAAnobody", messaging_product="whatsapp", pin="123456")
    desk.ask("POST", "/faults", {"match": {"path": "*/register"}, "action": {"status": 503}, "times": 1})
    assert desk.register(client).status_code == 503
    assert counted(desk, object=client.phone) == {}
    desk.ask("POST", "/faults", {"match": {"path": "*/register"}, "action": {"status": 503}, "when": "after"})
    assert desk.register(client).status_code == 503
    assert counted(desk, object=client.phone) == {("registered", client.phone): (1, 0, 0)}


def test_credit_is_counted_by_who_receives_it(desk: Desk) -> None:
    client = desk.onboard()
    both = {"waba_currency": "USD", "waba_id": client.waba}
    for _ in range(2):
        desk.post(f"/{LINE}/whatsapp_credit_sharing_and_attach", ADMIN, **both)
    desk.post(f"/{LINE}/whatsapp_credit_sharing_and_attach", ADMIN, **{**both, "waba_currency": "XYZ"})
    other = desk.onboard()
    shared = desk.post(f"/{LINE}/whatsapp_credit_sharing", ADMIN, receiving_business_id=other.business).get_json()
    desk.post(f"/{LINE}/whatsapp_credit_attach", other.token, waba_currency="USD", waba_id=other.waba)
    desk.delete(f"/{shared['allocation_config_id']}", ADMIN)
    found = {key: value for key, value in counted(desk).items() if key[0].startswith("credit")}
    assert found == {
        ("credit_attached", client.waba): (1, 1, 1),
        ("credit_shared", other.business): (1, 0, 0),
        ("credit_attached", other.waba): (1, 0, 0),
        ("credit_revoked", shared["allocation_config_id"]): (1, 0, 0),
    }


def test_codes_syncs_and_messages_are_counted_by_number(desk: Desk) -> None:
    client, app = desk.onboard(plan="unverified"), desk.onboard(plan="coexistence")
    for _ in range(6):
        desk.post(f"/{client.phone}/request_code", client.token, code_method="SMS", language="en")
    desk.post(f"/{client.phone}/verify_code", client.token, code="nothing")
    for kind in ("history", "history", "smb_app_state_sync"):
        desk.post(f"/{app.phone}/smb_app_data", app.token, messaging_product="whatsapp", sync_type=kind)
    text: dict[str, Any] = {"messaging_product": "whatsapp", "type": "text", "text": '{"body":"hi"}'}
    desk.post(f"/{app.phone}/messages", app.token, to="15550200031", **text)
    desk.post(f"/{app.phone}/messages", app.token, to="1", **text)
    assert counted(desk, object=client.phone) == {
        ("code_sent", client.phone): (5, 0, 1),
        ("verified", client.phone): (0, 0, 1),
    }
    assert counted(desk, object=app.phone) == {
        ("history_synced", app.phone): (1, 0, 1),
        ("contacts_synced", app.phone): (1, 0, 0),
        ("sent", app.phone): (1, 0, 1),
    }


def test_what_may_be_repeated_is_not_counted_and_a_reset_forgets(desk: Desk) -> None:
    client = desk.onboard()
    desk.post(f"/{client.waba}/subscribed_apps", client.token)
    desk.post(f"/{client.business}/system_user_access_tokens", ADMIN, fetch_only="true")
    # A fetched token may be asked for again; how often that is done is counted all the same, for renewals.
    assert {what for what, _ in counted(desk)} == {"exchanged", "token_fetched"}
    desk.ask("POST", "/reset")
    assert counted(desk) == {}
