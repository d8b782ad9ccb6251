"""The script's doors: what they keep, in any order and twice, and every kind of bad input."""

import uuid
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from app.onboarding.models import Consent, Onboarding, Signup
from app.runtime import Runtime
from tests.conftest import Rings
from tests.connect.conftest import Visits, make_app
from tests.connect.visitor import DOORS, Visitor, make_link
from tests.onboarding.world import MetaWorld

EVENT = {
    "type": "WA_EMBEDDED_SIGNUP",
    "event": "FINISH",
    "version": "3",
    "data": {"phone_number_id": "106540352242922", "waba_id": "524126980791429", "business_id": "2729063490586005"},
}
CANCEL = {"type": "WA_EMBEDDED_SIGNUP", "event": "CANCEL", "data": {"current_step": "PHONE_NUMBER_SETUP"}}
CODE = "AQBhlXsctMxJYbwbrpybxlo9"
CANARY = "AQBcanary7f3aNeverRepeatThis"


def signup_of(rt: Runtime, browser: Visitor) -> Signup:
    with rt.db.read() as session:
        return session.scalars(select(Signup).where(Signup.browser_key == browser.key)).one()


def count(rt: Runtime, table: type[Any]) -> int:
    with rt.db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_opening_is_kept_with_its_answers_and_what_was_consented_to(visitor: Visits, rt: Runtime) -> None:
    browser = visitor()

    first = browser.open_window("coexistence", admin="yes", on_app="business")
    again = browser.open_window("standard")

    assert (first.status_code, again.status_code) == (204, 204)
    row = signup_of(rt, browser)
    assert (row.plan_asked, row.answers) == ("coexistence", {"admin": "yes", "on_app": "business"})
    with rt.db.read() as session:
        consent = session.scalars(select(Consent)).one()
    assert (consent.terms_version, consent.language, consent.address) == ("2026-11-01", "en", "127.0.0.1")
    assert consent.scopes == ["whatsapp_business_management", "whatsapp_business_messaging"]


def test_an_end_event_is_kept_once(visitor: Visits, rt: Runtime) -> None:
    browser = visitor()

    replies = [browser.tell("onboard-client", event=EVENT) for _ in range(2)]

    assert [(reply.status_code, reply.json) for reply in replies] == [(200, {"onboarding": None})] * 2
    assert signup_of(rt, browser).event["waba_id"] == "524126980791429"
    assert count(rt, Signup) == 1


def test_a_cancel_is_kept_with_the_screen_it_came_from(visitor: Visits, rt: Runtime) -> None:
    browser = visitor()

    assert browser.tell("abandonments", event=CANCEL).status_code == 200
    assert signup_of(rt, browser).event["current_step"] == "PHONE_NUMBER_SETUP"


def test_a_window_closed_by_hand_is_kept_too(visitor: Visits, rt: Runtime) -> None:
    browser = visitor()

    assert browser.tell("abandonments", screen="PERMISSIONS").status_code == 200
    row = signup_of(rt, browser)
    assert row.closed_at is not None
    assert row.event["current_step"] == "PERMISSIONS"


@pytest.fixture
def finished(with_meta: Runtime, meta_world: MetaWorld) -> tuple[Visitor, dict[str, Any]]:
    """A browser on its page, and what a finished popup of the local Meta handed over."""
    return Visitor.at(make_app(with_meta), make_link(with_meta)), meta_world.signup()


def test_a_code_begins_an_onboarding_and_no_token_comes_back(
    finished: tuple[Visitor, dict[str, Any]], with_meta: Runtime, rings: Rings
) -> None:
    browser, handed = finished

    with capture_logs() as lines:
        reply = browser.tell("exchange-token", code=handed["code"], event=handed["event"])

    assert reply.status_code == 200
    assert reply.json.keys() == {"onboarding"}
    assert reply.json["onboarding"].startswith("onb_")
    assert rings.rung == ["onboardings"]
    assert "EAA" not in reply.text
    assert handed["code"] not in reply.text + str(lines)


def test_the_same_code_twice_is_the_same_onboarding(
    finished: tuple[Visitor, dict[str, Any]], with_meta: Runtime, meta_world: MetaWorld
) -> None:
    browser, handed = finished

    replies = [browser.tell("exchange-token", code=handed["code"]).json for _ in range(2)]

    assert replies[0] == replies[1]
    assert count(with_meta, Onboarding) == 1
    assert meta_world.count("/oauth/access_token") == 1


@pytest.mark.parametrize("order", [("exchange-token", "onboard-client"), ("onboard-client", "exchange-token")])
def test_code_and_event_meet_in_either_order(
    finished: tuple[Visitor, dict[str, Any]], with_meta: Runtime, order: tuple[str, str]
) -> None:
    browser, handed = finished
    words = {"exchange-token": {"code": handed["code"]}, "onboard-client": {"event": handed["event"]}}

    for door in order:
        assert browser.tell(door, **words[door]).status_code == 200

    with with_meta.db.read() as session:
        onboarding = session.scalars(select(Onboarding)).one()
    assert onboarding.event_kind == "FINISH"
    assert onboarding.event_ids["waba_id"] == handed["waba_id"]


@pytest.mark.parametrize("event", [{"type": "OTHER"}, {**EVENT, "data": {"waba_id": "../x"}}])
def test_an_event_that_cannot_be_read_does_not_cost_the_code_beside_it(
    finished: tuple[Visitor, dict[str, Any]], with_meta: Runtime, event: dict[str, Any]
) -> None:
    browser, handed = finished

    with capture_logs() as lines:
        reply = browser.tell("exchange-token", code=handed["code"], event=event)

    assert reply.json["onboarding"].startswith("onb_")
    with with_meta.db.read() as session:
        assert session.scalars(select(Onboarding)).one().event_kind is None
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["event_unreadable"]


def test_a_code_used_before_is_refused_and_explained(
    finished: tuple[Visitor, dict[str, Any]], with_meta: Runtime
) -> None:
    browser, handed = finished
    browser.tell("exchange-token", code=handed["code"])
    browser.key = str(uuid.uuid4())

    reply = browser.tell("exchange-token", code=handed["code"])

    assert (reply.status_code, [fault["field"] for fault in reply.json["errors"]]) == (422, ["code"])
    assert handed["code"] not in reply.text
    assert signup_of(with_meta, browser).code_refused == "code_used"


def test_a_garbage_code_is_refused_and_not_repeated(finished: tuple[Visitor, dict[str, Any]]) -> None:
    browser, _ = finished

    with capture_logs() as lines:
        reply = browser.tell("exchange-token", code=CANARY)

    assert reply.status_code == 422
    assert CANARY not in reply.text + str(lines)


def test_an_expired_code_is_refused(finished: tuple[Visitor, dict[str, Any]], meta_world: MetaWorld) -> None:
    browser, handed = finished
    meta_world.pass_time(31)

    assert browser.tell("exchange-token", code=handed["code"]).status_code == 422


def test_while_meta_is_away_the_code_may_be_posted_again(visitor: Visits) -> None:
    reply = visitor().tell("exchange-token", code=CODE)

    assert (reply.status_code, reply.json["code"], reply.headers["Retry-After"]) == (503, "meta_unreachable", "5")


ALL_DOORS = {
    "signups": {"plan": "standard"},
    "exchange-token": {"code": CODE},
    "onboard-client": {"event": EVENT},
    "abandonments": {"event": CANCEL},
}


@pytest.mark.parametrize("door", ALL_DOORS)
def test_without_the_page_s_token_no_door_opens(visitor: Visits, rt: Runtime, door: str) -> None:
    browser = visitor()
    body = {"link": browser.link_id, "state": browser.key, **ALL_DOORS[door]}

    for token in ("", "forged", visitor().csrf):
        reply = browser.post(f"{DOORS}/{door}", body, csrf=token)
        assert (reply.status_code, reply.json["code"]) == (400, "csrf")
    assert count(rt, Signup) == 0


@pytest.mark.parametrize("door", ALL_DOORS)
def test_the_cookie_of_one_link_opens_no_door_of_another(visitor: Visits, rt: Runtime, door: str) -> None:
    browser, other = visitor("Example Bakery"), visitor("Sample Florist")

    reply = browser.tell(door, **ALL_DOORS[door] | {"link": other.link_id})

    assert (reply.status_code, reply.json["code"]) == (404, "not_found")
    assert count(rt, Signup) == 0


BAD = [
    ("signups", {"plan": "migration"}, "plan"),
    ("signups", {"plan": "standard", "answers": {"admin": "maybe"}}, "answers.admin"),
    ("signups", {"plan": "standard", "extra": 1}, "extra"),
    ("signups", {}, "plan"),
    ("exchange-token", {}, "code"),
    ("exchange-token", {"code": ""}, "code"),
    ("exchange-token", {"code": "with space " * 3}, "code"),
    ("exchange-token", {"code": "x" * 2049}, "code"),
    ("exchange-token", {"code": 12345678}, "code"),
    ("exchange-token", {"code": CODE, "event": "text"}, "event"),
    ("onboard-client", {"event": "text"}, "event"),
    ("onboard-client", {"event": {"type": "WA_EMBEDDED_SIGNUP"}}, "event.event"),
    ("onboard-client", {"event": EVENT | {"data": []}}, "event.data"),
    ("onboard-client", {"event": EVENT | {"data": {"waba_id": {"a": 1}}}}, "event.data.waba_id"),
    ("onboard-client", {"event": EVENT | {"data": {"waba_id": "1" * 65}}}, "event.data.waba_id"),
    ("abandonments", {"screen": "x" * 101}, "screen"),
    ("abandonments", {"state": "short"}, "state"),
    ("abandonments", {"state": "../../etc/passwd-and-more"}, "state"),
    ("abandonments", {"link": 1}, "link"),
]


@pytest.mark.parametrize(("door", "words", "field"), BAD)
def test_bad_input_is_named_by_its_field(visitor: Visits, rt: Runtime, door: str, words: Any, field: str) -> None:
    browser = visitor()

    reply = browser.tell(door, **words)

    assert reply.status_code == 422
    assert reply.content_type == "application/problem+json"
    assert [fault["field"] for fault in reply.json["errors"]] == [field]
    assert count(rt, Signup) == 0


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 422), (b"[]", 422), (b"null", 422), (b'{"a":"' + b"x" * 17_000 + b'"}', 413)]
)
def test_malformed_and_oversized_bodies_are_refused(visitor: Visits, body: bytes, status: int) -> None:
    browser = visitor()
    headers = {"X-CSRFToken": browser.csrf, "Content-Type": "application/json"}

    assert browser.http.post(f"{DOORS}/onboard-client", data=body, headers=headers).status_code == status


def test_a_flood_on_one_link_is_refused_and_other_links_are_not(visitor: Visits) -> None:
    browser, other = visitor("Example Bakery"), visitor("Sample Florist")

    states = [browser.tell("abandonments").status_code for _ in range(301)]

    assert states.count(200) >= 295
    assert states[-1] == 429
    assert other.tell("abandonments").status_code == 200
