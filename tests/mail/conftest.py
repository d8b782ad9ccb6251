"""A real mail server on a free port, and the running parts set up to hand letters to it."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from app.runtime import Runtime


@dataclass
class Box:
    """What arrived, and what the server answers next (an SMTP reply), by recipient."""

    letters: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refused = self.answers.get(address)
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if (refused := self.answers.get("data")) is not None:
            return refused
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=modern))  # type: ignore[arg-type]
        return "250 Taken"


@dataclass(frozen=True)
class PostOffice:
    """A listening server and its box."""

    box: Box
    url: str
    controller: Controller


def free_port() -> int:
    """The library knocks at the port it was given, so zero is none."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@pytest.fixture
def office() -> Iterator[PostOffice]:
    box = Box()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield PostOffice(box, f"smtp://127.0.0.1:{port}", controller)
    finally:
        controller.stop()


@pytest.fixture
def posting(rt: Runtime, office: PostOffice) -> Runtime:
    given = {"mail_url": SecretStr(office.url), "mail_from": "Example Partner <hello@partner.example>"}
    return replace(rt, settings=rt.settings.model_copy(update=given))
