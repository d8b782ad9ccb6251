"""What can exist in the world. Plain records; what may happen to them is in the rooms beside this one.

Times are unix seconds of the world's clock. Ids are opaque digit strings. ``repr`` of a record never shows a secret.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class TokenKind(StrEnum):
    """Whose token it is; decides which calls accept it (``sandbox/graph/token_kinds.py``)."""

    APP = "app"
    SYSTEM = "system"
    BUSINESS = "business"


@dataclass(slots=True)
class App:
    """The partner's Meta app, with what its dashboard holds.

    ``app_domains`` are the hosts of its basic settings; ``domains`` those that may load the JavaScript SDK.
    """

    id: str
    name: str
    business_id: str
    secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    callback_url: str | None = None
    fields: tuple[str, ...] = ()
    app_domains: tuple[str, ...] = ()
    privacy_policy_url: str | None = None
    terms_of_service_url: str | None = None
    category: str | None = None
    domains: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    require_proof: bool = True
    live: bool = True
    """In development mode (False) an app is for people with a role on it alone, and hears no webhooks."""
    weekly_limit: int | None = None
    """How many new customers may come aboard in seven days: 10 or 200 at Meta, None counts nobody."""
    extends_tokens: bool = True
    """Whether ``fb_exchange_token`` gives another token; Meta's pages promise it for system users' tokens only."""
    fetch_gives: str = "same"
    """What ``fetch_only`` gives while a customer's token lives: the ``same``, a ``fresh`` one, or ``nothing``."""


@dataclass(slots=True)
class SignupConfig:
    """A Facebook Login for Business configuration. ``token_ttl_s`` None means that its tokens never expire."""

    id: str
    app_id: str
    name: str
    token_ttl_s: int | None
    scopes: tuple[str, ...]
    removed: bool = False


@dataclass(slots=True)
class Business:
    """A business portfolio. ``verification`` is Meta's word for it where ``verified`` alone does not say it."""

    id: str
    name: str
    country: str = "US"
    website: str = ""
    email: str = ""
    verified: bool = False
    verification: str | None = None
    messaging_limit: str = "TIER_250"


@dataclass(slots=True)
class SystemUser:
    """A system user in the partner's portfolio. ``role`` is ADMIN or EMPLOYEE."""

    id: str
    business_id: str
    name: str
    role: str
    finance_editor: bool = True


@dataclass(slots=True)
class Person:
    """A made-up Facebook user who may go through the popup. Only an admin of a portfolio can finish with it.

    ``has_role``: is tester or developer of the app, and so gets in while it is in development mode.
    """

    id: str
    name: str
    email: str
    about: str
    admin_of: list[str] = field(default_factory=list)
    employee_of: list[str] = field(default_factory=list)
    is_listed: bool = True
    has_role: bool = False


@dataclass(slots=True)
class Account:
    """A WhatsApp Business Account (Meta's "messaging account").

    ``is_offboarded``: its phone app has left the Cloud API for now; everything stays, but nothing is sent. ``health``
    overrules what ``health_status`` would say of it. ``templates`` are names with their status: ``order_ok:APPROVED``.
    """

    id: str
    name: str
    owner_business_id: str
    namespace: str
    created_at: float
    currency: str | None = None
    timezone_id: str = "1"
    country: str = "US"
    review_status: str = "APPROVED"
    primary_funding_id: str | None = None
    allocation_id: str | None = None
    attached_elsewhere: bool = False
    shared_with: set[str] = field(default_factory=set)
    installed_apps: set[str] = field(default_factory=set)
    number_ids: list[str] = field(default_factory=list)
    assigned: dict[str, list[str]] = field(default_factory=dict)
    is_offboarded: bool = False
    status: str = "ACTIVE"
    health: str | None = None
    templates: tuple[str, ...] = ()


@dataclass(slots=True)
class OneTimeCode:
    """The six digits Meta would send to the SIM."""

    value: str
    expires_at: float
    tries: int = 0


@dataclass(slots=True)
class Number:
    """A business phone number. ``digits`` is E.164 without the plus.

    ``moves_from`` names the provider it still works for; registering takes it over. ``code_arrives`` False: the SIM
    never gets a one-time code. ``syncs_silently``: a sync is accepted and nothing ever comes of it. ``health``
    overrules what ``health_status`` would say of it.
    """

    id: str
    digits: str
    verified_name: str
    created_at: float
    account_ids: list[str] = field(default_factory=list)
    status: str = "PENDING"
    code_status: str = "NOT_VERIFIED"
    name_status: str = "APPROVED"
    platform_type: str = "NOT_APPLICABLE"
    is_on_biz_app: bool = False
    is_meta_number: bool = False
    is_preverified: bool = False
    quality_rating: str = "GREEN"
    onboarded_at: float = 0.0
    registered_at: float | None = None
    deregistered_at: float | None = None
    pin_hash: str | None = field(default=None, repr=False)
    pin_tries: list[float] = field(default_factory=list)
    register_log: list[float] = field(default_factory=list)
    code: OneTimeCode | None = field(default=None, repr=False)
    code_requests: list[float] = field(default_factory=list)
    verified_at: float | None = None
    code_arrives: bool = True
    moves_from: str | None = None
    share_history: bool = True
    syncs_silently: bool = False
    syncs: dict[str, str] = field(default_factory=dict)
    override_uri: str | None = None
    override_verify_token: str | None = field(default=None, repr=False)
    region: str | None = None
    service_sent: dict[str, int] = field(default_factory=dict)
    health: str | None = None


@dataclass(slots=True)
class Token:
    """An access token. ``account_ids`` are its targets; ``all_targets`` leaves ``target_ids`` out of its inspection."""

    value: str = field(repr=False)
    kind: TokenKind
    app_id: str
    user_id: str
    business_id: str
    scopes: tuple[str, ...]
    issued_at: float
    expires_at: float | None
    account_ids: list[str] = field(default_factory=list)
    all_targets: bool = False
    revoked_subcode: int | None = None


@dataclass(slots=True)
class Code:
    """What ``FB.login`` hands over: good for 30 seconds, once."""

    value: str = field(repr=False)
    app_id: str
    expires_at: float
    scopes: tuple[str, ...]
    token_ttl_s: int | None
    business_id: str
    account_ids: list[str]
    all_targets: bool = False
    redirect_uri: str | None = None
    used_at: float | None = None


@dataclass(slots=True)
class Grant:
    """What a customer lets an app have in a portfolio, and since when the portfolio is a customer at all."""

    app_id: str
    business_id: str
    scopes: tuple[str, ...]
    token_ttl_s: int | None
    since: float


@dataclass(slots=True)
class CreditLine:
    """A line of credit Meta gave the partner."""

    id: str
    business_id: str
    legal_entity_name: str
    removed: bool = False


@dataclass(slots=True)
class Allocation:
    """A credit line shared with one customer portfolio; ``status`` is ACTIVE or DELETED."""

    id: str
    credit_line_id: str
    receiving_business_id: str
    credential_id: str
    status: str = "ACTIVE"


@dataclass(slots=True)
class Subscription:
    """An app's subscription to one account, with its override address if it set one."""

    app_id: str
    account_id: str
    override_uri: str | None = None
    verify_token: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class Message:
    """One message between a number and a contact. ``direction`` is "in" or "out"."""

    id: str
    number_id: str
    account_id: str
    contact: str
    direction: str
    type: str
    content: dict[str, object]
    at: float
    status: str = ""
    reply_to: str | None = None


@dataclass(slots=True)
class Contact:
    """A person with WhatsApp. ``windows`` tells, for each number, when the person last wrote to it."""

    digits: str
    name: str
    hides_number: bool = False
    windows: dict[str, float] = field(default_factory=dict)
