"""The last examination somebody asked for, kept in the ledger: every process shows the same, also after a restart."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry, find_newest
from app.upkeep.doctor.report import Report, kept, read_kept

SUBJECT = ("setup", "meta")
ACTION = "setup.checked"


@dataclass(frozen=True)
class Last:
    """A kept report and who asked for it."""

    report: Report
    actor: Actor


def keep(session: Session, report: Report, actor: Actor) -> None:
    """Keep the report as the last one, in the caller's transaction."""
    add_entry(session, actor, ACTION, *SUBJECT, now=report.at, findings=kept(report))


def find_last(session: Session) -> Last | None:
    """The last report, or None before anybody has asked."""
    entry = find_newest(session, *SUBJECT, ACTION)
    if entry is None:
        return None
    return Last(read_kept(entry.facts["findings"], entry.at), Actor(entry.actor_kind, entry.actor_id))
