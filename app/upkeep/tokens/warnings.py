"""Who hears that a token ends or is dead: staff by one incident, the client by one warning at each stage with a link.

An incident is about the account whose token it is (or about us). The client's warning is a row, once for each token and
stage, with a link to connect again; how it reaches the client is `warn_client`'s affair alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.credentials.watches import DEAD, PARTNER
from app.incidents.book import Problem, Subject, account_subject, report, resolve
from app.kit.ids import new_id
from app.kit.secret import Secret
from app.mail.post import post
from app.numbers.models import Account
from app.onboarding.funnel.invitations import address_of
from app.onboarding.funnel.reconnect import open_token_of, reconnect_link
from app.runtime import Runtime
from app.upkeep.tokens.models import TokenWarning
from app.upkeep.tokens.rules import DAY, Next, must_warn, stage_of
from app.upkeep.tokens.ways import Task, Try
from app.upkeep.tokens.words import try_in_words

OURS: Final = Subject("partner", "partner", "Our own Meta token")
SEVERITIES: Final = {14: "warning", 7: "warning", 3: "urgent", 1: "urgent"}
OUR_SEVERITIES: Final = {14: "urgent", 7: "urgent", 3: "critical", 1: "critical"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a token stands after a look."""

    task: Task
    then: Next
    ends_at: datetime | None
    tries: tuple[Try, ...]


def tell(rt: Runtime, session: Session, standing: Standing, *, now: datetime) -> bool:
    """Bring incidents and warnings up to date; whether an incident may be open afterwards."""
    task, then, ends_at = standing.task, standing.then, standing.ends_at
    kinds = (
        ("partner_token_expiring", "partner_token_dead") if task.kind == PARTNER else ("token_expiring", "token_dead")
    )
    expiring, dead = kinds
    subject = OURS if task.kind == PARTNER else _subject(session, task)
    if subject is None:
        return False
    if then.state == DEAD:
        resolve(session, expiring, subject, because="The token is dead.", now=now)
        report(session, subject, Problem(dead, _reasons(standing)), now=now)
        if task.client_id is not None and not _was_warned(session, task):
            # It died without an end in sight, so this is the first the client hears of it.
            warn_client(rt, session, task, subject.id, stage=DEAD, ends_at=None, now=now)
        return True
    because = "The token was taken out of use." if then.state == "gone" else "A living token is in use."
    was_dead = resolve(session, dead, subject, because=because, now=now) if task.alarmed else False
    if not must_warn(then.state, then.failures, ends_at, now):
        if then.failures and task.alarmed and not was_dead:
            # Meta is silent for the moment: what is open stays open until it has said otherwise.
            return True
        if task.alarmed:
            resolve(session, expiring, subject, because=because, now=now)
        return False
    stage = stage_of(ends_at, now)
    assert stage is not None and ends_at is not None  # noqa: S101, PT018 - must_warn has seen to it
    severity = (OUR_SEVERITIES if task.kind == PARTNER else SEVERITIES)[stage]
    facts = {"ends_at": ends_at.isoformat(), "days_left": _days(ends_at, now)}
    report(session, subject, Problem(expiring, _reasons(standing), severity, str(stage), facts), now=now)
    if task.client_id is not None:
        warn_client(rt, session, task, subject.id, stage=str(stage), ends_at=ends_at, now=now)
    return True


def warn_client(
    rt: Runtime, session: Session, task: Task, account_id: str, *, stage: str, ends_at: datetime | None, now: datetime
) -> TokenWarning | None:
    """Warn the client of one token at one stage (14, 7, 3, 1, or dead), once; None where that has been done.

    The letter leads to a link by which the client connects again. Without a client's address only staff can send it.
    """
    known = select(TokenWarning.id).where(TokenWarning.credential_id == task.credential_id, TokenWarning.stage == stage)
    if session.scalar(known) is not None:
        return None
    assert task.client_id is not None  # noqa: S101 - asked for by the caller
    needed_until = (ends_at or now) + timedelta(days=1)
    link_id = reconnect_link(session, rt.vault, task.client_id, needed_until=needed_until, now=now)
    warning = TokenWarning(
        id=new_id(),
        credential_id=task.credential_id,
        stage=stage,
        client_id=task.client_id,
        account_id=account_id,
        link_id=link_id,
        days_left=_days(ends_at, now) if ends_at is not None else 0,
        at=now,
    )
    session.add(warning)
    session.flush()
    _write(rt, session, warning, ends_at, now)
    return warning


def _write(rt: Runtime, session: Session, warning: TokenWarning, ends_at: datetime | None, now: datetime) -> None:
    client = session.get_one(Client, warning.client_id)
    token = open_token_of(session, rt.vault, client.id, warning.link_id)
    if client.contact_email is None or token is None:
        return
    facts = {"client": client.name, "name": client.contact_name}
    post(
        session,
        kind="token_dead" if ends_at is None else "token_expiring",
        to=client.contact_email,
        once=f"token_warning:{warning.id}",
        facts=facts if ends_at is None else {**facts, "ends_at": ends_at.isoformat()},
        now=now,
        language=client.language,
        client_id=client.id,
        # A warning that comes after the end says what is no longer so.
        until=ends_at,
        vault=rt.vault,
        address=Secret(address_of(token, rt.settings.public_url)),
    )


def _was_warned(session: Session, task: Task) -> bool:
    rows = select(TokenWarning.id).where(TokenWarning.credential_id == task.credential_id).limit(1)
    return session.scalar(rows) is not None


def _subject(session: Session, task: Task) -> Subject | None:
    found = session.execute(
        select(Account.id, Account.name, Client.name.label("client"))
        .join(Client, Client.id == Account.client_id)
        .where(Account.client_id == task.client_id, Account.waba_id == task.subject)
    ).one_or_none()
    if found is None:
        return None
    return account_subject(found.id, client=found.client, account=found.name or task.subject, client_id=task.client_id)


def _reasons(standing: Standing) -> list[str]:
    """What Meta said to each way, in words and with its numbers."""
    reasons = [try_in_words(each.way, each.outcome, each.code, each.subcode) for each in standing.tries]
    if standing.task.suspected and not reasons:
        reasons.append("A call with it was refused.")
    return reasons or ["It has reached its end."]


def _days(ends_at: datetime, now: datetime) -> int:
    """Whole days left, a day that has begun counted as one."""
    return -((now - ends_at) // DAY)
