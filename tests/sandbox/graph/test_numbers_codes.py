"""One-time codes: when a verification wears off, and a SIM that gets nothing."""

from tests.sandbox.desk import Client, Desk, error_of

DAY = 24 * 3600
ASK = {"code_method": "SMS", "language": "en_US"}


def row_of(desk: Desk, client: Client) -> dict[str, object]:
    rows = desk.ask("GET", "/world").get_json()["numbers"]
    return dict(next(row for row in rows if row["id"] == client.phone))


def test_a_verification_that_wore_off_is_renewed_by_a_code(desk: Desk) -> None:
    client = desk.onboard(token_ttl="60d")
    desk.advance(14 * DAY + 60)
    assert desk.number(client, "code_verification_status")["code_verification_status"] == "EXPIRED"
    assert error_of(desk.register(client)) == (400, 133006, None)
    assert desk.post(f"/{client.phone}/request_code", client.token, **ASK).status_code == 200
    code = row_of(desk, client)["one_time_code"]
    assert desk.post(f"/{client.phone}/verify_code", client.token, code=code).status_code == 200
    assert desk.register(client).status_code == 200


def test_a_connected_numbers_verification_does_not_wear_off(desk: Desk) -> None:
    ordinary, phone_app = desk.live_client(), desk.onboard(plan="coexistence")
    desk.advance(15 * DAY)
    for client in (ordinary, phone_app):
        assert desk.number(client, "code_verification_status")["code_verification_status"] == "VERIFIED"


def test_a_code_that_never_arrives_is_asked_for_with_success_and_shown_nowhere(desk: Desk) -> None:
    client = desk.onboard(number="+1 555 010 0186")
    assert desk.number(client, "code_verification_status")["code_verification_status"] == "NOT_VERIFIED"
    assert desk.post(f"/{client.phone}/request_code", client.token, **ASK).get_json() == {"success": True}
    assert row_of(desk, client)["one_time_code"] is None
    assert error_of(desk.post(f"/{client.phone}/verify_code", client.token, code="000000")) == (400, 136025, None)
    desk.change(f"/numbers/{client.phone}", code_arrives=True)
    assert len(str(row_of(desk, client)["one_time_code"])) == 6


def test_a_number_from_meta_may_send_once_its_name_is_approved(desk: Desk) -> None:
    client = desk.live_client(plan="virtual")
    text = {"messaging_product": "whatsapp", "to": "15550200031", "type": "text", "text": '{"body":"hi"}'}
    assert error_of(desk.post(f"/{client.phone}/messages", client.token, **text)) == (400, 131037, None)
    desk.change(f"/numbers/{client.phone}", name_status="APPROVED")
    assert desk.post(f"/{client.phone}/messages", client.token, **text).status_code == 200
