"""Settings: read once from the environment and `.env`, checked as a whole, all problems listed at once.

No secret has a default. `.env.example` lists every name; a house test keeps the two equal. `ENV_FILE` names another
file than `.env`, or none when it is empty.
"""

import base64
import binascii
import os
import re
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
META_DOMAINS = ("facebook.com", "facebook.net")
META_ID = r"^\d{5,}$"  # the ids a partner copies from Meta's dashboards; those of clients stay opaque text
META_ID_OR_NONE = r"^(\d{5,})?$"
CURRENCY = r"^[A-Z]{3}$"
GRAPH_VERSION = r"^v\d{2}\.0$"
MAIL_FROM = re.compile(r"[^<>\r\n@]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+")
# An entry of CREDENTIAL_KEYS that AWS KMS opens: which key at KMS, by ARN, alias or id, and what it has sealed.
KMS_ENTRY = re.compile(
    r"kms:(?P<key>arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)/[\w/-]+|alias/[\w/-]+|(?:mrk-)?[0-9a-f-]{32,36})"
    r":(?P<sealed>(?:[\w+/-]{4})+(?:[\w+/-]{2}==|[\w+/-]{3}=)?)",
    re.ASCII,
)
KMS_FORM = "kms:<key at AWS KMS>:<sealed key>"
IN_WORDS = {
    META_ID: "must be an id of Meta's: five digits or more",
    META_ID_OR_NONE: "must be an id of Meta's, five digits or more, or empty",
    CURRENCY: "must be a currency's three letters, like USD",
    GRAPH_VERSION: "must be a version of Graph, like v25.0",
}

CommaList = Annotated[tuple[str, ...], NoDecode]
SecretList = Annotated[tuple[SecretStr, ...], NoDecode]
Read = TypeVar("Read", bound="Ground")


class Ground(BaseSettings):
    """What this machine decides, Meta or not: enough to migrate a database before anything else is known."""

    model_config = SettingsConfigDict(
        env_file=os.environ.get("ENV_FILE", ".env") or None,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    port: int = Field(default=5000, ge=0, le=65535)
    data_dir: Path = Path("var")
    database_url: str = Field(default="", repr=False)  # it may hold a password
    web_host: str = "127.0.0.1"
    web_threads: int = Field(default=64, ge=1, le=512)

    @property
    def database(self) -> str:
        """SQLAlchemy address: `DATABASE_URL`, else a SQLite file in `DATA_DIR`."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'gangway.db').absolute()}"


class Rehearsal(Ground):
    """What `make run` asks first: with `META_APP_ID` it is real Meta, without it a stand-in and made-up keys."""

    sandbox_port: int = Field(default=5001, ge=0, le=65535)
    meta_app_id: str = ""
    # A stand-in counts nobody, and whoever tries the product should not be stopped by the eleventh client.
    meta_weekly_signup_limit: int = Field(default=200, ge=1, le=100_000)
    public_url: str = ""
    secret_keys: str = Field(default="", repr=False)
    credential_keys: str = Field(default="", repr=False)


class Settings(Ground):
    """Every setting of the product. Times are seconds unless the name says otherwise."""

    # Where we live
    public_url: str = "http://localhost:5000"
    queue_url: str = Field(default="", repr=False)
    proxy_hops: int = Field(default=0, ge=0, le=5)
    partner_name: str = "Example Partner"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    worker_threads: int = Field(default=64, ge=1, le=256)
    lease_seconds: float = Field(default=8.0, ge=1.0, le=10.0)
    ready_also: CommaList = ()

    # Keys: lists, newest first, so that each can be replaced while the system works
    secret_keys: SecretList
    credential_keys: SecretList
    credential_key_days: int = Field(default=365, ge=1, le=3650)

    # Meta
    meta_app_id: str = Field(pattern=META_ID)
    meta_app_secrets: SecretList
    meta_verify_token: SecretStr
    meta_signup_config_id: str = Field(pattern=META_ID)
    meta_business_id: str = Field(pattern=META_ID)
    meta_system_user_id: str = Field(pattern=META_ID)
    meta_system_token: SecretStr
    meta_credit_line_id: str = Field(default="", pattern=META_ID_OR_NONE)  # empty: a Tech Provider, who has none
    meta_credit_sharing: Literal["one_call", "two_calls"] = "one_call"
    meta_credit_currency: str = Field(default="USD", pattern=CURRENCY)
    meta_weekly_signup_limit: int = Field(default=10, ge=1, le=100_000)
    token_renew_from_day: int = Field(default=45, ge=1, le=58)
    meta_graph_version: str = Field(default="v25.0", pattern=GRAPH_VERSION)
    meta_upkeep_calls_per_second: int = Field(default=20, ge=1, le=1000)
    meta_graph_url: str = "https://graph.facebook.com"
    meta_sdk_url: str = "https://connect.facebook.net/en_US/sdk.js"
    meta_web_origins: CommaList = ("https://www.facebook.com", "https://web.facebook.com")
    meta_hosted_origin: str = "https://business.facebook.com"
    whatsapp_link_url: str = "https://wa.me"

    # Mail and alerts
    mail_url: str = Field(default="", repr=False)  # it may hold a password
    mail_from: str = ""
    alert_urls: CommaList = Field(default=(), repr=False)  # they may hold passwords; separated by spaces

    # Pages
    terms_url: str = ""
    privacy_url: str = ""
    help_url: str = ""
    terms_version: str = "2026-11-01"
    connect_csp_extra: str = ""

    @field_validator("ready_also", "meta_web_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("secret_keys", "credential_keys", "meta_app_secrets", mode="before")
    @classmethod
    def _split_secrets(cls, value: object) -> object:
        if isinstance(value, str):
            value = tuple(part.strip() for part in value.split(",") if part.strip())
        if isinstance(value, tuple | list) and not value:
            raise ValueError("needs at least one value")
        return value

    @field_validator("alert_urls", mode="before")
    @classmethod
    def _split_by_space(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("mail_url")
    @classmethod
    def _is_a_mail_server(cls, value: str) -> str:
        if value:
            try:
                parts = urlsplit(value)
                known = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and (parts.port or 1) > 0
            except ValueError:
                known = False
            if not known:
                raise ValueError("must be smtp://user:password@host:587 or smtps://user:password@host:465")
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("mail_url") and not MAIL_FROM.fullmatch(value):
            raise ValueError("must be an e-mail address, or a name and one: Example Partner <hello@partner.example>")
        return value

    @field_validator("credential_keys")
    @classmethod
    def _credential_keys_are_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for position, key in enumerate(keys, start=1):
            if key.get_secret_value().startswith("kms:"):
                if KMS_ENTRY.fullmatch(key.get_secret_value()) is None:
                    raise ValueError(f"key {position} is not {KMS_FORM}; `flask keys make --kms KEY` makes one")
                continue
            try:
                raw = base64.urlsafe_b64decode(key.get_secret_value().encode())
            except (binascii.Error, ValueError):
                raw = b""
            if len(raw) != 32:
                raise ValueError(f"key {position} is not 32 bytes in URL-safe base64; make one with `make key`")
        return keys

    @field_validator("secret_keys")
    @classmethod
    def _secret_keys_are_long(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for position, key in enumerate(keys, start=1):
            if len(key.get_secret_value()) < 32:
                raise ValueError(f"key {position} is shorter than 32 characters; make one with `make key`")
        return keys

    @field_validator("public_url", "meta_graph_url", "meta_sdk_url", "meta_hosted_origin", "whatsapp_link_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise ValueError("is not an http or https address")
        return value.rstrip("/")

    @field_validator("meta_graph_url", "meta_sdk_url", "meta_web_origins", "meta_hosted_origin")
    @classmethod
    def _is_metas_in_public(cls, value: str | tuple[str, ...], info: ValidationInfo) -> str | tuple[str, ...]:
        """Hosts other than Meta's stand in for Meta only while nobody from outside can reach us."""
        if host_of(info.data.get("public_url", "")) in LOOPBACK:
            return value
        for address in [value] if isinstance(value, str) else value:
            if urlsplit(address).scheme != "https" or not is_metas(host_of(address)):
                raise ValueError(f"{address} is not Meta's, which is allowed only while PUBLIC_URL is loopback")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_https_in_public(cls, value: str) -> str:
        if host_of(value) not in LOOPBACK and urlsplit(value).scheme != "https":
            raise ValueError("must be https: Meta calls and opens no plain http address")
        return value

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us by https; cookies and headers are stricter then."""
        return self.public_url.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        return host_of(self.public_url) in LOOPBACK

    @property
    def callback_url(self) -> str:
        """Where Meta's notifications reach us."""
        return f"{self.public_url}/api/webhooks/whatsapp"


def host_of(address: str) -> str:
    """The host of an address, or an empty string where there is none."""
    return urlsplit(address).hostname or ""


def is_metas(host: str) -> bool:
    """Whether a host is one of Meta's: the registrable domain itself or below it, never a look-alike ending."""
    return any(host == domain or host.endswith(f".{domain}") for domain in META_DOMAINS)


class SettingsRefused(Exception):
    """The settings cannot be used; the text lists every problem by its environment name and holds no value."""


def load(**given: object) -> Settings:
    """Read the settings; raise `SettingsRefused` with all problems at once."""
    return _read(Settings, given)


def load_ground() -> Ground:
    """Read only what this machine decides; raise `SettingsRefused` as `load` does."""
    return _read(Ground, {})


def load_rehearsal() -> Rehearsal:
    """Read what `make run` has to know first; raise `SettingsRefused` as `load` does."""
    return _read(Rehearsal, {})


def handed_on(**more: str) -> dict[str, str]:
    """The environment for a child process: ours, with `more` on top. The values never enter a message of ours."""
    return {**os.environ, **more}


def _read(kind: type[Read], given: dict[str, object]) -> Read:
    try:
        return kind(**given)  # type: ignore[arg-type]
    except ValidationError as refused:
        raise SettingsRefused("\n".join(sorted(_problem(error) for error in refused.errors()))) from None


def _problem(error: object) -> str:
    assert isinstance(error, dict)  # noqa: S101 - pydantic's documented shape
    name = ".".join(str(part) for part in error["loc"][:1]).upper()
    if error["type"] == "missing":
        text = "is missing"
    elif error["type"] == "string_pattern_mismatch":
        text = IN_WORDS[error["ctx"]["pattern"]]
    else:
        text = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {text}" if name else text
