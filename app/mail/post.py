"""Posting a letter: one row in the caller's transaction, sent later by a worker (`jobs.py`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.credentials.vault import Vault
from app.kit.ids import new_id
from app.kit.secret import Secret
from app.mail.compose import KINDS
from app.mail.models import Mail
from app.work.arrivals import insert_into

SEALED_ADDRESS: Final = "mail_address"
STREAM: Final = "mails"


def post(
    session: Session,
    *,
    kind: str,
    to: str,
    once: str,
    facts: Mapping[str, Any],
    now: datetime,
    language: str | None = None,
    client_id: str | None = None,
    until: datetime | None = None,
    vault: Vault | None = None,
    address: Secret | None = None,
) -> str | None:
    """Post a letter; its id, or None where the same occasion's letter is posted already.

    `address` is the link the letter leads to where whoever has it may act; it is sealed, which needs `vault` and the
    client whose it is. Raises `KeyError` for a kind that has no letter.
    """
    KINDS[kind]
    key = new_id()
    insert = insert_into(session, Mail).values(
        id=key, once=once, kind=kind, to=to, language=language, client_id=client_id, facts=dict(facts),
        posted_at=now, until=until, due_at=now, claims=0, failures=0,
    )  # fmt: skip
    if session.scalar(insert.on_conflict_do_nothing(index_elements=["once"]).returning(Mail.id)) is None:
        return None
    if address is not None:
        assert vault is not None  # noqa: S101 - said in the docstring
        assert client_id is not None  # noqa: S101 - said in the docstring
        vault.seal(session, kind=SEALED_ADDRESS, client_id=client_id, subject=key, secret=address, now=now)
    return key


def forget_address(session: Session, mail: Mail) -> None:
    """The letter is gone, one way or the other; nobody needs the address it led to any more."""
    rows = select(Credential).where(Credential.kind == SEALED_ADDRESS, Credential.subject == mail.id)
    for row in session.scalars(rows):
        session.delete(row)
