"""What was told to whom of one incident, for its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mail.models import Mail
from app.upkeep.alerts.models import Notice


@dataclass(frozen=True)
class Told:
    """One channel's notice of one change: `state` is told, waiting or given_up; `trouble` says why it was not."""

    label: str
    state: str
    at: datetime
    trouble: str | None


def list_told(session: Session, incident_id: str) -> Mapping[str, list[Told]]:
    """By change. A notice that went by mail is told when the mail server has taken it."""
    found: dict[str, list[Told]] = {}
    rows = session.execute(
        select(Notice, Mail)
        .outerjoin(Mail, Mail.once == "notice:" + Notice.id)
        .where(Notice.incident_id == incident_id)
        .order_by(Notice.made_at, Notice.label)
    )
    for notice, mail in rows:
        found.setdefault(notice.change_id, []).append(_told(notice, mail))
    return found


def _told(notice: Notice, mail: Mail | None) -> Told:
    last: Notice | Mail = notice if mail is None else mail
    told_at = notice.told_at if mail is None else mail.sent_at
    if told_at is not None:
        return Told(notice.label, "told", told_at, None)
    if last.given_up_at is not None:
        return Told(notice.label, "given_up", last.given_up_at, last.trouble)
    return Told(notice.label, "waiting", notice.made_at, last.trouble)
