"""What a client agreed to, with the wording that was shown, by whom it was asked, and what came of it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.audit.store import Actor
from app.kit.errors import NotFound
from app.onboarding.models import Onboarding, Signup
from app.records.consents import ClientConsents, plain, read_consents
from app.runtime import Runtime
from tests.console.staff import add_robin
from tests.factories.consents import AT, give_consent
from tests.factories.onboardings import add_onboarding

NOW = "Partner of today"


def read(rt: Runtime, client_id: str, reference: str | None = None) -> ClientConsents:
    with rt.db.read() as session:
        return read_consents(session, client_id, partner=NOW, reference=reference)


@pytest.fixture
def run(rt: Runtime) -> Onboarding:
    return add_onboarding(rt, "Example Bakery")


def test_a_consent_says_when_to_whom_in_which_words_and_who_made_the_link(
    rt: Runtime, run: Onboarding, quick_hashing: None
) -> None:
    give_consent(rt, run.client_id, actor=Actor("staff", add_robin(rt).id))
    (one,) = read(rt, run.client_id).consents
    assert (one.at, one.terms_version, one.language, one.partner) == (AT, "2026-11-01", "es", "Partner of old")
    assert one.local_at is not None
    assert (f"{one.local_at:%H:%M}", one.local_at.tzname()) == ("04:00", "UTC-08:00")
    assert one.accepts == "Al continuar acepta las condiciones del 1 de noviembre de 2026."
    assert "Usted permite que Partner of old gestione" in one.clauses[1]
    assert (one.address, one.link_made_by, one.references) == ("192.0.2.7", "Robin Example", ())


def test_an_onboarding_shows_only_what_it_came_of(rt: Runtime, run: Onboarding) -> None:
    give_consent(rt, run.client_id)
    signup = give_consent(
        rt, run.client_id, at=AT + timedelta(days=1), zone=None, terms_url="https://partner.example/t"
    )
    with rt.db.write() as session:
        session.execute(update(Signup).where(Signup.id == signup).values(onboarding_id=run.id))
    assert [one.references for one in read(rt, run.client_id).consents] == [(), (run.reference,)]
    (one,) = read(rt, run.client_id, run.reference).consents
    assert (one.at, one.local_at, one.terms_url) == (AT + timedelta(days=1), None, "https://partner.example/t")
    assert read(rt, run.client_id, "onb_of-somebody-else").consents == ()


def test_a_consent_from_before_the_partner_was_kept_names_the_one_of_today(rt: Runtime, run: Onboarding) -> None:
    give_consent(rt, run.client_id, partner="")
    (one,) = read(rt, run.client_id).consents
    assert one.partner == ""
    assert NOW in one.clauses[1]


def test_json_says_the_same(rt: Runtime, run: Onboarding) -> None:
    give_consent(rt, run.client_id)
    told = plain(read(rt, run.client_id))
    assert told["client_name"] == "Example Bakery"
    assert told["consents"][0]["local_at"] == "2026-11-02T04:00:00-08:00"
    assert len(told["consents"][0]["clauses"]) == 6


def test_nobody_is_not_found(rt: Runtime) -> None:
    with pytest.raises(NotFound):
        read(rt, "nobody")
