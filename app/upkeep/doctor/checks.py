"""Which checks there are, in the order they are judged, and what must be in order before each can say anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.upkeep.doctor.facts import Facts
from app.upkeep.doctor.rules import app, house, notifications, partner, signup
from app.upkeep.doctor.verdicts import Verdict

Rule = Callable[[Facts, datetime], Verdict]


@dataclass(frozen=True)
class Check:
    """One check; `id` is its table in `findings/`. Of what it `needs`, nothing may be broken or unchecked."""

    rule: Rule
    needs: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.rule.__name__


CHECKS: Final = (
    Check(app.meta_answers),
    Check(app.app_secret, ("meta_answers",)),
    Check(app.older_secrets, ("app_secret",)),
    Check(app.app_mode, ("app_secret",)),
    Check(app.graph_version),
    Check(partner.system_token, ("app_secret",)),
    Check(partner.token_scopes, ("system_token",)),
    Check(partner.token_life, ("system_token",)),
    Check(app.app_proof, ("system_token",)),
    Check(partner.business, ("token_scopes",)),
    Check(partner.system_user, ("business",)),
    Check(partner.finance_role, ("system_user",)),
    Check(partner.credit_line, ("finance_role",)),
    Check(signup.signup_config, ("app_secret",)),
    Check(signup.app_domains, ("app_secret",)),
    Check(signup.sdk_domain, ("signup_config",)),
    Check(signup.redirect_addresses, ("signup_config",)),
    Check(notifications.public_address),
    Check(notifications.verify_token, ("public_address",)),
    Check(notifications.callback, ("app_secret",)),
    Check(notifications.account_update, ("callback",)),
    Check(notifications.webhook_fields, ("callback",)),
    Check(house.database),
    Check(house.migrations, ("database",)),
    Check(house.durable, ("database",)),
    Check(house.disk),
    Check(house.credential_keys),
    Check(house.mail),
    Check(house.alert_channels),
    Check(house.worker, ("migrations",)),
    Check(house.clock_process, ("migrations",)),
    Check(house.clock_time, ("meta_answers",)),
    Check(signup.client_tokens, ("migrations",)),
)
