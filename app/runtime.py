"""What every entry point is handed: settings and the real parts, chosen once in `app/build.py`.

Seams, no choices: tests replace a field (`dataclasses.replace(rt, meta=...)`) instead of mocking functions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from app.credentials.partner import PartnerTokens
from app.credentials.vault import OpenCredential, Vault
from app.db import Database
from app.kit.secret import Secret
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
    partner: PartnerTokens = field(default_factory=PartnerTokens)

    def partner_credential(self) -> OpenCredential:
        """Our own token with the row it came from. Call it with no transaction open: it may have to ask Meta."""
        seed = Secret(self.settings.meta_system_token.get_secret_value())
        app_id = self.settings.meta_app_id
        return self.partner.current(self.db, self.vault, seed, inspect=self.meta.oauth.inspect, app_id=app_id)

    def partner_token(self) -> Secret:
        """Our own token: it pays (credit, system users) and sees what is shared with us."""
        return self.partner_credential().secret
