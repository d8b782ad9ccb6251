"""Asking Meta about one account, with the fewest calls: three, and a fourth where our system user is an employee.

Which token for which call: the client's own for account, numbers, subscriptions and templates; ours for who is on the
account. Where a client has no token of its own (an account we were given by its portfolio) ours asks everything.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.errors import MetaBusy, MetaError, PermissionMissing, TokenDead
from app.meta.looks import AccountSeen
from app.meta.transport import Call
from app.onboarding.ledger.partner import Partner
from app.upkeep.check import readings, rules
from app.upkeep.check.facts import Source
from app.upkeep.check.held import Held
from app.upkeep.check.readings import Readings
from config import Settings


@dataclass
class Told:
    """What Meta said. `refused` are sources it will not tell (their facts are unknown), `failed` those to ask again."""

    readings: Readings = field(default_factory=dict)
    seen: AccountSeen | None = None
    refused: dict[Source, MetaError] = field(default_factory=dict)
    failed: dict[Source, MetaError] = field(default_factory=dict)
    wait: timedelta | None = None
    # The token that asks about the account is dead. Where only ours is, who is on it stays unknown, and no more.
    dead: TokenDead | None = None

    @property
    def trouble(self) -> str | None:
        """The first thing that went wrong, without a secret."""
        return next((f"{source}: {error}"[:200] for source, error in {**self.failed, **self.refused}.items()), None)


class Asking:
    """The calls about one account. `calls` fills as they are made."""

    def __init__(self, meta: Meta, settings: Settings, partner: Partner, held: Held) -> None:
        self.calls: list[Call] = []
        self.meta = meta.recording(self.calls.append)
        self._settings = settings
        self._partner = partner
        self._held = held
        self.token = held.token.secret if held.token is not None else self.system_token

    @property
    def system_token(self) -> Secret:
        """Our own token: who is on the account, and who pays for it."""
        return self._partner.token()

    def everything(self) -> Told:
        """All sources. Where Meta wants us to wait, or the account's hour is nearly used up, the rest is left out."""
        told = Told()
        for source in ("account", "apps", "templates", "users"):
            self.ask(source, told)
            if told.wait is not None or told.dead is not None:
                break
        return told

    def ask(self, source: Source, told: Told) -> None:
        """One source, into `told`."""
        try:
            told.readings |= self._read(source, told)
        except (TokenDead, PermissionMissing) as error:
            told.refused[source] = error
            if isinstance(error, TokenDead) and error.token is self.token:
                told.dead = error
        except MetaError as error:
            (told.failed if error.retryable else told.refused)[source] = error
            if isinstance(error, MetaBusy):
                told.wait = timedelta(seconds=error.retry_after or 0)
        used = self.calls[-1].used if self.calls else None
        if used is not None and used >= rules.MOST_USED and told.wait is None:
            told.wait = rules.USED_UP

    def _read(self, source: Source, told: Told) -> Readings:
        held = self._held
        match source:
            case "account":
                told.seen = self.meta.looks.account(held.waba_id, self.token)
                return readings.of_account(held, told.seen)
            case "apps":
                apps = self.meta.accounts.subscribed_apps(held.waba_id, self.token)
                return readings.of_apps(held, apps, app_id=self._settings.meta_app_id)
            case "templates":
                return readings.of_templates(held, self.meta.templates.list_of(held.waba_id, self.token))
            case _:
                return readings.of_users(held, on_it=self._is_on_it())

    def _is_on_it(self) -> bool:
        """An admin reaches every account that is shared with its portfolio; anybody else must be assigned."""
        if self._partner.role(self.meta) == "ADMIN":
            return True
        found = self.meta.system_users.assigned(
            self._held.waba_id, self.system_token, business_id=self._settings.meta_business_id
        )
        return any(user.id == self._settings.meta_system_user_id for user in found)
