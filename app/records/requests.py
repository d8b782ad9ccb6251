"""Meta's two privacy callbacks, and what staff do about a request. Meta's page: "Data Deletion Request Callback".

Of the person who signed a client up Meta tells an app-scoped id, which we hold nowhere: tokens are those of system
users, and clients are businesses. What we do hold of a person are the contact of a client and the consent it gave, and
which client that was only a person can find out. So a deletion stays open for staff, with thirty days' time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.keys import list_keys
from app.access.staff import list_staff
from app.audit.models import AuditEntry
from app.audit.store import SYSTEM, Actor, add_entry
from app.clients.models import Client
from app.incidents.book import Problem, Subject, report, resolve
from app.kit.digests import digest
from app.kit.errors import Conflict, Fault, InvalidInput, NotFound
from app.kit.ids import new_id, readable
from app.records.models import PrivacyRequest

Asked = Literal["deletion", "deauthorize"]
WITHIN: Final = timedelta(days=30)
INCIDENT: Final = "privacy_request"
NOT_THERE: Final = "There is no such request."
LONGEST_REASON: Final = 500
SETTLED: Final = "privacy.settled"
MOST: Final = 200


@dataclass(frozen=True)
class RequestView:
    """One request as its asker and staff see it; see `PrivacyRequest`.

    `client_name` is None where no client is known, and where it was erased. `by` is who asked, `settled_by` who
    answered; `rows` counts what was handed out or erased, by table. Names are read for staff only (`read_request`).
    """

    code: str
    kind: str
    client_id: str | None
    asked_at: datetime
    due_by: datetime | None
    state: str
    reason: str | None
    settled_at: datetime | None
    client_name: str | None = None
    by: str = ""
    settled_by: str | None = None
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.state == "open"


def receive(session: Session, kind: Asked, *, user_id: str, issued_at: datetime, now: datetime) -> RequestView:
    """Keep what Meta tells. The same person asking again while a request is open gets the same one.

    A deauthorisation asks nothing of us: what it ends for a client is told by `account_update` and by the token itself.
    It is kept as heard.
    """
    person = digest(user_id)
    rows = select(PrivacyRequest).where(
        PrivacyRequest.person == person, PrivacyRequest.kind == kind, PrivacyRequest.state == "open"
    )
    row = session.scalars(rows.with_for_update()).first()
    if row is None:
        is_deletion = kind == "deletion"
        row = PrivacyRequest(
            id=new_id(), code=readable(16), kind=kind, person=person, asked_at=now, actor="meta",
            due_by=now + WITHIN if is_deletion else None, state="open" if is_deletion else "done",
            settled_at=None if is_deletion else now, facts={"issued_at": issued_at.isoformat()},
        )  # fmt: skip
        session.add(row)
        session.flush()
        add_entry(session, SYSTEM, f"privacy.{kind}", "privacy_request", row.id, now=now)
    if row.state == "open":
        until = f"{row.asked_at + WITHIN:%Y-%m-%d}"
        said = f"Request {row.code}: a person who signed up asks for data to be deleted, by {until}."
        report(session, _subject(row), Problem(INCIDENT, [said]), now=now)
    return _view(row)


def find_request(session: Session, code: str) -> RequestView | None:
    """What became of a request, for whoever has its code."""
    row = session.scalars(select(PrivacyRequest).where(PrivacyRequest.code == code)).one_or_none()
    return None if row is None else _view(row)


def list_requests(session: Session, *, only_open: bool = False, most: int = MOST) -> Sequence[RequestView]:
    """The newest first, with the names that staff read."""
    rows = select(PrivacyRequest).order_by(PrivacyRequest.id.desc()).limit(most)
    if only_open:
        rows = rows.where(PrivacyRequest.state == "open")
    return _named(session, session.scalars(rows).all())


def count_open(session: Session) -> int:
    """How many wait for an answer, for the side bar of every page."""
    return session.scalar(select(func.count()).select_from(PrivacyRequest).where(PrivacyRequest.state == "open")) or 0


def read_request(session: Session, code: str) -> RequestView:
    """One with the names that staff read. Raises `NotFound`."""
    row = session.scalars(select(PrivacyRequest).where(PrivacyRequest.code == code)).one_or_none()
    if row is None:
        raise NotFound(NOT_THERE)
    return _named(session, [row])[0]


def match_request(session: Session, code: str, client_id: str, *, actor: Actor, now: datetime) -> RequestView:
    """Say which client an open request is about; saying it anew corrects it. Raises `NotFound`, `Conflict`."""
    row = _held_open(session, code)
    if session.get(Client, client_id) is None:
        raise NotFound("There is no such client.")
    if row.client_id != client_id:
        row.client_id = client_id
        add_entry(session, actor, "privacy.matched", INCIDENT, row.id, now=now, client_id=client_id)
    session.flush()
    return _view(row)


def settle_request(
    session: Session, code: str, *, refused: bool, reason: str, actor: Actor, now: datetime
) -> RequestView:
    """Say what was done, or why it was not; the person reads it. Raises `NotFound`, `Conflict`, `InvalidInput`."""
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        rule = f"must say in up to {LONGEST_REASON} characters what was done or why not; the person reads it"
        raise InvalidInput([Fault("reason", rule)])
    row = _held_open(session, code)
    row.state, row.reason, row.settled_at = ("refused" if refused else "done"), reason, now
    add_entry(session, actor, SETTLED, INCIDENT, row.id, now=now, state=row.state)
    resolve(session, INCIDENT, _subject(row), because=f"The request was {'refused' if refused else 'met'}.", now=now)
    return _view(row)


def _held_open(session: Session, code: str) -> PrivacyRequest:
    row = session.scalars(select(PrivacyRequest).where(PrivacyRequest.code == code).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(NOT_THERE)
    if row.state != "open":
        raise Conflict("This request is settled already.", code="settled")
    return row


def _named(session: Session, rows: Sequence[PrivacyRequest]) -> list[RequestView]:
    ids = {row.client_id for row in rows if row.client_id is not None}
    found = session.execute(select(Client.id, Client.name).where(Client.id.in_(ids))) if ids else ()
    clients: dict[str, str] = {key: name for key, name in found}  # noqa: C416 - rows are no pairs to the type checker
    people = _people(session) if rows else {}
    answers = session.scalars(
        select(AuditEntry).where(
            AuditEntry.subject_kind == INCIDENT,
            AuditEntry.subject_id.in_([row.id for row in rows]),
            AuditEntry.action == SETTLED,
        )
    )
    settled = {one.subject_id: _name(people, one.actor_kind, one.actor_id) for one in answers}
    return [
        replace(
            _view(row),
            client_name=clients.get(row.client_id or ""),
            by=_name(people, *row.actor.partition(":")[::2]),
            settled_by=settled.get(row.id),
            rows=dict(row.facts.get("rows", {})),
        )
        for row in rows
    ]


def _people(session: Session) -> dict[str, str]:
    return {one.id: one.name for one in list_staff(session)} | {key.id: key.name for key in list_keys(session)}


def _name(people: Mapping[str, str], kind: str, key: str | None) -> str:
    """An actor in words: the command line knows nobody's name."""
    if kind == "meta":
        return "Meta"
    return people.get(key or "", "the command line" if kind == SYSTEM.kind else "somebody")


def _subject(row: PrivacyRequest) -> Subject:
    return Subject("privacy_request", row.id, f"Request {row.code}")


def _view(row: PrivacyRequest) -> RequestView:
    return RequestView(
        code=row.code,
        kind=row.kind,
        client_id=row.client_id,
        asked_at=row.asked_at,
        due_by=row.due_by,
        state=row.state,
        reason=row.reason,
        settled_at=row.settled_at,
    )
