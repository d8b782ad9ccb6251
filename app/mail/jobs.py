"""What workers do with letters: claim, compose, send with nothing open, write down what came of it."""

from datetime import datetime, timedelta
from typing import Final

import structlog
from jinja2 import TemplateError
from sqlalchemy.orm import Session

from app.incidents.book import HOUSE, Problem, report, resolve
from app.kit import clock
from app.kit.secret import Secret
from app.mail import rules
from app.mail.compose import Sender, compose
from app.mail.models import Mail
from app.mail.post import SEALED_ADDRESS, forget_address
from app.mail.sending import MailServer, NotSent
from app.runtime import Runtime
from app.work.keeper import Keeper
from app.work.one_by_one import OneByOne
from config import Settings

log = structlog.get_logger(__name__)

FAILING: Final = "mail_failing"


class Postman:
    """Sends what is due; one per worker process."""

    def __init__(self, rt: Runtime, keeper: Keeper | None = None) -> None:
        self._rt = rt
        self._server = server_of(rt.settings)
        keeper = keeper or Keeper(rt.db, timedelta(seconds=rt.settings.lease_seconds))
        self._letters = OneByOne(rt.db, keeper, Mail)

    def take(self, worker: str) -> int:
        """Send due letters one after the other; how many were taken."""
        return self._letters.take(worker, self._send)

    def _send(self, key: str, holder: str) -> None:
        mail, address = self._look(key)
        if mail.until is not None and clock.now() > mail.until:
            self._note(key, holder, "its time has passed", for_good=True)
        elif self._server is None:
            self._note(key, holder, "no mail server is set (MAIL_URL)")
        else:
            facts = dict(mail.facts) | ({} if address is None else {"address": address.reveal()})
            sender = sender_of(self._rt.settings)
            try:
                letter = compose(mail.kind, facts, sender=sender, language=mail.language)
                self._server.send(mail.to, letter, key=key)
            except NotSent as failed:
                self._note(key, holder, str(failed), for_good=failed.for_good)
            except TemplateError as failed:
                log.exception("letter_not_composed", kind=mail.kind)
                self._note(key, holder, f"the letter could not be composed ({type(failed).__name__})", for_good=True)
            else:
                self._note(key, holder, None)

    def _look(self, key: str) -> tuple[Mail, Secret | None]:
        with self._rt.db.read() as session:
            mail = session.get_one(Mail, key)
            if mail.client_id is None:
                return mail, None
            found = self._rt.vault.open_current(session, kind=SEALED_ADDRESS, client_id=mail.client_id, subject=mail.id)
            return mail, None if found is None else found.secret

    def _note(self, key: str, holder: str, trouble: str | None, *, for_good: bool = False) -> None:
        def note(session: Session, mail: Mail) -> datetime | None:
            again_at = self._written(session, mail, trouble, for_good, clock.now())
            if again_at is None:
                forget_address(session, mail)
            return again_at

        mail = self._letters.settle(key, holder, note)
        if mail is not None:
            log.info("mail_sent" if trouble is None else "mail_not_sent", mail=key, kind=mail.kind, trouble=trouble)

    def _written(
        self, session: Session, mail: Mail, trouble: str | None, for_good: bool, now: datetime
    ) -> datetime | None:
        """Write down how it went; returns when to try again."""
        mail.trouble = trouble
        if trouble is None:
            mail.sent_at = now
            resolve(session, FAILING, HOUSE, because="A letter was delivered to the mail server.", now=now)
            return None
        if self._server is None and not for_good:
            return now + rules.NO_SERVER
        mail.failures += 1
        again_at = rules.after_failure(mail.failures, for_good=for_good, until=mail.until, now=now)
        mail.given_up_at = now if again_at is None else None
        if again_at is None or now - mail.posted_at >= rules.PATIENCE:
            report(session, HOUSE, Problem(FAILING, [f"Letter “{mail.kind}”: {trouble}."]), now=now)
        return again_at


def server_of(settings: Settings) -> MailServer | None:
    """The mail server of the settings; None where none is set."""
    return MailServer(Secret(settings.mail_url), settings.mail_from) if settings.mail_url else None


def sender_of(settings: Settings) -> Sender:
    """In whose name letters are written."""
    return Sender(settings.partner_name, settings.public_url, settings.help_url)
