"""What every entry point is handed: settings and the real parts, chosen once in `app/build.py`.

Seams, no choices: tests replace a field (`dataclasses.replace(rt, meta=...)`) instead of mocking functions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.credentials.vault import Vault
from app.db import Database
from app.meta.client import Meta
from config import Settings


class Wakes(Protocol):
    """Carries "there is work on this stream" to the workers. What it loses, the workers' own look finds."""

    def ring(self, stream: str) -> None:
        """Wake a worker for a stream (`onboardings`, `notifications`); never raises, never waits."""
        ...


@dataclass(frozen=True)
class Runtime:
    """The running parts. `close` lets go of pools and files."""

    settings: Settings
    db: Database
    meta: Meta
    vault: Vault
    wakes: Wakes
    close: Callable[[], None]
