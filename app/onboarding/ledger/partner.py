"""What Meta says of the partner itself, remembered for a while: it changes rarely and every onboarding asks."""

import threading
from datetime import timedelta

from app.kit import clock
from app.kit.secret import Secret
from app.meta.client import Meta
from app.runtime import Runtime

REMEMBER = timedelta(minutes=10)


class Partner:
    """One per process. Safe to share between threads."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._lock = threading.Lock()
        self._role: str | None = None
        self._until = 0.0

    def token(self) -> Secret:
        """Our own token as it is in use now, which may be newer than the setting. No transaction may be open."""
        return self._rt.partner_token()

    def role(self, meta: Meta) -> str:
        """The role of our system user (`ADMIN`, `EMPLOYEE`, …); `EMPLOYEE` when Meta does not list it.

        The weaker role is the safe guess: it is assigned to the account first, which an admin could do without.
        """
        with self._lock:
            if self._role is not None and clock.monotonic() < self._until:
                return self._role
        settings = self._rt.settings
        users = meta.system_users.list_of(settings.meta_business_id, self.token())
        role = next((user.role for user in users if user.id == settings.meta_system_user_id), None) or "EMPLOYEE"
        with self._lock:
            self._role, self._until = role, clock.monotonic() + REMEMBER.total_seconds()
        return role
