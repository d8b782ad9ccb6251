"""What every Graph call has in common: envelope, unknown things, parameters, versions, headers, the log."""

import json

import pytest

from tests.sandbox.desk import ADMIN, PARTNER, Desk, error_of, proof_of


def test_the_envelope_is_metas(desk: Desk) -> None:
    client = desk.onboard(plan="unverified")
    error = desk.register(client).get_json()["error"]
    assert set(error) == {"message", "type", "code", "fbtrace_id"}
    assert error["message"].startswith("(#133006) ")
    assert error["type"] == "OAuthException"
    refused = desk.register(client, pin="1234").get_json()["error"]
    detailed = desk.post(f"/{client.phone}/request_code", client.token, code_method="X", language="en").get_json()
    assert refused["fbtrace_id"] != error["fbtrace_id"]
    assert detailed["error"]["error_data"]["messaging_product"] == "whatsapp"
    assert detailed["error"]["error_data"]["details"]


@pytest.mark.parametrize("path", ["/1", "/nothing/at/all", "/1/register"])
def test_unknown_objects_and_edges_look_alike(desk: Desk, path: str) -> None:
    for reply in (desk.get(path, ADMIN), desk.post(path, ADMIN), desk.delete(path, ADMIN)):
        assert error_of(reply) == (400, 100, 33)
        assert reply.get_json()["error"]["type"] == "GraphMethodException"


def test_a_known_object_has_no_unknown_edge(desk: Desk) -> None:
    client = desk.onboard()
    assert error_of(desk.get(f"/{client.waba}/colours", client.token)) == (400, 100, 33)
    assert error_of(desk.delete(f"/{client.phone}/register", client.token)) == (400, 100, 33)


def test_the_token_is_looked_at_before_the_object(desk: Desk) -> None:
    assert error_of(desk.get("/1", "EAAnobody")) == (401, 190, None)


def test_the_body_wins_over_the_query(desk: Desk) -> None:
    client = desk.onboard()
    path = f"/v25.0/{client.phone}/register?messaging_product=whatsapp&pin=1&appsecret_proof={proof_of(client.token)}"
    bearer = {"Authorization": f"Bearer {client.token}"}
    assert desk.http.post(path, data={"pin": "123456"}, headers=bearer).status_code == 200


def test_parameters_may_all_stand_in_the_query(desk: Desk) -> None:
    client = desk.onboard()
    query = f"messaging_product=whatsapp&pin=123456&appsecret_proof={proof_of(client.token)}"
    bearer = {"Authorization": f"Bearer {client.token}"}
    assert desk.http.post(f"/v25.0/{client.phone}/register?{query}", headers=bearer).status_code == 200


@pytest.mark.parametrize("body", ["{half", "[1]", '"text"'])
def test_a_json_body_must_be_an_object(desk: Desk, body: str) -> None:
    client = desk.onboard()
    path = f"/v25.0/{client.phone}/register?appsecret_proof={proof_of(client.token)}"
    headers = {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"}
    assert error_of(desk.http.post(path, data=body, headers=headers)) == (400, 100, None)


@pytest.mark.parametrize("version", ["v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"])
def test_living_versions_serve_themselves(desk: Desk, version: str) -> None:
    client = desk.onboard()
    path = f"/{version}/{client.waba}?access_token={client.token}&appsecret_proof={proof_of(client.token)}"
    assert desk.http.get(path).headers["facebook-api-version"] == version


@pytest.mark.parametrize("prefix", ["/v20.0", "/v2.1", ""])
def test_expired_versions_and_none_are_served_by_the_oldest(desk: Desk, prefix: str) -> None:
    client = desk.onboard()
    reply = desk.http.get(
        f"{prefix}/{client.waba}?access_token={client.token}&appsecret_proof={proof_of(client.token)}"
    )
    assert reply.status_code == 200
    assert reply.headers["facebook-api-version"] == "v21.0"
    assert ("x-ad-api-version-warning" in reply.headers) == bool(prefix)


def test_a_version_of_the_future_knows_nothing(desk: Desk) -> None:
    client = desk.onboard()
    reply = desk.http.get(f"/v27.0/{client.waba}?access_token={client.token}")
    assert error_of(reply) == (400, 100, 33)


def test_every_answer_carries_metas_headers(desk: Desk) -> None:
    client = desk.onboard()
    reply = desk.get(f"/{client.waba}", client.token)
    assert reply.mimetype == "application/json"
    assert reply.headers["x-fb-trace-id"]
    assert reply.headers["x-fb-request-id"]
    assert set(json.loads(reply.headers["x-app-usage"])) == {"call_count", "total_cputime", "total_time"}
    (row,) = json.loads(reply.headers["x-business-use-case-usage"])[client.waba]
    assert row["type"] == "whatsapp_business_management"
    assert row["estimated_time_to_regain_access"] == 0
    assert "x-ad-api-version-warning" not in reply.headers
    refused = desk.get("/1", ADMIN)
    assert refused.headers["x-fb-trace-id"] == refused.get_json()["error"]["fbtrace_id"]
    assert "x-business-use-case-usage" not in refused.headers


def test_usage_is_a_percentage_of_the_hour(desk: Desk) -> None:
    client = desk.onboard()
    for _ in range(50):
        reply = desk.get(f"/{client.waba}", client.token)
    (row,) = json.loads(reply.headers["x-business-use-case-usage"])[client.waba]
    assert row["call_count"] == 1
    desk.advance(3600)
    (row,) = json.loads(desk.get(f"/{client.waba}", client.token).headers["x-business-use-case-usage"])[client.waba]
    assert row["call_count"] == 0


def test_the_log_tells_calls_without_their_secrets(desk: Desk) -> None:
    client = desk.onboard()
    desk.register(client, pin="135790")
    desk.get("/debug_token", f"{PARTNER.app_id}|{PARTNER.app_secret}", input_token=client.token)
    text = desk.ask("GET", "/calls").text
    for secret in (client.token, "135790", PARTNER.app_secret, proof_of(client.token)):
        assert secret not in text
    rows = json.loads(text)["calls"]
    assert [(row["method"], row["path"]) for row in rows] == [
        ("GET", "/oauth/access_token"),
        ("POST", f"/{client.phone}/register"),
        ("GET", "/debug_token"),
    ]
    assert [row["token_kind"] for row in rows] == [None, "business", "app"]
    assert [row["effect"] for row in rows] == ["exchanged", "registered", None]
    assert rows[0]["reply"] == {
        "access_token": "<cut>",
        "token_type": "bearer",
        "expires_in": rows[0]["reply"]["expires_in"],
    }
    assert rows[1]["params"]["messaging_product"] == "whatsapp"
    assert rows[1]["params"]["pin"] == "<cut>"
    assert rows[1]["status"] == 200
    assert rows[1]["took_ms"] > 0


def test_the_log_is_read_on_from_where_one_was(desk: Desk) -> None:
    client = desk.onboard()
    desk.get(f"/{client.waba}", client.token)
    first = desk.ask("GET", "/calls").get_json()["calls"]
    desk.get(f"/{client.phone}", client.token)
    newer = desk.ask("GET", f"/calls?since={first[-1]['id']}").get_json()["calls"]
    assert [row["path"] for row in newer] == [f"/{client.phone}"]
    by_path = desk.ask("GET", "/calls?path=/oauth/*").get_json()["calls"]
    assert [row["path"] for row in by_path] == ["/oauth/access_token"]
    assert desk.ask("GET", "/calls?method=post").get_json()["calls"] == []
