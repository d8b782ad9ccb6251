"""The ways over Meta's own pages: what is asked of Meta, what may come back, and what is never exchanged."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.kit import clock
from app.onboarding.models import Consent, Onboarding, Signup
from app.onboarding.walker import Walker
from app.runtime import Runtime
from tests.connect.conftest import Visits, make_app
from tests.connect.visitor import HTML, Visitor, make_link
from tests.onboarding.world import MetaWorld

BACK = "http://localhost:5000/connect/back"


def press(visitor: Visitor, door: str = "full-page", *, csrf: str | None = None, **form: str) -> TestResponse:
    token = visitor.csrf if csrf is None else csrf
    return visitor.http.post(
        f"/connect/c/{visitor.link_id}/{door}", data={"csrf_token": token, "plan": "standard", **form}, headers=HTML
    )


def asked(answer: TestResponse) -> tuple[str, dict[str, str]]:
    """Where a press leads: the address without its query, and the query."""
    assert answer.status_code == 303
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.scheme}://{parts.netloc}{parts.path}", {k: v[0] for k, v in parse_qs(parts.query).items()}


def come_back(visitor: Visitor, **query: str) -> TestResponse:
    return visitor.http.get("/connect/back", query_string=query, headers=HTML)


def signups_of(rt: Runtime) -> list[Signup]:
    with rt.db.read() as session:
        return list(session.scalars(select(Signup).order_by(Signup.id)))


def onboardings_of(rt: Runtime) -> list[Onboarding]:
    with rt.db.read() as session:
        return list(session.scalars(select(Onboarding)))


def test_the_full_page_is_asked_for_as_meta_describes_it(visitor: Visits, rt: Runtime) -> None:
    client = visitor(prefill={"business": {"name": "Example Bakery"}})
    address, query = asked(press(client))
    assert address == "https://www.facebook.com/v25.0/dialog/oauth"
    state = query.pop("state")
    assert query == {
        "client_id": "100000000000001",
        "redirect_uri": BACK,
        "config_id": "100000000000002",
        "response_type": "code",
        "override_default_response_type": "true",
        "extras": '{"setup":{"business":{"name":"Example Bakery"}}}',
    }
    (signup,) = signups_of(rt)
    assert (signup.way, signup.plan_asked, signup.redirect_uri) == ("redirect", "standard", BACK)
    assert signup.state_hash is not None
    assert state not in signup.state_hash
    assert len(state) >= 32
    with rt.db.read() as session:
        consent = session.scalars(select(Consent)).one()
    assert (consent.signup_id, consent.terms_version) == (signup.id, "2026-11-01")


def test_the_hosted_page_is_asked_for_as_meta_describes_it(visitor: Visits, rt: Runtime) -> None:
    client = visitor()
    address, query = asked(press(client, "metas-page", plan="coexistence"))
    assert address == "https://business.facebook.com/messaging/whatsapp/onboard/"
    assert json.loads(query.pop("extras")) == {
        "sessionInfoVersion": "3",
        "version": "v4",
        "setup": {},
        "featureType": "whatsapp_business_app_onboarding",
    }
    assert query == {"app_id": "100000000000001", "config_id": "100000000000002"}
    (run,) = onboardings_of(rt)
    assert (run.way, run.plan_asked, run.event_kind) == ("hosted", "coexistence", None)
    with rt.db.read() as session:
        assert session.scalars(select(Consent)).one().signup_id == run.signup_id
    page = client.look().text
    assert 'id="hosted"' in page
    assert "Finish on Meta’s own page. We wait here." in page


def test_the_contact_typed_into_the_form_is_kept(visitor: Visits, rt: Runtime) -> None:
    client = visitor()
    asked(press(client, contact_name="Alex Example", contact_email="alex@bakery.example"))
    assert 'name="contact_name"' not in client.look().text


@pytest.mark.parametrize("door", ["full-page", "metas-page"])
def test_a_press_without_the_pages_token_or_with_another_plan_changes_nothing(
    visitor: Visits, rt: Runtime, door: str
) -> None:
    client = visitor(plans=("standard",))
    assert press(client, door, csrf="").status_code == 400
    assert press(client, door, plan="coexistence").status_code == 422
    assert (signups_of(rt), onboardings_of(rt)) == ([], [])


def test_the_full_page_cannot_keep_a_phone_app(visitor: Visits, rt: Runtime) -> None:
    client = visitor(plans=("coexistence",))
    assert "full-page" not in client.page
    assert "metas-page" in client.page
    assert press(client, plan="coexistence").status_code == 422
    assert signups_of(rt) == []


def test_the_page_lets_its_forms_lead_to_metas_two_hosts_and_no_other(visitor: Visits) -> None:
    policy = visitor().look().headers["Content-Security-Policy"]
    assert "form-action 'self' https://www.facebook.com https://business.facebook.com;" in policy + ";"


class Full:
    """A client whose page leads over the local Meta's full page."""

    def __init__(self, rt: Runtime, world: MetaWorld) -> None:
        self.rt, self.world = rt, world
        world._do("POST", f"apps/{world.partner.app_id}", json={"redirect_uris": [BACK]})
        self.app = make_app(rt)
        self.client = Visitor.at(self.app, make_link(rt))

    def go(self, **wish: Any) -> dict[str, str]:
        """Press, and walk through Meta's page; what Meta's address brings back."""
        _, query = asked(press(self.client))
        done = self.world.signup(way="redirect", redirect_uri=query["redirect_uri"], state=query["state"], **wish)
        self.done = done
        address, brought = done["location"].split("?")[0], parse_qs(urlsplit(done["location"]).query)
        assert address == BACK
        return {name: values[0] for name, values in brought.items()}

    def explained(self, answer: TestResponse, why: str) -> None:
        assert f'data-why="{why}"' in answer.text
        assert answer.status_code == (200 if why == "left" else 400)

    def exchanges(self) -> int:
        return self.world.count("/oauth/access_token")


@pytest.fixture
def full(with_meta: Runtime, meta_world: MetaWorld) -> Full:
    return Full(with_meta, meta_world)


def test_the_full_page_brings_a_client_aboard(full: Full, walker_of: Any) -> None:
    brought = full.go()
    answer = come_back(full.client, **brought)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/connect/c/{full.client.link_id}")
    walker_of(full.rt).take("worker-1")
    (run,) = onboardings_of(full.rt)
    assert (run.way, run.waba_id, run.plan) == ("redirect", full.done["waba_id"], "standard")
    (call,) = full.world.calls("/oauth/access_token")
    assert call["params"]["redirect_uri"] == BACK
    # Loaded again, it leads to the page and asks Meta nothing.
    assert come_back(full.client, **brought).headers["Location"] == f"/connect/c/{full.client.link_id}"
    assert full.exchanges() == 1


def test_without_a_state_or_with_a_wrong_one_nothing_is_exchanged(full: Full) -> None:
    brought = full.go()
    full.explained(come_back(full.client, code=brought["code"]), "unknown")
    full.explained(come_back(full.client, code=brought["code"], state="x" * 43), "unknown")
    full.explained(come_back(full.client, code=brought["code"], state="ü" * 43), "unknown")
    assert full.exchanges() == 0
    assert onboardings_of(full.rt) == []


def test_a_state_of_another_browser_is_not_used(full: Full) -> None:
    brought = full.go()
    stranger = Visitor.at(full.app, make_link(full.rt, "Example Shoes"))
    full.explained(come_back(stranger, **brought), "foreign")
    assert full.client.link_id not in come_back(stranger, **brought).text
    nobody = full.app.test_client()
    full.explained(nobody.get("/connect/back", query_string=brought, headers=HTML), "foreign")
    assert full.exchanges() == 0
    # Its own browser may still come back with it.
    assert come_back(full.client, **brought).status_code == 303


def test_a_state_of_the_same_link_in_another_browser_is_not_used(full: Full) -> None:
    link = make_link(full.rt)
    victim, thief = Visitor.at(full.app, link), Visitor.at(full.app, link)
    _, query = asked(press(thief))
    full.explained(come_back(victim, state=query["state"], code="a-code-of-the-thief"), "foreign")
    assert full.exchanges() == 0


def test_after_an_hour_nothing_is_exchanged(full: Full) -> None:
    brought = full.go()
    with full.rt.db.write() as session:
        session.execute(update(Signup).values(opened_at=clock.now() - timedelta(hours=1, seconds=1)))
    full.explained(come_back(full.client, **brought), "expired")
    assert full.exchanges() == 0


def test_a_code_that_meta_refuses_is_explained_and_asked_about_once(full: Full) -> None:
    brought = full.go()
    full.explained(come_back(full.client, code="AQnot-a-code", state=brought["state"]), "refused")
    full.explained(come_back(full.client, **brought), "used")
    assert full.exchanges() == 1
    assert onboardings_of(full.rt) == []


def test_while_meta_does_not_answer_the_same_address_may_be_loaded_again(full: Full) -> None:
    brought = full.go()
    full.world.fault("/oauth/access_token", {"html": 502}, times=1)
    full.explained(come_back(full.client, **brought), "unreachable")
    assert come_back(full.client, **brought).status_code == 303
    assert len(onboardings_of(full.rt)) == 1


def test_leaving_metas_page_is_kept_as_an_ending(full: Full) -> None:
    _, query = asked(press(full.client))
    answer = come_back(full.client, state=query["state"], error="access_denied", error_reason="user_denied")
    full.explained(answer, "left")
    assert f"/connect/c/{full.client.link_id}?again=1" in answer.text
    (signup,) = signups_of(full.rt)
    assert signup.event == {"kind": "CANCEL"}


def test_an_error_of_metas_page_is_kept_with_its_words(full: Full) -> None:
    _, query = asked(press(full.client))
    words = {"error": "server_error", "error_code": "1690130", "error_description": "This portfolio cannot be used."}
    answer = come_back(full.client, state=query["state"], **words)
    full.explained(answer, "failed")
    assert "This portfolio cannot be used." in answer.text
    (signup,) = signups_of(full.rt)
    assert signup.event == {
        "kind": "ERROR",
        "error_message": "This portfolio cannot be used.",
        "error_id": "1690130",
    }


def test_neither_code_nor_state_reaches_a_log(full: Full) -> None:
    brought = full.go()
    with structlog.testing.capture_logs() as logs:
        come_back(full.client, **brought)
    told = repr(logs)
    assert "request" in told
    assert brought["code"] not in told
    assert brought["state"] not in told


@pytest.fixture
def walker_of(new_walker: Any) -> Any:
    def make(rt: Runtime) -> Walker:
        walker: Walker = new_walker(rt)
        return walker

    return make
