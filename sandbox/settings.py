"""What the environment says about the local Meta, and what it tells the world in ``sandbox.json``."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sandbox.world.seed import Partner

GRAPH_VERSION = "v25.0"
SIGNUP_ORDERS = ("message_first", "code_first", "message_lost", "random")
"""How a finished popup hands over its end event and its code; random draws 70, 25 and 5 of a hundred."""

_PARTNER_NAMES = {
    "SANDBOX_APP_ID": "app_id",
    "SANDBOX_APP_SECRET": "app_secret",
    "SANDBOX_VERIFY_TOKEN": "verify_token",
    "SANDBOX_CONFIG_ID": "config_id",
    "SANDBOX_CONFIG_ID_NEVER": "config_id_never",
    "SANDBOX_BUSINESS_ID": "business_id",
    "SANDBOX_CREDIT_LINE_ID": "credit_line_id",
    "SANDBOX_ADMIN_USER_ID": "admin_user_id",
    "SANDBOX_ADMIN_TOKEN": "admin_token",
    "SANDBOX_EMPLOYEE_USER_ID": "employee_user_id",
    "SANDBOX_EMPLOYEE_TOKEN": "employee_token",
    "SANDBOX_CALLBACK_URL": "callback_url",
}


@dataclass(frozen=True)
class Settings:
    """Where to serve, how strict to be, and who the partner is."""

    host: str
    port: int
    url: str
    data_dir: Path
    strict: bool
    signup_order: str
    partner: Partner

    def on_port(self, port: int) -> "Settings":
        """The same with the port that was really bound, where any free one was asked for."""
        return replace(self, port=port, url=self.url or f"http://localhost:{port}")


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Reads ``SANDBOX_*`` and ``DATA_DIR``. Raises ``ValueError`` naming the setting that makes no sense."""
    port = environ.get("SANDBOX_PORT") or "5001"
    if not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"SANDBOX_PORT must be a port number, not {port!r}")
    strict = _read_switch(environ, "SANDBOX_STRICT", default=True)
    order = environ.get("SANDBOX_SIGNUP_ORDER") or SIGNUP_ORDERS[0]
    if order not in SIGNUP_ORDERS:
        raise ValueError(f"SANDBOX_SIGNUP_ORDER must be one of {', '.join(SIGNUP_ORDERS)}, not {order!r}")
    given: dict[str, Any] = {name: environ[key] for key, name in _PARTNER_NAMES.items() if environ.get(key)}
    domains = tuple(part.strip() for part in environ.get("SANDBOX_DOMAINS", "").split(",") if part.strip())
    redirects = tuple(part.strip() for part in environ.get("SANDBOX_REDIRECT_URIS", "").split(",") if part.strip())
    return Settings(
        host=environ.get("SANDBOX_HOST") or "127.0.0.1",
        port=int(port),
        url=_read_url(environ, port),
        data_dir=Path(environ.get("DATA_DIR") or "var"),
        strict=strict,
        signup_order=order,
        partner=Partner(**given, domains=domains, redirect_uris=redirects, require_proof=strict),
    )


def write_facts(settings: Settings) -> Path:
    """Writes ``sandbox.json``, readable by its owner alone from its first byte on, and returns where."""
    partner = settings.partner
    facts = {
        "sandbox_url": settings.url,
        "graph_url": settings.url,
        "sdk_url": f"{settings.url}/en_US/sdk.js",
        "web_origin": settings.url,
        "app_id": partner.app_id,
        "app_secret": partner.app_secret,
        "verify_token": partner.verify_token,
        "signup_config_id": partner.config_id,
        "signup_config_id_never": partner.config_id_never,
        "business_id": partner.business_id,
        "credit_line_id": partner.credit_line_id,
        "admin_system_user_id": partner.admin_user_id,
        "admin_system_token": partner.admin_token,
        "employee_system_user_id": partner.employee_user_id,
        "employee_system_token": partner.employee_token,
        "graph_version": GRAPH_VERSION,
    }
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path = settings.data_dir / "sandbox.json"
    half = path.with_suffix(".json.new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(facts, file, indent=2)
    half.replace(path)
    return path


def _read_url(environ: Mapping[str, str], port: str) -> str:
    """Empty until the port is known, where any free one is asked for."""
    given = environ.get("SANDBOX_PUBLIC_URL", "").rstrip("/")
    return given or ("" if int(port) == 0 else f"http://localhost:{port}")


def _read_switch(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environ.get(name, "").strip().lower()
    if value in ("", "1", "true", "yes"):
        return default if not value else True
    if value in ("0", "false", "no"):
        return False
    raise ValueError(f"{name} must be 1 or 0, not {value!r}")
