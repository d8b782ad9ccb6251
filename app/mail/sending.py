"""Sending over SMTP: one connection a letter, encrypted wherever it leaves this machine; failures in our own words.

`MAIL_URL` is `smtp://user:password@host:587` (STARTTLS is required) or `smtps://…:465`. On a loopback host, where a
local relay listens, plain `smtp://` is enough.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

from app.kit import clock
from app.kit.secret import Secret
from app.mail.compose import Letter
from config import LOOPBACK

SECONDS: Final = 20.0


class NotSent(Exception):
    """It was not taken. `for_good`: the same letter will never be. The text holds no address and no password."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over, and whose name they bear."""

    url: Secret
    sender: str

    def send(self, to: str, letter: Letter, *, key: str) -> None:
        """Hand one letter over. `key` makes its Message-ID, so that one sent twice is shown once. Raises `NotSent`."""
        message = self._message(to, letter, key)
        try:
            with self._connection() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code = max((code for code, _ in refused.recipients.values()), default=0)
            raise NotSent(f"the address was refused ({code})", for_good=code >= 500) from None
        except smtplib.SMTPAuthenticationError as refused:
            raise NotSent(f"the mail server does not accept our password ({refused.smtp_code})") from None
        except smtplib.SMTPResponseException as refused:
            for_good = refused.smtp_code >= 500 and not isinstance(refused, smtplib.SMTPConnectError)
            raise NotSent(f"the mail server answered {refused.smtp_code}", for_good=for_good) from None
        except (smtplib.SMTPException, OSError) as away:
            raise NotSent(f"the mail server cannot be reached ({type(away).__name__})") from None

    def knock(self) -> None:
        """Sign in and leave again, for the doctor. Raises `NotSent`."""
        try:
            with self._connection() as server:
                server.noop()
        except smtplib.SMTPAuthenticationError as refused:
            raise NotSent(f"the mail server does not accept our password ({refused.smtp_code})") from None
        except (smtplib.SMTPException, OSError) as away:
            raise NotSent(f"the mail server cannot be reached ({type(away).__name__})") from None

    def _connection(self) -> smtplib.SMTP:
        parts = urlsplit(self.url.reveal())
        host, port = parts.hostname or "", parts.port
        secure = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=secure)
        else:
            server = smtplib.SMTP(host, port or 587, timeout=SECONDS)
        try:
            if parts.scheme == "smtp" and host not in LOOPBACK:
                server.starttls(context=secure)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, to: str, letter: Letter, key: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{key}@{parseaddr(self.sender)[1].rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message
