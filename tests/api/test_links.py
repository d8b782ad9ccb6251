from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app.audit.store import list_of
from app.kit import clock
from app.onboarding.links.links import get_link
from tests.api.program import Program, faults_of, problem_of
from tests.factories.onboardings import add_stuck

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FULL: dict[str, Any] = {
    "client_name": "Example Bakery",
    "external_ref": "crm-20418",
    "contact": {"name": "Alex Example", "email": "Alex@bakery.example", "language": "pt-BR"},
    "plans": ["coexistence"],
    "prefill": {
        "business": {
            "name": "Example Bakery Ltd",
            "email": "alex@bakery.example",
            "website": "https://bakery.example",
            "address": {"streetAddress1": "1 Example Street", "city": "Example Town", "country": "GB"},
            "phone": {"code": 44, "number": "7700900142"},
            "timezone": "UTC+00:00",
        },
        "phone": {"displayName": "Example Bakery", "category": "RESTAURANT", "description": "Bread since 1990"},
    },
    "return_urls": {"success": "https://crm.example/done?id=1", "failure": "http://localhost:3000/failed"},
    "life_days": 7,
}


@time_machine.travel(NOON, tick=False)
def test_a_link_is_made_with_everything_and_told_once(program: Program) -> None:
    answer = program.make_link(**FULL)
    assert answer.status_code == 201
    made = answer.get_json()
    assert set(made) == {
        "id", "url", "hosted_url", "state", "client", "plans", "created_at", "expires_at", "opened_at", "revoked_at",
        "revoked_because",
    }  # fmt: skip
    assert made["url"].startswith("http://localhost:5000/connect/")
    assert len(made["url"].rpartition("/")[2]) == 43
    assert made["state"] == "open"
    assert made["plans"] == ["coexistence"]
    assert made["expires_at"] == "2026-11-27T12:00:00Z"
    assert made["client"] | {"id": ""} == {
        "id": "",
        "name": "Example Bakery",
        "external_ref": "crm-20418",
        "contact": {"name": "Alex Example", "email": "Alex@bakery.example", "language": "pt-BR"},
    }
    assert answer.headers["Location"] == f"http://localhost:5000/v1/links/{made['id']}"
    shown = program.get(f"/v1/links/{made['id']}")
    assert "url" not in shown.get_json()
    assert made["url"].rpartition("/")[2] not in shown.text
    with program.rt.db.read() as session:
        link = get_link(session, made["id"])
        assert link.prefill == FULL["prefill"]
        assert link.return_urls == FULL["return_urls"]
        assert [(entry.action, entry.actor_kind, entry.actor_id) for entry in list_of(session, "link", link.id)] == [
            ("link.created", "key", program.key_id)
        ]


@time_machine.travel(NOON, tick=False)
def test_a_name_is_enough_and_a_link_lives_thirty_days(program: Program) -> None:
    made = program.make_link().get_json()
    assert made["plans"] == ["standard", "coexistence", "from_provider"]
    assert made["expires_at"] == "2026-12-20T12:00:00Z"
    assert made["client"]["contact"] == {"name": None, "email": None, "language": None}


def test_the_address_opens_the_clients_page(program: Program) -> None:
    made = program.make_link().get_json()
    browser = program.http.application.test_client()
    assert browser.get(made["url"].removeprefix("http://localhost:5000")).status_code in {302, 303}
    shown = program.get(f"/v1/links/{made['id']}").get_json()
    assert shown["opened_at"] is not None


def test_a_new_link_for_a_known_client_ends_the_old_one(program: Program) -> None:
    old = program.make_link(external_ref="crm-1").get_json()
    new = program.make_link(external_ref="crm-1", client_name="Example Bakery & Sons").get_json()
    assert new["client"]["id"] == old["client"]["id"]
    shown = program.get(f"/v1/links/{old['id']}").get_json()
    assert (shown["state"], shown["revoked_because"]) == ("revoked", "replaced")


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"client_name": ""}, "client_name", "must not be empty"),
    ({"client_name": "x" * 201}, "client_name", "may have at most 200 characters"),
    ({"client_name": None}, "client_name", "must be a text"),
    ({"client_name": "two\nlines"}, "client_name", "must be one line without control characters"),
    ({"client_name": "nul\x00"}, "client_name", "must be one line without control characters"),
    ({"clientname": "typo"}, "clientname", "is not a field of this door"),
    ({"contact": {"mail": "a@b.example"}}, "contact.mail", "is not a field of this door"),
    ({"contact": {"email": "not-an-address"}}, "contact.email", "is not an e-mail address"),
    ({"contact": {"language": "klingon"}}, "contact.language", "must be one of en, es, pt-BR"),
    ({"contact": "Alex"}, "contact", "must be an object"),
    ({"plans": []}, "plans", "must not be empty"),
    ({"plans": ["hosted"]}, "plans.0", "must be one of standard, coexistence"),
    ({"plans": "standard"}, "plans", "must be a list"),
    ({"life_days": 0}, "life_days", "must be 1 or more"),
    ({"life_days": 91}, "life_days", "must be 90 or less"),
    ({"life_days": "30"}, "life_days", "must be a whole number"),
    ({"life_days": 1.5}, "life_days", "must be a whole number"),
    ({"life_days": True}, "life_days", "must be a whole number"),
    ({"prefill": {"business": {"name": "x" * 101}}}, "prefill.business.name", "may have at most 100 characters"),
    (
        {"prefill": {"phone": {"description": "x" * 513}}},
        "prefill.phone.description",
        "may have at most 512 characters",
    ),
    (
        {"prefill": {"business": {"id": "2729063490586005", "name": "X"}}},
        "prefill.business",
        "give `id` or the other fields, not both",
    ),
    (
        {"prefill": {"business": {"timezone": "Europe/Paris"}}},
        "prefill.business.timezone",
        "has a shape that is not accepted",
    ),
    ({"prefill": {"business": {"phone": {"code": 44, "number": "+44"}}}}, "prefill.business.phone.number", "shape"),
    ({"prefill": {"solutionID": "1"}}, "prefill.solutionID", "is not a field of this door"),
]


@pytest.mark.parametrize(("order", "field", "rule"), WRONG)
def test_each_broken_rule_is_named_with_its_field(
    program: Program, order: dict[str, Any], field: str, rule: str
) -> None:
    answer = program.make_link(**order)
    assert answer.status_code == 422
    assert rule in faults_of(answer)[field]
    assert program.get("/v1/links").get_json() == {"links": [], "next": None}


@pytest.mark.parametrize(
    "address",
    [
        "http://crm.example/done",
        "javascript:alert(1)",
        "//crm.example/done",
        "https://user:secret@crm.example/",
        "https://@crm.example/",
        "https:///nowhere",
        "https://crm.example\\@evil.example",
        "https://crm.example/a b",
        "https://crm.example/\r\nX: y",
        "https://crm.example:99999999/",
        "https://[::1",
        "ftp://crm.example/",
        "http://localhost.evil.example/",
        "https://crm.example/" + "x" * 500,
    ],
)
def test_a_return_address_must_be_safe_to_send_people_to(program: Program, address: str) -> None:
    assert "return_urls.success" in faults_of(program.make_link(return_urls={"success": address}))


def test_all_broken_rules_are_told_at_once_and_nothing_that_was_sent(program: Program) -> None:
    answer = program.make_link(client_name="", contact={"email": "canary-value"}, life_days=400, canary_field="canary")
    assert set(faults_of(answer)) == {"client_name", "contact.email", "life_days", "canary_field"}
    assert "canary-value" not in answer.text
    assert "pydantic" not in answer.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"{}"', "application/json"),
        (b'{"client_name": NaN}', "application/json"),
        (b'{"client_name": "a", "client_name": "b"}', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 20000, "application/json"),
        (b'{"client_name": "Example Bakery"}', "text/plain"),
        (b"client_name=Example", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(program: Program, body: bytes, kind: str) -> None:
    answer = program.ask("POST", "/v1/links", data=body, content_type=kind)
    assert answer.status_code == 422
    assert problem_of(answer)["code"] == "not_json"


def test_a_body_over_64_kb_is_not_read(program: Program) -> None:
    fits = b'{"client_name": "Example Bakery", "x": "%s"}' % (b"x" * 60_000)
    assert program.ask("POST", "/v1/links", data=fits, content_type="application/json").status_code == 422
    answer = program.ask("POST", "/v1/links", data=b" " * 65_537, content_type="application/json")
    assert answer.status_code == 413
    assert problem_of(answer)["code"] == "too_large"


def test_a_link_shows_its_onboardings(program: Program) -> None:
    made = program.make_link().get_json()
    row = add_stuck(program.rt, link_id=made["id"])
    assert program.get(f"/v1/links/{made['id']}").get_json()["onboardings"] == [row.reference]


def test_a_revoked_link_stays_revoked(program: Program) -> None:
    made = program.make_link().get_json()
    for _ in range(2):
        answer = program.ask("DELETE", f"/v1/links/{made['id']}")
        assert (answer.status_code, answer.data) == (204, b"")
    shown = program.get(f"/v1/links/{made['id']}").get_json()
    assert (shown["state"], shown["revoked_because"]) == ("revoked", "revoked")
    browser = program.http.application.test_client()
    assert browser.get(made["url"].removeprefix("http://localhost:5000")).status_code == 404


def test_a_link_past_its_days_is_expired(program: Program) -> None:
    made = program.make_link(life_days=1).get_json()
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1)):
        assert program.get(f"/v1/links/{made['id']}").get_json()["state"] == "expired"
        assert [link["id"] for link in program.get("/v1/links", state="expired").get_json()["links"]] == [made["id"]]


@pytest.mark.parametrize("key", ["019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010", "x", "%00", "..%2f", "1' OR '1'='1"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_link_that_is_not_there_is_not_found(program: Program, method: str, key: str) -> None:
    answer = program.ask(method, f"/v1/links/{key}")
    assert answer.status_code == 404
    assert problem_of(answer)["code"] == "not_found"


def test_the_list_turns_over_every_link_once(program: Program) -> None:
    made = [program.make_link(client_name=f"Client {number}").get_json()["id"] for number in range(7)]
    seen: list[str] = []
    before: dict[str, str] = {}
    while True:
        page = program.get("/v1/links", limit=3, **before).get_json()
        seen += [link["id"] for link in page["links"]]
        if page["next"] is None:
            break
        before = {"before": page["next"]}
    assert seen == made[::-1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("state=lost", "state"),
        ("before=zzz", "before"),
        ("befor=x", "befor"),
        ("limit=1&limit=2", "limit"),
    ],
)
def test_a_wrong_query_is_told_by_field(program: Program, query: str, field: str) -> None:
    assert list(faults_of(program.ask("GET", f"/v1/links?{query}"))) == [field]


def test_unknown_addresses_and_methods_are_problems_too(program: Program) -> None:
    assert problem_of(program.get("/v1/nothing"))["code"] == "not_found"
    answer = program.ask("PUT", "/v1/links")
    assert problem_of(answer)["code"] == "method_not_allowed"
    assert "POST" in answer.headers["Allow"]
