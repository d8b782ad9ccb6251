"""The partner's people: add, find, list, disable, give a new password."""

from collections.abc import Sequence
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Staff
from app.access.passwords import hash_password
from app.access.rules import password_faults
from app.access.sessions import revoke_all
from app.audit.store import SYSTEM, Actor, add_entry
from app.kit.errors import Conflict, Fault, InvalidInput, NotFound
from app.kit.secret import Secret

LONGEST_NAME = 200


def add_staff(
    session: Session, email: str, name: str, password: Secret, now: datetime, *, actor: Actor = SYSTEM
) -> Staff:
    """Add somebody who may sign in. `InvalidInput` names each broken rule, `Conflict` an e-mail that is taken."""
    name = " ".join(name.split())
    address, faults = _read_email(email)
    if not name or len(name) > LONGEST_NAME:
        faults.append(Fault("name", f"needs 1 to {LONGEST_NAME} characters"))
    faults.extend(password_faults(password.reveal(), email=address, name=name))
    if faults:
        raise InvalidInput(faults)
    if find_by_email(session, address) is not None:
        raise Conflict("Somebody with this e-mail address is on the staff already.")
    staff = Staff(email=address, name=name, password_hash=hash_password(password), created_at=now)
    session.add(staff)
    session.flush()  # the ledger below needs the key
    add_entry(session, actor, "staff.added", "staff", staff.id, now=now)
    return staff


def find_by_email(session: Session, email: str) -> Staff | None:
    return session.scalars(select(Staff).where(Staff.email == _folded(email))).one_or_none()


def get_by_email(session: Session, email: str) -> Staff:
    staff = find_by_email(session, email)
    if staff is None:
        raise NotFound("Nobody on the staff has this e-mail address.")
    return staff


def list_staff(session: Session) -> Sequence[Staff]:
    """Everybody, disabled people too, by e-mail."""
    return session.scalars(select(Staff).order_by(Staff.email)).all()


def set_password(session: Session, staff: Staff, password: Secret, now: datetime, *, actor: Actor = SYSTEM) -> None:
    """Give a new password and sign the person out everywhere, wherever the old one was used."""
    if faults := password_faults(password.reveal(), email=staff.email, name=staff.name):
        raise InvalidInput(faults)
    staff.password_hash = hash_password(password)
    revoke_all(session, staff.id, now=now)
    add_entry(session, actor, "staff.password_set", "staff", staff.id, now=now)


def disable_staff(session: Session, staff: Staff, now: datetime, *, actor: Actor = SYSTEM) -> None:
    """End somebody's access at once, open pages included. Repeating it changes nothing."""
    if staff.disabled_at is not None:
        return
    staff.disabled_at = now
    revoke_all(session, staff.id, now=now)
    add_entry(session, actor, "staff.disabled", "staff", staff.id, now=now)


def _folded(email: str) -> str:
    return email.strip().casefold()


def _read_email(email: str) -> tuple[str, list[Fault]]:
    try:
        return _folded(validate_email(email.strip(), check_deliverability=False).normalized), []
    except EmailNotValidError:
        return _folded(email), [Fault("email", "is not an e-mail address")]
