"""A stand-in for Meta on this machine: what it is told, and what the product is told about it.

The product knows nothing of it but addresses and ids, handed over as ordinary `META_*` settings. It runs only while
`META_APP_ID` is not set.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import requests

COMMAND = "python -m sandbox"

# Given back on the next start, so that the example partner stays the same one as long as DATA_DIR lives.
KEPT = {
    "SANDBOX_APP_ID": "app_id",
    "SANDBOX_APP_SECRET": "app_secret",
    "SANDBOX_VERIFY_TOKEN": "verify_token",
    "SANDBOX_CONFIG_ID": "signup_config_id",
    "SANDBOX_CONFIG_ID_NEVER": "signup_config_id_never",
    "SANDBOX_BUSINESS_ID": "business_id",
    "SANDBOX_CREDIT_LINE_ID": "credit_line_id",
    "SANDBOX_ADMIN_USER_ID": "admin_system_user_id",
    "SANDBOX_ADMIN_TOKEN": "admin_system_token",
    "SANDBOX_EMPLOYEE_USER_ID": "employee_system_user_id",
    "SANDBOX_EMPLOYEE_TOKEN": "employee_system_token",
}


class StandIn:
    """The stand-in beside one run; `found` is empty until it has started."""

    def __init__(self, data_dir: Path, port: int, base_url: str) -> None:
        self._file = data_dir / "sandbox.json"
        self._port = port
        self._base_url = base_url
        self._before = self._read()
        self._file.unlink(missing_ok=True)
        self.url = f"http://localhost:{port}"
        self.health_url = f"{self.url}/_sandbox/health"

    def environment(self, given: Collection[str]) -> dict[str, str]:
        """What it is told at its start; who it is stays as before, except for the names somebody has given."""
        kept = {name: str(self._before[key]) for name, key in KEPT.items() if name not in given and key in self._before}
        return kept | {
            "SANDBOX_PORT": str(self._port),
            "SANDBOX_PUBLIC_URL": self.url,
            "SANDBOX_CALLBACK_URL": f"{self._base_url}/api/webhooks/whatsapp",
            "SANDBOX_DOMAINS": self._base_url,
            "SANDBOX_REDIRECT_URIS": self._base_url,
        }

    def answers(self) -> bool:
        """Whether it has said who it is and takes calls."""
        if not self._file.exists():
            return False
        try:
            return requests.get(self.health_url, timeout=1).status_code == 200
        except requests.RequestException:
            return False

    def settings(self) -> dict[str, str]:
        """The `META_*` settings of the product while this is its Meta."""
        found = self._read()
        return {
            "META_APP_ID": found["app_id"],
            "META_APP_SECRETS": found["app_secret"],
            "META_VERIFY_TOKEN": found["verify_token"],
            "META_SIGNUP_CONFIG_ID": found["signup_config_id"],
            "META_BUSINESS_ID": found["business_id"],
            "META_SYSTEM_USER_ID": found["admin_system_user_id"],
            "META_SYSTEM_TOKEN": found["admin_system_token"],
            "META_CREDIT_LINE_ID": found["credit_line_id"],
            "META_GRAPH_VERSION": found["graph_version"],
            "META_GRAPH_URL": found["graph_url"],
            "META_SDK_URL": found["sdk_url"],
            "META_WEB_ORIGINS": found["web_origin"],
            "WHATSAPP_LINK_URL": self.url,
            "READY_ALSO": self.health_url,
        }

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._file.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
