"""What the doctor knows when it judges. Where something could not be learned, a `Trouble` stands in its place.

Nothing here is secret, so that all of it may be shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.meta.apps import App
from app.meta.businesses import Business
from app.meta.credit_lines import CreditLine
from app.meta.dialog import Refusal
from app.meta.oauth import Inspection
from app.meta.subscriptions import Subscription
from app.meta.system_users import SystemUser
from app.upkeep.doctor.fields import NeededField


@dataclass(frozen=True)
class Trouble:
    """Why something is not known.

    `silent`: no answer, none in time, or "come back later". `token`, `permission` and `refused` are answers of Meta's,
    with its code and subcode. `failed`: our own program failed at asking; the log says how.
    """

    kind: Literal["silent", "token", "permission", "refused", "failed"]
    code: int | None = None
    subcode: int | None = None


@dataclass(frozen=True)
class Ours:
    """What our settings say, without the secrets. `rehearsal`: somebody stands in for Meta on this machine."""

    app_id: str
    business_id: str
    system_user_id: str
    credit_line_id: str
    graph_version: str
    graph_url: str
    public_url: str
    callback_url: str
    host: str
    loopback: bool
    rehearsal: bool


@dataclass(frozen=True)
class Wire:
    """How the calls went: how many, how many of them without an answer, and what the answers' headers told.

    `ahead` is how many seconds this machine's clock is before Meta's, `served` the version Meta says it answered with.
    """

    asked: int
    silent: int
    fastest_ms: int
    ahead: float | None
    served: str | None


@dataclass(frozen=True)
class FromMeta:
    """Meta's answers. `secrets` has one entry for each of META_APP_SECRETS: None where Meta takes it.

    `popup` and `redirects` (by the address Meta would lead back to) are what the signup window refused at once.
    """

    wire: Wire
    secrets: tuple[Trouble | None, ...]
    app: App | Trouble
    subscriptions: tuple[Subscription, ...] | Trouble
    token: Inspection | Trouble
    proof_required: bool | Trouble
    business: Business | Trouble
    system_users: tuple[SystemUser, ...] | Trouble
    finance_permission: str | Trouble | None
    credit_lines: tuple[CreditLine, ...] | Trouble
    popup: Refusal | Trouble | None
    redirects: Mapping[str, Refusal | Trouble | None]


@dataclass(frozen=True)
class Door:
    """What came back when we called our own callback through PUBLIC_URL.

    `silent` with a reason, `status` with an HTTP status, `redirect` with where to; `another` answered, but is not this
    installation; `other_token`: it is, but runs with another META_VERIFY_TOKEN; `ours`.
    """

    kind: Literal["silent", "status", "redirect", "another", "other_token", "ours"]
    detail: str = ""


@dataclass(frozen=True)
class ClientToken:
    """The newest token a client's signup has brought, when it came and when it ends (None: never)."""

    came_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class ProvenRenewal:
    """The one real renewal somebody asked for: whose token, when, by which way it worked, what each way said."""

    at: datetime
    client_name: str
    worked_by: str | None
    said: str
    waits: bool
    new_end: datetime | None


@dataclass(frozen=True)
class Records:
    """What the database says of itself and of the processes that use it. `synced` is its own word for its care."""

    sqlite: bool
    synced: str
    revision: str | None
    head: str
    silent_roles: frozenset[str]
    led_until: datetime | None
    newest_token: ClientToken | None
    proven: ProvenRenewal | None = None


@dataclass(frozen=True)
class KeptKey:
    """One of CREDENTIAL_KEYS: who keeps it, in words; why that one does not give it out, empty if it does; the fix."""

    keeper: str
    why: str = ""
    fix: str = ""


@dataclass(frozen=True)
class FromHouse:
    """This installation. `disk_free` in bytes, None where the database is on a server.

    `mail` is None where no mail server is set, empty where it let us in, else why it did not. `channels` is how many
    places incidents are told at, and what is wrong with the other entries of ALERT_URLS.
    """

    door: Door
    records: Records | Trouble
    disk_free: int | None
    mail: str | None
    channels: tuple[int, tuple[str, ...]]
    keys: tuple[KeptKey, ...]


@dataclass(frozen=True)
class Facts:
    """Everything, read at about the same moment. `versions` is the table of Graph's versions with their last days."""

    ours: Ours
    meta: FromMeta
    house: FromHouse
    versions: Mapping[str, date | None]
    fields: tuple[NeededField, ...]
