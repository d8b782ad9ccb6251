"""Letters over a real mail server: sent once, tried again, given up, and never held up by one that fails."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.clients.store import add_client
from app.credentials.models import Credential
from app.incidents.models import Incident
from app.kit.secret import Secret
from app.mail.jobs import Postman
from app.mail.models import Mail
from app.mail.post import post
from app.runtime import Runtime
from tests.mail.conftest import PostOffice, free_port

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ADDRESS = "https://partner.example/connect/the-secret-of-a-link"


@pytest.fixture
def bakery(rt: Runtime) -> str:
    with rt.db.write() as session:
        return add_client(
            session, name="Example Bakery", external_ref=None, contact_name="Alex Example",
            contact_email="alex@bakery.example", language="es", now=NOON,
        ).id  # fmt: skip


def order(
    rt: Runtime, client_id: str, *, once: str = "token_expiring:1:7", to: str = "alex@bakery.example"
) -> str | None:
    facts = {"client": "Example Bakery", "name": "Alex", "ends_at": "2026-11-09T12:00:00+00:00"}
    with rt.db.write() as session:
        return post(
            session, kind="token_expiring", to=to, once=once, facts=facts, now=NOON, language="es",
            client_id=client_id, until=NOON + timedelta(days=7), vault=rt.vault, address=Secret(ADDRESS),
        )  # fmt: skip


def carry(rt: Runtime, now: datetime = NOON) -> int:
    with time_machine.travel(now, tick=False):
        return Postman(rt).take("ann")


def the_mail(rt: Runtime) -> Mail:
    with rt.db.read() as session:
        return session.scalars(select(Mail)).one()


def test_a_letter_reaches_the_client_in_its_language_with_the_way_to_connect(
    posting: Runtime, office: PostOffice, bakery: str
) -> None:
    order(posting, bakery)
    assert carry(posting) == 1
    (letter,) = office.box.letters
    assert letter["To"] == "alex@bakery.example"
    assert letter["From"] == "Example Partner <hello@partner.example>"
    assert letter["Subject"] == "Vuelve a conectar Example Bakery con WhatsApp"
    text, html = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert "termina el 9 de noviembre de 2026" in text.get_content()
    assert ADDRESS in text.get_content()
    assert f'href="{ADDRESS}"' in html.get_content()


def test_the_same_occasion_is_written_about_once(posting: Runtime, office: PostOffice, bakery: str) -> None:
    assert order(posting, bakery) is not None
    assert order(posting, bakery) is None
    carry(posting)
    carry(posting, NOON + timedelta(hours=1))
    assert len(office.box.letters) == 1


def test_the_address_in_a_letter_is_in_no_plain_column_and_forgotten_afterwards(
    posting: Runtime, office: PostOffice, bakery: str
) -> None:
    order(posting, bakery)
    with posting.db.read() as session:
        row = session.execute(select(Mail.__table__)).one()
        sealed = session.scalars(select(Credential).where(Credential.kind == "mail_address")).one()
    assert "the-secret-of-a-link" not in str(row)
    assert (sealed.last_four, sealed.fingerprint) == (None, None)
    carry(posting)
    with posting.db.read() as session:
        assert session.scalars(select(Credential).where(Credential.kind == "mail_address")).all() == []


def test_what_is_refused_for_good_is_given_up_at_once_and_people_are_told(
    posting: Runtime, office: PostOffice, bakery: str
) -> None:
    office.box.answers["alex@bakery.example"] = "550 No such mailbox"
    order(posting, bakery)
    carry(posting)
    mail = the_mail(posting)
    assert (mail.trouble, mail.failures, mail.given_up_at, mail.due_at) == (
        "the address was refused (550)", 1, NOON, None
    )  # fmt: skip
    with posting.db.read() as session:
        assert session.scalars(select(Incident.kind)).all() == ["mail_failing"]


def test_a_server_that_is_full_is_tried_again_and_the_incident_closes_by_itself(
    posting: Runtime, office: PostOffice, bakery: str
) -> None:
    office.box.answers["data"] = "452 Insufficient storage"
    order(posting, bakery)
    now, waits = NOON, []
    for _ in range(3):
        carry(posting, now)
        due_at = the_mail(posting).due_at
        assert due_at is not None
        waits.append(due_at - now)
        now = due_at
    assert waits == [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)]
    carry(posting, now)
    with posting.db.read() as session:
        assert session.scalars(select(Incident.closed_at)).all() == [None], "a quarter of an hour has passed"
    office.box.answers.clear()
    later = the_mail(posting).due_at
    assert later is not None
    carry(posting, later)
    assert len(office.box.letters) == 1
    with posting.db.read() as session:
        assert session.scalars(select(Incident.closed_at)).all() == [later]


def test_a_letter_whose_time_has_passed_is_not_sent(posting: Runtime, office: PostOffice, bakery: str) -> None:
    order(posting, bakery)
    carry(posting, NOON + timedelta(days=8))
    assert office.box.letters == []
    assert the_mail(posting).trouble == "its time has passed"


def test_one_that_fails_keeps_no_other_waiting(posting: Runtime, office: PostOffice, bakery: str) -> None:
    office.box.answers["gone@bakery.example"] = "450 Later"
    order(posting, bakery, once="first", to="gone@bakery.example")
    order(posting, bakery, once="second")
    assert carry(posting) == 2
    assert [letter["To"] for letter in office.box.letters] == ["alex@bakery.example"]


def test_without_a_mail_server_letters_wait_and_go_once_there_is_one(
    rt: Runtime, posting: Runtime, office: PostOffice, bakery: str
) -> None:
    order(rt, bakery)
    carry(rt)
    mail = the_mail(rt)
    assert (mail.trouble, mail.failures, mail.due_at) == (
        "no mail server is set (MAIL_URL)", 0, NOON + timedelta(minutes=10)
    )  # fmt: skip
    carry(posting, NOON + timedelta(minutes=10))
    assert len(office.box.letters) == 1


def test_a_server_that_is_away_is_named_without_its_password(posting: Runtime, bakery: str) -> None:
    away = f"smtp://robin:coral-lamp@127.0.0.1:{free_port()}"
    order(posting, bakery)
    carry(replace(posting, settings=posting.settings.model_copy(update={"mail_url": away})))
    assert the_mail(posting).trouble == "the mail server cannot be reached (ConnectionRefusedError)"
