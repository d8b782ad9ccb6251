"""A real mail server on a free port, and the running parts set up to hand letters to it."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.runtime import Runtime


@dataclass
class Box:
    """What arrived, and what the server answers next (an SMTP reply), by recipient."""

    letters: list[EmailMessage] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, _envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        self.lines.append(server.transport)
        return answers

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


def open_office() -> Controller:
    """A server that listens on a free port until `close_office`."""
    controller = Controller(Box(), hostname="127.0.0.1", port=free_port())
    controller.start()
    return controller


def close_office(controller: Controller) -> None:
    """End it, with the connections it may not have noticed to be over: the library leaves those open."""

    async def hang_up() -> None:
        for line in controller.handler.lines:
            line.abort()
        await asyncio.sleep(0)

    asyncio.run_coroutine_threadsafe(hang_up(), controller.loop).result(10)
    controller.stop()


@dataclass(frozen=True)
class PostOffice:
    """A listening server and its box."""

    box: Box
    url: str


def free_port() -> int:
    """The library knocks at the port it was given, so zero is none."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@pytest.fixture
def office() -> Iterator[PostOffice]:
    controller = open_office()
    try:
        yield PostOffice(controller.handler, f"smtp://127.0.0.1:{controller.port}")
    finally:
        close_office(controller)


@pytest.fixture
def posting(rt: Runtime, office: PostOffice) -> Runtime:
    given = {"mail_url": office.url, "mail_from": "Example Partner <hello@partner.example>"}
    return replace(rt, settings=rt.settings.model_copy(update=given))
