"""What an alert says: one incident's change, as a short text and as the facts of a letter."""

from dataclasses import dataclass
from typing import Any, Final

from app.incidents.kinds import KINDS
from app.incidents.models import Incident, IncidentChange

SAID: Final = {"opened": "New", "worse": "Worse", "better": "Better", "stage": "Still open", "closed": "Over"}


@dataclass(frozen=True)
class Alert:
    """A change in words: `tone` is Apprise's word for it, `facts` fill the letter "incident"."""

    title: str
    body: str
    tone: str
    facts: dict[str, Any]


def alert_of(incident: Incident, change: IncidentChange, *, public_url: str) -> Alert:
    """The words for one change. Nothing in them is secret; the incident's page asks for signing in."""
    kind = KINDS[incident.kind]
    is_open = change.what != "closed"
    page = f"{public_url}/console/incidents/{incident.id}"
    said = SAID[change.what]
    facts = {
        "said": said,
        "title": kind.title,
        "label": incident.label,
        "reasons": list(change.reasons),
        "open": is_open,
        "means": kind.means,
        "do": kind.do,
        "severity": change.severity,
        "opened_at": incident.opened_at.isoformat(),
        "closed_at": None if is_open or incident.closed_at is None else incident.closed_at.isoformat(),
        "page": page,
    }
    lines = [*change.reasons, *([kind.means, kind.do] if is_open else [incident.closed_because or ""]), page]
    return Alert(
        title=f"{said}: {kind.title} ({incident.label})",
        body="\n".join(line for line in lines if line),
        tone=_tone(change),
        facts=facts,
    )


def _tone(change: IncidentChange) -> str:
    if change.what in {"closed", "better"}:
        return "success" if change.what == "closed" else "info"
    return {"notice": "info", "warning": "warning"}.get(change.severity, "failure")
