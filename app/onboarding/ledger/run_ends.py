"""Runs that end before their time: a newer one counts ("replaced"), or what they brought was taken away ("removed")."""

from datetime import datetime
from typing import Final

from app.onboarding.models import Onboarding

REPLACED: Final = "replaced"
REMOVED: Final = "removed"


def end_run(run: Onboarding, because: str, *, now: datetime, by: str | None = None) -> None:
    """End a run whose row is locked. Whoever walks it loses its lease, and acts no more."""
    run.ended_at, run.ended_because, run.replaced_by_id = now, because, by
    run.due_at = run.leased_until = run.leased_by = None
