"""Warnings reach the client by mail, in its language, with the link to connect again; sudden death is told as such."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.clients.models import Client
from app.kit import clock
from app.mail.jobs import Postman
from app.mail.models import Mail
from app.onboarding.links.links import open_link
from app.runtime import Runtime
from tests.mail.conftest import PostOffice, office
from tests.upkeep.tokens.calendar import NOON, Calendar

__all__ = ["office"]


@pytest.fixture
def rt(rt: Runtime, office: PostOffice) -> Runtime:
    settings = rt.settings.model_copy(update={"mail_url": office.url, "mail_from": "hello@partner.example"})
    return replace(rt, settings=settings)


def known_as(calendar: Calendar, client_id: str, email: str | None, language: str | None = "pt_BR") -> None:
    with calendar.rt.db.write() as session:
        client = session.get_one(Client, client_id)
        client.contact_email, client.contact_name, client.language = email, "Alex", language


def carry(calendar: Calendar) -> None:
    Postman(calendar.rt).take("postman")


def day_of(at: datetime) -> int:
    return (at - NOON) // timedelta(days=1)


def test_a_client_is_written_to_on_four_days_and_the_link_in_the_letter_opens(
    calendar: Calendar, office: PostOffice
) -> None:
    run = calendar.connect()
    known_as(calendar, run.client_id, "alex@bakery.example")
    calendar.refuse(exchange=True, fetch=True)
    for _ in range(60):
        calendar.pass_days(1)
        carry(calendar)
    assert [letter["Subject"] for letter in office.box.letters] == ["Conecte Example Bakery ao WhatsApp novamente"] * 4
    with calendar.rt.db.read() as session:
        sent = session.scalars(select(Mail.sent_at).order_by(Mail.id)).all()
    assert [day_of(at) for at in sent if at is not None] == [46, 53, 57, 59]
    text = office.box.letters[-1].get_body(("plain",))
    assert text is not None
    found = re.search(r"/connect/(\S+)", text.get_content())
    assert found
    with calendar.rt.db.write() as session:
        opened = open_link(session, found[1], address=None, user_agent=None, now=clock.now())
        assert opened.link.client_id == run.client_id


def test_a_token_that_is_taken_away_at_once_is_told_as_that_and_only_once(
    calendar: Calendar, office: PostOffice
) -> None:
    run = calendar.connect()
    known_as(calendar, run.client_id, "alex@bakery.example", None)
    calendar.app(fetch_gives="nothing")
    calendar.world.change("tokens", account_id=run.waba_id, revoked_subcode=458)
    calendar.pass_days(60)
    carry(calendar)
    assert [letter["Subject"] for letter in office.box.letters] == [
        "Example Bakery cannot send on WhatsApp at the moment"
    ]
    assert calendar.held(run) == "token_dead"


def test_a_client_without_an_address_is_warned_of_for_staff_to_send(calendar: Calendar, office: PostOffice) -> None:
    run = calendar.connect()
    known_as(calendar, run.client_id, None)
    calendar.refuse(exchange=True, fetch=True)
    calendar.pass_days(59.9)
    carry(calendar)
    assert office.box.letters == []
    assert len(calendar.warnings()) == 4
