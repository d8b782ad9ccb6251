"""The local Meta of one test: a real HTTP server around its app, and the doors a test opens on it."""

import threading
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.listener import Listener
from sandbox.runtime import build_runtime
from sandbox.server import create_app
from sandbox.world.seed import Partner

CALLBACK = "http://localhost:5000/api/webhooks/whatsapp"


@dataclass
class MetaWorld:
    """`partner` is who we are there; every other word goes through the local Meta's own doors."""

    url: str
    partner: Partner
    listener: Listener
    http: requests.Session = field(default_factory=requests.Session)

    @classmethod
    def open(cls) -> "MetaWorld":
        partner = Partner(callback_url=CALLBACK)
        listener = Listener("127.0.0.1", 0)
        listener.app = create_app(build_runtime(partner))
        threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return cls(f"http://127.0.0.1:{listener.server_port}", partner, listener)

    def close(self) -> None:
        self.http.close()
        self.listener.shutdown()
        self.listener.server_close()

    def signup(self, plan: str = "standard", **wish: Any) -> dict[str, Any]:
        """Play a whole popup; what it hands over: code, event, waba_id, phone_number_id, business_id."""
        return self._do("POST", "signups", json={"plan": plan, **wish})

    def fault(
        self,
        path: str,
        action: dict[str, Any],
        *,
        method: str | None = None,
        nth: int | None = None,
        times: int | None = None,
        when: str = "before",
    ) -> int:
        """Order a bad day; `action` as the door takes it. Returns the fault's id."""
        match = {"path": path, **({"method": method} if method else {}), **({"nth": nth} if nth else {})}
        body = {"match": match, "action": action, "when": when, **({"times": times} if times else {})}
        return int(self._do("POST", "faults", json=body)["id"])

    def lag(self, **looks: int) -> None:
        """Hide what is there from the first looks at each account: `phone_numbers`, `subscribed_apps`, …"""
        self._do("POST", "lag", json=looks)

    def counts(self, what: str | None = None, about: str | None = None) -> list[dict[str, Any]]:
        """How often what must not be done twice was done, again, refused: `{what, object, attempts, done, …}`."""
        asked = {name: value for name, value in (("what", what), ("object", about)) if value is not None}
        found: list[dict[str, Any]] = self._do("GET", "counts", params=asked)["counts"]
        return found

    def clear_faults(self) -> None:
        self._do("DELETE", "faults")

    def pass_time(self, seconds: float) -> None:
        self._do("POST", "clock", json={"advance_seconds": seconds})

    def change(self, record: str, **fields: Any) -> dict[str, Any]:
        """Change what exists (`numbers/<id>`, `accounts/<id>`, `apps/<id>`, `tokens`, …) as its owner or Meta would."""
        return self._do("POST", record, json=fields)

    def happen(self, waba_id: str, event: str, **options: Any) -> dict[str, Any]:
        """Let an event of an account's life happen: offboard, reconnect, partner_removed, app_uninstalled, …"""
        return self._do("POST", f"accounts/{waba_id}/events", json={"event": event, **options})

    def share(self, **wish: Any) -> dict[str, Any]:
        """An existing customer shares an account without any popup: business_id, waba_id, phone_number_ids."""
        return self._do("POST", "share", json=wish)

    def take_out(self, phone_number_id: str) -> None:
        """Take a number out of its account: it is gone."""
        self._do("DELETE", f"numbers/{phone_number_id}")

    def calls(self, path: str = "*", method: str | None = None) -> list[dict[str, Any]]:
        """The Graph calls so far, oldest first; `path` is a glob without the version."""
        params = {"path": path, **({"method": method} if method else {})}
        found: list[dict[str, Any]] = self._do("GET", "calls", params=params)["calls"]
        return found

    def count(self, path: str, method: str = "POST") -> int:
        return len(self.calls(path, method))

    def effects(self, *names: str) -> int:
        """How often a call changed the world in one of these ways (`registered`, `credit_attached`, …)."""
        return sum(call["effect"] in names for call in self.calls())

    def show(self, kind: str, key: str) -> dict[str, Any]:
        """One record of the world (`numbers`, `accounts`, …) by its id."""
        records = self._do("GET", "world")[kind]
        found: dict[str, Any] = next(record for record in records if record["id"] == key)
        return found

    def can_be_written_to(self, number_id: str) -> bool:
        """Whether somebody's message to this number would reach it."""
        return any(
            record["id"] == number_id and record["status"] == "CONNECTED"
            for record in self._do("GET", "world")["numbers"]
        )

    def _do(self, method: str, door: str, **given: Any) -> dict[str, Any]:
        answer = self.http.request(method, f"{self.url}/_sandbox/{door}", timeout=20, **given)
        assert answer.ok, answer.text
        body: dict[str, Any] = answer.json()
        return body
