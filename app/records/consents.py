"""What a client agreed to, each consent with the wording that was shown: for a printed record, a command, and exports.

The wording is not in the row: a version never changes, so `app/onboarding/window/terms.toml` says it for ever. To whom
the consent was given, and the address of terms that are the partner's own, stand in the audit of that very click.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.keys import list_keys
from app.access.staff import list_staff
from app.audit.models import AuditEntry
from app.clients.models import Client
from app.kit.errors import NotFound
from app.onboarding.models import Consent, Link, Onboarding, Signup
from app.onboarding.window.signups import OPENED
from app.onboarding.window.terms import read_terms
from app.records.models import PrivacyRequest

NO_CLIENT: Final = "There is no such client."
_ZONE = re.compile(r"UTC([+-])(\d\d):(\d\d)")


@dataclass(frozen=True)
class ConsentRecord:
    """One consent. `local_at` is the same moment in the client's own zone, None where its link named none.

    `partner` is empty, and `terms_url` unknown, for what was given before they were kept. `references` name the
    onboardings that came of it; none did where Meta's window was left.
    """

    id: str
    at: datetime
    local_at: datetime | None
    terms_version: str
    language: str | None
    partner: str
    accepts: str
    clauses: tuple[str, ...]
    terms_url: str | None
    scopes: tuple[str, ...]
    address: str | None
    user_agent: str | None
    link_id: str
    link_made_at: datetime
    link_made_by: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class ClientConsents:
    """A client with its consents, oldest first; with `erased_at` it was erased then, by the record of this code."""

    client_id: str
    client_name: str | None
    external_ref: str | None
    consents: tuple[ConsentRecord, ...]
    erased_at: datetime | None = None
    erased_code: str | None = None


def read_consents(session: Session, client_id: str, *, partner: str, reference: str | None = None) -> ClientConsents:
    """All consents of a client, or with `reference` those an onboarding came of. Raises `NotFound`.

    `partner` is our name now, for consents that do not say to whom they were given.
    """
    client = session.get(Client, client_id)
    if client is None:
        return _erased(session, client_id)
    rows = session.execute(
        select(Consent, Link, Signup.onboarding_id)
        .join(Link, Link.id == Consent.link_id)
        .outerjoin(Signup, Signup.id == Consent.signup_id)
        .where(Consent.client_id == client_id)
        .order_by(Consent.at, Consent.id)
    ).all()
    runs = session.scalars(select(Onboarding).where(Onboarding.client_id == client_id).order_by(Onboarding.id)).all()
    audits = _audits(session, [link.id for _, link, _ in rows])
    people = _people(session)
    records = []
    for consent, link, lead_id in rows:
        came = tuple(run.reference for run in runs if lead_id is not None and lead_id in {run.id, run.lead_id})
        if reference is None or reference in came:
            records.append(_record(consent, link, came, audits, people, partner))
    return ClientConsents(client.id, client.name, client.external_ref, tuple(records))


def plain(consents: ClientConsents) -> dict[str, Any]:
    """The same as JSON can say it."""
    return {name: _plain(value) for name, value in asdict(consents).items()}


def _record(
    consent: Consent,
    link: Link,
    came: tuple[str, ...],
    audits: Mapping[str, Sequence[AuditEntry]],
    people: Mapping[str, str],
    partner: str,
) -> ConsentRecord:
    entries = audits.get(link.id, ())
    shown = next(
        (one.facts for one in entries if one.action == OPENED and one.facts.get("signup") == consent.signup_id), {}
    )
    terms = read_terms(consent.terms_version, consent.language, partner=str(shown.get("partner") or partner))
    return ConsentRecord(
        id=consent.id,
        at=consent.at,
        local_at=_local(consent.at, link),
        terms_version=consent.terms_version,
        language=consent.language,
        partner=str(shown.get("partner") or ""),
        accepts=terms.accepts,
        clauses=terms.clauses,
        terms_url=shown.get("terms_url"),
        scopes=tuple(consent.scopes),
        address=consent.address,
        user_agent=consent.user_agent,
        link_id=link.id,
        link_made_at=link.created_at,
        link_made_by=_maker(entries, people),
        references=came,
    )


def _erased(session: Session, client_id: str) -> ClientConsents:
    row = session.scalars(
        select(PrivacyRequest)
        .where(PrivacyRequest.client_id == client_id, PrivacyRequest.kind == "erasure")
        .order_by(PrivacyRequest.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound(NO_CLIENT)
    return ClientConsents(client_id, None, None, (), row.settled_at, row.code)


def _audits(session: Session, link_ids: Sequence[str]) -> dict[str, list[AuditEntry]]:
    found: dict[str, list[AuditEntry]] = {}
    for entry in session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == "link",
            AuditEntry.subject_id.in_(link_ids),
            AuditEntry.action.in_([OPENED, "link.created"]),
        )
        .order_by(AuditEntry.at, AuditEntry.id)
    ):
        found.setdefault(entry.subject_id, []).append(entry)
    return found


def _people(session: Session) -> dict[str, str]:
    return {one.id: one.name for one in list_staff(session)} | {key.id: key.name for key in list_keys(session)}


def _maker(entries: Sequence[AuditEntry], people: Mapping[str, str]) -> str:
    made = next((one for one in entries if one.action == "link.created"), None)
    if made is None:
        return "not known"
    return people.get(made.actor_id or "", "the house itself" if made.actor_kind == "system" else "somebody")


def _local(at: datetime, link: Link) -> datetime | None:
    """The moment in the zone that the link fills into Meta's window for the client's business."""
    business = link.prefill.get("business")
    named = _ZONE.fullmatch(str(business.get("timezone"))) if isinstance(business, dict) else None
    if named is None:
        return None
    offset = timedelta(hours=int(named[2]), minutes=int(named[3]))
    return at.astimezone(timezone(offset if named[1] == "+" else -offset))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value
