"""One look at a whole account: itself, its health and all its numbers, in one call.

Meta's pages: "WhatsApp Business Account" (node), "Business phone numbers", "Health status". Graph lets an edge stand
among the fields, so a daily look at an account costs one call instead of one for each number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.kit.secret import Secret
from app.meta import accounts, numbers
from app.meta.accounts import Account, read_account
from app.meta.numbers import Number, read_number
from app.meta.replies import every, flag, part, parts, promised, text
from app.meta.transport import Graph

LIMIT = "whatsapp_business_manager_messaging_limit"
LIMIT_SINCE = 24  # the version of Graph that knows the limit of a portfolio
NUMBER_FIELDS = f"{numbers.FIELDS},is_pin_enabled,health_status"
MOST_NUMBERS = 100


@dataclass(frozen=True)
class Entity:
    """What may or may not send: `kind` is `PHONE_NUMBER`, `WABA`, `BUSINESS` or `APP`; `errors` are Meta's codes."""

    kind: str
    id: str | None
    can_send: str | None
    errors: tuple[int, ...]
    says: tuple[str, ...]


@dataclass(frozen=True)
class NumberSeen:
    """A number with what only a look at the whole asks for. None where Meta said nothing."""

    number: Number
    is_pin_enabled: bool | None
    health: tuple[Entity, ...] | None


@dataclass(frozen=True)
class AccountSeen:
    """`limit` is how many people the portfolio may write to in a day (`TIER_2K`); None where this version is silent."""

    account: Account
    status: str | None
    limit: str | None
    health: tuple[Entity, ...] | None
    numbers: tuple[NumberSeen, ...]


@dataclass(frozen=True)
class Looks:
    """Calls that see much at once."""

    graph: Graph

    def account(self, waba_id: str, token: Secret) -> AccountSeen:
        """`GET /{account}` with its numbers inside. `PermissionMissing` (100/33) where the token does not see it."""
        limit = [LIMIT] if int(self.graph.version[1:].partition(".")[0]) >= LIMIT_SINCE else []
        inner = f"phone_numbers.limit({MOST_NUMBERS}){{{NUMBER_FIELDS}}}"
        fields = ",".join([accounts.FIELDS, "status", *limit, "health_status", inner])
        reply = self.graph.call("GET", f"/{waba_id}", token=token, params={"fields": fields})
        # An account without numbers leaves the edge out; one with more than a page is asked for them by themselves.
        rows: list[Mapping[str, Any]] = parts(part(reply, "phone_numbers"), "data")
        if "next" in part(part(reply, "phone_numbers"), "paging"):
            rows = list(every(self.graph, f"/{waba_id}/phone_numbers", token=token, params={"fields": NUMBER_FIELDS}))
        return AccountSeen(
            account=read_account(reply),
            status=text(reply, "status"),
            limit=text(reply, LIMIT),
            health=_health(reply),
            numbers=tuple(NumberSeen(read_number(row), flag(row, "is_pin_enabled"), _health(row)) for row in rows),
        )


def _health(row: Mapping[str, Any]) -> tuple[Entity, ...] | None:
    health = part(row, "health_status")
    if not health:
        return None
    return tuple(
        Entity(
            kind=promised(entity, "entity_type"),
            id=text(entity, "id"),
            can_send=text(entity, "can_send_message"),
            errors=tuple(code for error in parts(entity, "errors") if isinstance(code := error.get("error_code"), int)),
            says=tuple(said for error in parts(entity, "errors") if (said := text(error, "error_description"))),
        )
        for entity in parts(health, "entities")
    )
