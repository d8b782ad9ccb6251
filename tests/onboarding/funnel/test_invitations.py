"""The message with a link: in the client's language, whole, and hidden from logs."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.clients.models import Client
from app.kit.secret import Secret
from app.onboarding.funnel.invitations import Invitation, write_invitation
from app.onboarding.links.links import NewLink
from app.onboarding.models import Link
from app.onboarding.window.endings import ENDINGS
from app.web import languages

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ADDRESS = "https://connect.partner.example/connect/Xk3v-token-of-a-test"


@pytest.fixture
def app() -> Flask:
    app = Flask("gangway")
    languages.install(app)
    return app


def write(
    app: Flask, language: str | None = None, *, contact: str | None = "Alex Example", **more: object
) -> Invitation:
    client = Client(name="Example Bakery", language=language, contact_name=contact)
    made = NewLink(Link(expires_at=NOON + timedelta(days=30)), client, Secret("Xk3v-token-of-a-test"))
    with app.app_context():
        return write_invitation(
            made,
            public_url="https://connect.partner.example",
            partner="Example Partner",
            **more,  # type: ignore[arg-type]
        )


def test_a_first_message_says_what_the_link_is_for_and_how_long_it_works(app: Flask) -> None:
    written = write(app)
    assert written.subject == "Connect Example Bakery to WhatsApp"
    assert written.address == ADDRESS
    assert written.text == (
        "Hello Alex Example,\n\n"
        f"This link opens the page where Example Bakery is connected to WhatsApp:\n{ADDRESS}\n\n"
        "Most finish in five minutes. It works until 20 December 2026.\n\n"
        "Example Partner"
    )


def test_a_follow_up_says_where_the_client_stopped_and_that_the_old_link_has_ended(app: Flask) -> None:
    written = write(app, "es", followed=True, ending=ENDINGS["stopped_at_the_code"])
    assert written.text == (
        "Hola, Alex Example:\n\n"
        "Se detuvo en el código de seis dígitos. La página dice qué ayuda.\n\n"
        f"Este enlace abre la página donde Example Bakery se conecta a WhatsApp:\n{ADDRESS}\n\n"
        "La mayoría termina en cinco minutos. Funciona hasta el 20 de diciembre de 2026.\n\n"
        "El enlace que recibió antes ya no funciona.\n\n"
        "Example Partner"
    )


def test_without_a_name_nobody_is_greeted_by_one(app: Flask) -> None:
    assert write(app, contact=None).text.startswith("Hello,\n\n")
    assert write(app, "pt_BR", contact=None).text.startswith("Olá,\n\n")


def test_the_address_is_not_in_what_a_log_shows_of_it(app: Flask) -> None:
    assert "Xk3v" not in repr(write(app))
