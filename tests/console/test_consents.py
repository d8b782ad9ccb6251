"""The record of consent that staff print."""

from html import unescape

import pytest
from sqlalchemy import update

from app.audit.store import SYSTEM
from app.kit import clock
from app.onboarding.models import Onboarding, Signup
from app.records.client_data import erase_client
from app.runtime import Runtime
from app.webhooks import inbox
from tests.console.staff import Desk
from tests.factories.consents import AT, BROWSER, give_consent
from tests.factories.onboardings import add_onboarding


@pytest.fixture
def run(rt: Runtime) -> Onboarding:
    return add_onboarding(rt, "Example <Bakery>")


def page_of(desk: Desk, run: Onboarding, query: str = "") -> str:
    return desk.get(f"/console/consents/{run.client_id}{query}").text


def test_the_record_says_everything_in_the_words_that_were_shown(desk: Desk, rt: Runtime, run: Onboarding) -> None:
    give_consent(rt, run.client_id)
    page = page_of(desk, run)
    for words in (
        "Example &lt;Bakery&gt;",
        f'datetime="{AT.isoformat()}"',
        "04:00:00</time> (UTC-08:00)",
        "version 2026-11-01, Español",
        "whatsapp_business_messaging",
        "192.0.2.7",
        BROWSER,
        "by the house itself",
        "Partner of old",
    ):
        assert words in page, words
    assert '<div class="wording" lang="es">' in page
    assert "Al continuar acepta las condiciones" in page
    assert "Usted actúa en nombre de la empresa" in page
    assert 'class="side"' not in page


def test_terms_of_the_partners_own_are_named_by_their_address_and_not_by_ours(
    desk: Desk, rt: Runtime, run: Onboarding
) -> None:
    give_consent(rt, run.client_id, terms_url="https://partner.example/terms")
    page = page_of(desk, run)
    assert "https://partner.example/terms" in page
    assert "Usted actúa" not in page


def test_an_onboarding_links_to_what_it_came_of(desk: Desk, rt: Runtime, run: Onboarding) -> None:
    query = f"?onboarding={run.reference}"
    shown = unescape(desk.get(f"/console/onboardings/{run.reference}").text)
    assert f"/console/consents/{run.client_id}{query}" in shown
    assert "No consent is kept with this onboarding" in page_of(desk, run, query)
    signup = give_consent(rt, run.client_id)
    assert "No consent is kept with this onboarding" in page_of(desk, run, query)
    with rt.db.write() as session:
        session.execute(update(Signup).where(Signup.id == signup).values(onboarding_id=run.id))
    assert "Al continuar" in page_of(desk, run, query)


def test_an_erased_clients_record_says_so(desk: Desk, rt: Runtime, run: Onboarding) -> None:
    give_consent(rt, run.client_id)
    with rt.db.write() as session:
        gone = erase_client(
            session,
            run.client_id,
            reason="They asked.",
            also_live=True,
            forget_notifications=inbox.forget,
            actor=SYSTEM,
            now=clock.now(),
        )
    page = page_of(desk, run)
    assert "This client was erased on" in page
    assert gone.code in page
    assert "192.0.2.7" not in page


@pytest.mark.parametrize("key", ["nothing", "019aa5c1-7d3a-7a54-8c1e-5b0f6a2d9e10", "%00"])
def test_what_is_not_there_is_not_found(desk: Desk, key: str) -> None:
    assert desk.get(f"/console/consents/{key}").status_code == 404
