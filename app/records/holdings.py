"""What we hold of one client: every table with rows of clients, and how they are found. In the order of erasing.

A table that refers to a client, directly or through another, and is missing here fails a test: nobody's data may be
forgotten because a table is new.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.credentials.models import Credential, TokenWatch
from app.incidents.models import Incident, IncidentChange
from app.mail.models import Mail
from app.messaging.models import Message
from app.numbers.models import Account, AccountEvent, Number
from app.onboarding.models import (
    Act,
    ConnectSession,
    Consent,
    Link,
    Onboarding,
    Proof,
    Signup,
    Step,
    StepCall,
    Sync,
    UnclaimedAccount,
)
from app.records.models import PrivacyRequest
from app.upkeep.alerts.models import Notice
from app.upkeep.check.models import AccountCheck, Fact
from app.upkeep.tokens.models import TokenRenewal, TokenWarning


@dataclass(frozen=True)
class Owned:
    """The keys by which a client's rows are found. `wabas` and `phones` are those that no other client has."""

    client_id: str
    links: tuple[str, ...]
    onboardings: tuple[str, ...]
    accounts: tuple[str, ...]
    incidents: tuple[str, ...]
    wabas: tuple[str, ...]
    phones: tuple[str, ...]


@dataclass(frozen=True)
class Holding:
    """One table. `mine` finds a client's rows; `secret` columns are never handed out."""

    table: Any
    mine: Callable[[Owned], Any]
    secret: frozenset[str] = frozenset()


def _of(column: Any, ids: str) -> Callable[[Owned], Any]:
    return lambda owned: column.in_(getattr(owned, ids))


def _by_client(table: Any) -> Callable[[Owned], Any]:
    return lambda owned: table.client_id == owned.client_id


def _renewals(owned: Owned) -> Any:
    return TokenRenewal.watch_id.in_(select(TokenWatch.id).where(TokenWatch.client_id == owned.client_id))


HOLDINGS: Final = (
    Holding(TokenWarning, _by_client(TokenWarning)),
    Holding(TokenRenewal, _renewals),
    Holding(TokenWatch, _by_client(TokenWatch)),
    Holding(AccountCheck, _of(AccountCheck.account_id, "accounts")),
    Holding(Fact, _of(Fact.account_id, "accounts")),
    Holding(Notice, _of(Notice.incident_id, "incidents")),
    Holding(IncidentChange, _of(IncidentChange.incident_id, "incidents")),
    Holding(Incident, _by_client(Incident)),
    Holding(Mail, _by_client(Mail)),
    Holding(Message, lambda o: or_(Message.onboarding_id.in_(o.onboardings), Message.phone_number_id.in_(o.phones))),
    Holding(Sync, _of(Sync.onboarding_id, "onboardings")),
    Holding(Proof, _of(Proof.onboarding_id, "onboardings")),
    Holding(Act, _of(Act.onboarding_id, "onboardings")),
    Holding(StepCall, _of(StepCall.onboarding_id, "onboardings")),
    Holding(Step, _of(Step.onboarding_id, "onboardings")),
    Holding(UnclaimedAccount, _of(UnclaimedAccount.onboarding_id, "onboardings")),
    Holding(Onboarding, _by_client(Onboarding)),
    Holding(Consent, _by_client(Consent)),
    Holding(Signup, _of(Signup.link_id, "links"), frozenset({"state_hash", "browser_key"})),
    Holding(ConnectSession, _of(ConnectSession.link_id, "links"), frozenset({"secret_hash"})),
    Holding(Link, _by_client(Link), frozenset({"token_hash"})),
    Holding(Number, _of(Number.account_id, "accounts")),
    Holding(AccountEvent, _of(AccountEvent.waba_id, "wabas")),
    Holding(Account, _by_client(Account)),
    Holding(Credential, _by_client(Credential), frozenset({"sealed_secret", "sealed_data_key", "fingerprint"})),
    Holding(PrivacyRequest, _by_client(PrivacyRequest)),
    Holding(Client, lambda owned: Client.id == owned.client_id),
)
# What a table's rows are to people.
CALLED: Final = {
    "token_warnings": "warnings that a token ends",
    "token_renewals": "tries to renew a token",
    "token_watches": "watches over tokens",
    "account_checks": "daily checks",
    "facts": "facts compared with Meta",
    "notices": "notices of incidents",
    "incident_changes": "changes of incidents",
    "incidents": "incidents",
    "mails": "letters",
    "messages": "test messages",
    "syncs": "syncs of a phone app",
    "proofs": "proofs of onboardings",
    "acts": "acts at Meta",
    "step_calls": "calls to Meta",
    "steps": "steps of onboardings",
    "unclaimed_accounts": "accounts told of by Meta",
    "onboardings": "onboardings",
    "consents": "consents",
    "signups": "openings of Meta’s window",
    "connect_sessions": "browsers that opened a link",
    "links": "links",
    "numbers": "numbers",
    "account_events": "events of accounts",
    "accounts": "accounts",
    "credentials": "sealed tokens and PINs",
    "privacy_requests": "requests about data",
    "clients": "client and contact",
}
# Rows that stay: the proof that a request about the client was met.
KEPT: Final = frozenset({PrivacyRequest.__tablename__})


def owned_by(session: Session, client_id: str) -> Owned:
    """The keys of everything a client has."""
    wabas = _all(session, select(Account.waba_id).where(Account.client_id == client_id))
    accounts = _all(session, select(Account.id).where(Account.client_id == client_id))
    phones = _all(session, select(Number.phone_number_id).where(Number.account_id.in_(accounts)))
    others_accounts = select(Account.waba_id).where(Account.waba_id.in_(wabas), Account.client_id != client_id)
    others_numbers = select(Number.phone_number_id).where(
        Number.phone_number_id.in_(phones), Number.account_id.not_in(accounts)
    )
    elsewhere, theirs = set(_all(session, others_accounts)), set(_all(session, others_numbers))
    return Owned(
        client_id=client_id,
        links=_all(session, select(Link.id).where(Link.client_id == client_id)),
        onboardings=_all(session, select(Onboarding.id).where(Onboarding.client_id == client_id)),
        accounts=accounts,
        incidents=_all(session, select(Incident.id).where(Incident.client_id == client_id)),
        wabas=tuple(waba for waba in wabas if waba not in elsewhere),
        phones=tuple(phone for phone in phones if phone not in theirs),
    )


def _all(session: Session, found: Select[Any]) -> tuple[str, ...]:
    return tuple(session.scalars(found).all())
