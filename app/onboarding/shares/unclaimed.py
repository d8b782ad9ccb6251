"""Shares that nobody has claimed: what staff see of them, and the three things they may do.

Attach an account to a client, make a client of it, or refuse it. Each is one transaction, is audited, and done twice
(a double click) gives the same again. Nothing is changed at Meta by any of them; the run that begins fetches the token.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.clients.models import Client
from app.clients.store import add_client, get_client
from app.kit.errors import Conflict, Fault, InvalidInput, NotFound
from app.meta.errors import MetaError
from app.numbers.models import Account
from app.onboarding.ledger import ledger
from app.onboarding.ledger.desk import check_reason
from app.onboarding.models import Onboarding, UnclaimedAccount
from app.onboarding.shares import hosted, shares
from app.runtime import Runtime
from config import Settings

# A code in a window claims its account within seconds; nobody is shown what settles itself.
PATIENCE = timedelta(minutes=3)
NOT_THERE = "There is no such unclaimed account."
MOST_ROWS = 200
LONGEST_NAME = 200


@dataclass(frozen=True)
class Suggestion:
    """A client it may belong to: one who waits on Meta's own page (`onboarding`), or is known by the same portfolio."""

    client_id: str
    client_name: str
    onboarding: str | None
    since: datetime | None
    why: str


@dataclass(frozen=True)
class Unclaimed:
    """One share as staff see it. `settled_as` is None while somebody must decide; `onboarding` is a reference."""

    id: str
    waba_id: str
    business_id: str | None
    kind: str
    solution_id: str | None
    told_at: datetime
    account_name: str | None
    owner_name: str | None
    settled_at: datetime | None
    settled_as: str | None
    reason: str | None
    onboarding: str | None
    suggestions: tuple[Suggestion, ...]


def list_unclaimed(session: Session, *, now: datetime) -> tuple[Unclaimed, ...]:
    """Those that somebody must decide about, newest first."""
    found = session.scalars(
        select(UnclaimedAccount).where(*_shown(now)).order_by(UnclaimedAccount.id.desc()).limit(MOST_ROWS)
    ).all()
    return tuple(_view(session, row) for row in found)


def count_unclaimed(session: Session, *, now: datetime) -> int:
    return session.scalar(select(func.count()).select_from(UnclaimedAccount).where(*_shown(now))) or 0


def read_unclaimed(session: Session, key: str) -> Unclaimed:
    """One share, settled or not. Raises `NotFound`."""
    row = session.get(UnclaimedAccount, key)
    if row is None:
        raise NotFound(NOT_THERE)
    return _view(session, row)


def ask_names(rt: Runtime, key: str) -> Unclaimed:
    """As `read_unclaimed`, with Meta's names of account and owner; they stay unknown where Meta does not answer."""
    with rt.db.read() as session:
        found = read_unclaimed(session, key)
    if found.account_name is not None or found.settled_at is not None:
        return found
    try:
        account = rt.meta.accounts.get(found.waba_id, rt.partner_token())
    except MetaError:
        return found
    with rt.db.write() as session:
        row = session.get_one(UnclaimedAccount, key)
        row.account_name = (account.name or "")[:LONGEST_NAME] or None
        row.owner_name = (account.owner_business_name or "")[:LONGEST_NAME] or None
        row.business_id = row.business_id or account.owner_business_id
        session.flush()
        return _view(session, row)


def find_client(session: Session, named: str) -> Client:
    """A client by key, by the partner's own key, or by its name where only one has it; `InvalidInput` otherwise."""
    wanted = named.strip()
    exact = session.scalars(select(Client).where(or_(Client.id == wanted, Client.external_ref == wanted))).one_or_none()
    if exact is not None:
        return exact
    same = session.scalars(select(Client).where(Client.name == wanted).limit(2)).all()
    if len(same) == 1:
        return same[0]
    rule = "fits several clients: give the id or your own reference" if same else "is no client's id, reference or name"
    raise InvalidInput([Fault("client", rule)])


def attach_to_client(
    session: Session, settings: Settings, key: str, client_id: str, *, actor: Actor, now: datetime
) -> str:
    """The account is this client's: a run begins, or the one that waits on Meta's own page goes on; its key."""
    client = get_client(session, client_id)
    waiting = [one.onboarding_id for one in hosted.list_openings(session) if one.client_id == client.id]
    # Runs are locked before shares, here as everywhere.
    run = next((found for one in reversed(waiting) if (found := hosted.find_waiting(session, one))), None)
    row = _locked(session, key)
    if row.settled_at is not None:
        return _same_again(session, row, (shares.ATTACHED, shares.JOINED), client.id)
    return _give(session, settings, row, client.id, run, shares.ATTACHED, actor=actor, now=now)


def attach_to_onboarding(
    session: Session, settings: Settings, key: str, which: str, *, actor: Actor, now: datetime
) -> str:
    """The account is what this very run waits for on Meta's own page; its key."""
    wanted = ledger.get_onboarding(session, which)
    run = hosted.find_waiting(session, wanted.id)
    row = _locked(session, key)
    if row.settled_at is not None:
        return _same_again(session, row, (shares.ATTACHED, shares.JOINED), wanted.client_id)
    if run is None:
        raise Conflict("This onboarding does not wait for an account any more.", code="not_waiting")
    return _give(session, settings, row, run.client_id, run, shares.ATTACHED, actor=actor, now=now)


def make_client(
    session: Session,
    settings: Settings,
    key: str,
    *,
    name: str | None,
    external_ref: str | None,
    actor: Actor,
    now: datetime,
) -> str:
    """A new client of this account, named as given or as Meta names it; the key of the run that begins."""
    row = _locked(session, key)
    if row.settled_at is not None:
        return _same_again(session, row, (shares.CLIENT_MADE,), None)
    wanted = (name or "").strip() or row.account_name or row.owner_name
    if not wanted:
        raise InvalidInput([Fault("name", "is needed: Meta has not told us one")])
    if len(wanted) > LONGEST_NAME or not wanted.isprintable():
        raise InvalidInput([Fault("name", f"must be one line of at most {LONGEST_NAME} characters")])
    if external_ref and session.scalars(select(Client.id).where(Client.external_ref == external_ref)).first():
        raise InvalidInput([Fault("external_ref", "is a client's already: attach the account to it")])
    client = add_client(
        session,
        name=wanted,
        external_ref=external_ref,
        contact_name=None,
        contact_email=None,
        language=None,
        now=now,
    )
    add_entry(session, actor, "client.made", "client", client.id, now=now, waba_id=row.waba_id)
    return _give(session, settings, row, client.id, None, shares.CLIENT_MADE, actor=actor, now=now)


def refuse(session: Session, key: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Nobody of ours: kept with the reason. Refusing once more changes nothing; at Meta the account stays shared."""
    wanted = check_reason(reason)
    row = _locked(session, key)
    if row.settled_as == shares.REFUSED:
        return
    if row.settled_at is not None:
        raise Conflict(_settled(row), code="settled")
    shares.settle(row, shares.REFUSED, now=now)
    row.reason = wanted
    add_entry(session, actor, "account.refused", "unclaimed", row.id, now=now, waba_id=row.waba_id, reason=wanted)


def _give(
    session: Session,
    settings: Settings,
    row: UnclaimedAccount,
    client_id: str,
    run: Onboarding | None,
    how: str,
    *,
    actor: Actor,
    now: datetime,
) -> str:
    if run is None:
        run = hosted.begin_run(session, settings, client_id=client_id, actor=actor, now=now)
    hosted.join(session, run, shares.share_of(row), at=row.told_at, now=now)
    shares.settle(row, how, onboarding_id=run.id, now=now)
    facts = {"waba_id": row.waba_id, "client_id": client_id, "onboarding": run.reference}
    add_entry(session, actor, f"account.{how}", "unclaimed", row.id, now=now, **facts)
    return run.id


def _same_again(session: Session, row: UnclaimedAccount, as_before: Sequence[str], client_id: str | None) -> str:
    run = session.get(Onboarding, row.onboarding_id) if row.onboarding_id else None
    if run is None or row.settled_as not in as_before or client_id not in (None, run.client_id):
        raise Conflict(_settled(row), code="settled")
    return run.id


def _settled(row: UnclaimedAccount) -> str:
    return f"This account is settled already: {(row.settled_as or '').replace('_', ' ')}."


def _locked(session: Session, key: str) -> UnclaimedAccount:
    row = session.scalars(
        select(UnclaimedAccount)
        .where(UnclaimedAccount.id == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def _shown(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return UnclaimedAccount.settled_at.is_(None), UnclaimedAccount.seen_at <= now - PATIENCE


def _view(session: Session, row: UnclaimedAccount) -> Unclaimed:
    run = session.get(Onboarding, row.onboarding_id) if row.onboarding_id else None
    return Unclaimed(
        id=row.id,
        waba_id=row.waba_id,
        business_id=row.business_id,
        kind=row.kind,
        solution_id=row.solution_id,
        told_at=row.told_at,
        account_name=row.account_name,
        owner_name=row.owner_name,
        settled_at=row.settled_at,
        settled_as=row.settled_as,
        reason=row.reason,
        onboarding=run.reference if run else None,
        suggestions=_suggestions(session, row) if row.settled_at is None else (),
    )


def _suggestions(session: Session, row: UnclaimedAccount) -> tuple[Suggestion, ...]:
    """Whoever waits on Meta's own page, then whoever is known by the account's portfolio."""
    openings = hosted.list_openings(session)
    found = [
        Suggestion(run.client_id, client.name, run.reference, run.begun_at, "waits on Meta’s own page")
        for run, client in session.execute(
            select(Onboarding, Client)
            .join(Client, Client.id == Onboarding.client_id)
            .where(Onboarding.id.in_([one.onboarding_id for one in openings]))
            .order_by(Onboarding.id.desc())
        )
    ]
    waiting = {one.client_id for one in found}
    known = session.scalars(
        select(Client)
        .join(Account, Account.client_id == Client.id)
        .where(Account.business_id == row.business_id)
        .order_by(Client.id.desc())
        .distinct()
    )
    return (
        *found,
        *(Suggestion(c.id, c.name, None, None, "has the same portfolio") for c in known if c.id not in waiting),
    )
