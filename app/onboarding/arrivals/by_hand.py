"""Entering a client by hand, where Meta's window cannot be used: account, number if wanted, and a system user's token.

The token is inspected before anything is kept, then sealed in the transaction that begins the onboarding; from there on
the usual steps prove everything once more. It is in no log, no error, no answer and no row but the vault's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.db import queue_up
from app.kit.errors import Conflict, Fault, InvalidInput, Unavailable
from app.kit.secret import Secret
from app.meta.accounts import Account
from app.meta.client import Meta
from app.meta.errors import MetaError
from app.meta.oauth import Inspection
from app.meta.transport import Call
from app.onboarding.arrivals.beginnings import ClientChoice, hold_client, lay_down
from app.onboarding.arrivals.entering import account_fault, number_faults, token_faults, token_warnings
from app.onboarding.arrivals.saga import STREAM
from app.onboarding.ledger import ledger
from app.onboarding.ledger.ledger import StepCalls
from app.onboarding.plans import BY_HAND as WAY
from app.onboarding.rules import owns_account
from app.onboarding.shares.holders import other_client_of
from app.onboarding.window.events import BY_HAND, EndEvent
from app.runtime import Runtime

T = TypeVar("T")
NO_META = "Meta does not answer just now. Nothing was kept: enter it again in a moment."


@dataclass(frozen=True)
class Entry:
    """What staff enter; without `number_id` all numbers of the account come. `share_credit`: our line pays."""

    account_id: str
    number_id: str | None = None
    client: ClientChoice = field(default_factory=ClientChoice)
    share_credit: bool = True


@dataclass(frozen=True)
class Entered:
    """The onboarding begun, and what is worth knowing of its token."""

    onboarding_id: str
    reference: str
    client_name: str
    warnings: tuple[str, ...]


def enter(rt: Runtime, entry: Entry, *, token: Secret, actor: Actor, now: datetime) -> Entered:
    """Inspect, seal and begin. Raises `InvalidInput` naming field and rule (and changes nothing), `Conflict` where
    another client of ours has the account, `Unavailable` when Meta does not answer.
    """
    calls: list[Call] = []
    meta = rt.meta.recording(calls.append)
    found = _ask(lambda: meta.oauth.inspect(token))
    faults = token_faults(found, app_id=rt.settings.meta_app_id, now=now)
    if faults:
        raise InvalidInput(faults)
    account = _account(meta, entry.account_id, found, token)
    if entry.number_id is not None:
        numbers = _ask(lambda: meta.numbers.list_of(entry.account_id, token))
        wrong = number_faults(
            entry.number_id,
            waba_id=entry.account_id,
            business_id=account.owner_business_id,
            numbers=[number.id for number in numbers],
        )
        if wrong:
            raise InvalidInput(wrong)
    with rt.db.write() as session:
        entered = _begin(session, rt, entry, account, found, token, calls, actor=actor, now=now)
    rt.wakes.ring(STREAM)
    return entered


def _ask(ask: Callable[[], T]) -> T:
    """An answer, or an error that names the token and repeats nothing of it."""
    try:
        return ask()
    except MetaError as refused:
        if refused.retryable:
            raise Unavailable(NO_META, code="meta_unreachable") from None
        numbers = f"{refused.code}/{refused.subcode}" if refused.subcode else str(refused.code)
        raise InvalidInput([Fault("token", f"is not accepted by Meta for this account ({numbers})")]) from None


def _account(meta: Meta, account_id: str, found: Inspection, token: Secret) -> Account:
    """The account; what is none is told by what it is instead."""
    if owns_account(account_id, found.waba_targets()):
        try:
            return meta.accounts.get(account_id, token)
        except MetaError as refused:
            if refused.retryable:
                raise Unavailable(NO_META, code="meta_unreachable") from None
    raise InvalidInput(
        [
            account_fault(
                found,
                account_id,
                is_number=_works(lambda: meta.numbers.get(account_id, token).display_phone_number),
                is_portfolio=_works(lambda: meta.system_users.list_of(account_id, token)),
            )
        ]
    )


def _works(ask: Callable[[], object]) -> bool:
    """Whether Meta answers a question that makes sense for one kind of thing only."""
    try:
        return ask() is not None
    except MetaError:
        return False


def _begin(
    session: Session,
    rt: Runtime,
    entry: Entry,
    account: Account,
    found: Inspection,
    token: Secret,
    calls: list[Call],
    *,
    actor: Actor,
    now: datetime,
) -> Entered:
    """One transaction: client, sealed token, onboarding, steps, and who did it."""
    for what in sorted({f"account {account.id}", f"portfolio {account.owner_business_id}"}):
        queue_up(session, what)
    name = (account.owner_business_name or account.name or f"Account {account.id}")[:200]
    client = hold_client(session, entry.client, business_id=account.owner_business_id, name=name, now=now)
    other = other_client_of(session, [account.id], client.id)
    if other is not None:
        raise Conflict(f"{other} has this account already. Choose that client.", code="account_held")
    event = EndEvent(
        kind=BY_HAND,
        waba_id=account.id,
        phone_number_id=entry.number_id,
        business_id=account.owner_business_id,
    )
    pays = entry.share_credit and bool(rt.settings.meta_credit_line_id)
    run = lay_down(session, client, way=WAY, event=event, on_our_credit=pays, now=now)
    rt.vault.seal(
        session,
        kind="business_token",
        client_id=client.id,
        subject=run.id,
        secret=token,
        facts={"entered_by": actor.kind},
        expires_at=found.expires_at,
        now=now,
    )
    ledger.note_calls(session, [StepCalls(run.id, "inspect", 0, calls, actor=actor.kind)])
    add_entry(
        session,
        actor,
        "onboarding.entered_by_hand",
        "onboarding",
        run.id,
        now=now,
        reference=run.reference,
        waba_id=account.id,
        number_id=entry.number_id,
    )
    return Entered(run.id, run.reference, client.name, token_warnings(found, now=now))
