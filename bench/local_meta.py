"""The local Meta's own doors (`/_sandbox/`), as the demo, the measurements and the tests use them."""

from dataclasses import dataclass, fields
from typing import Any

import requests
from requests.adapters import HTTPAdapter

SECONDS = 60  # no answer of a machine beside us takes longer


@dataclass(frozen=True)
class Popup:
    """What a finished signup popup hands over."""

    code: str
    event: dict[str, Any]
    waba_id: str
    phone_number_id: str | None
    business_id: str


class LocalMeta:
    """One running local Meta."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = session()

    def sign_up(self, plan: str = "standard", **wish: Any) -> Popup:
        """Play a whole popup by the dialog's own rules."""
        found = self._post("signups", plan=plan, **wish)
        return Popup(**{field.name: found[field.name] for field in fields(Popup)})

    def share(self, **wish: Any) -> dict[str, Any]:
        """An existing customer shares an account: business_id, waba_id, phone_number_ids."""
        return self._post("share", **wish)

    def fault(self, *, path: str | None = None, method: str | None = None, **order: Any) -> int:
        """Order a bad day; `action`, `when`, `times` and `nth` as in the contract. Gives its number, to lift it by."""
        nth = order.pop("nth", None)
        match = {"path": path, "method": method, "nth": nth}
        match = {name: value for name, value in match.items() if value is not None}
        return int(self._post("faults", match=match, **order)["id"])

    def fired(self, fault: int) -> int:
        """How often a fault has struck so far."""
        found = self._checked(self._http.get(f"{self.url}/_sandbox/faults", timeout=SECONDS))["faults"]
        return next(int(row["fired"]) for row in found if row["id"] == fault)

    def lift(self, fault: int) -> None:
        self._checked(self._http.delete(f"{self.url}/_sandbox/faults/{fault}", timeout=SECONDS))

    def lift_all(self) -> None:
        self._checked(self._http.delete(f"{self.url}/_sandbox/faults", timeout=SECONDS))

    def calls(self, *, since: int = 0, **narrowed: str) -> list[dict[str, Any]]:
        """The Graph calls after number `since`, oldest first; `path` (a glob: `/123/*`) and `method` narrow them."""
        query = {"since": str(since), **narrowed}
        reply = self._http.get(f"{self.url}/_sandbox/calls", params=query, timeout=SECONDS)
        found: list[dict[str, Any]] = self._checked(reply)["calls"]
        return sorted(found, key=lambda call: int(call["id"]))

    def last_call(self) -> int:
        """The number of the newest call, to read from there on."""
        calls = self.calls()
        return int(calls[-1]["id"]) if calls else 0

    def registers(self, phone_number_id: str) -> int:
        """How often Meta was asked to register a number, answered or not; it counts to ten."""
        numbers = {number["id"]: number for number in self.world()["numbers"]}
        return len(numbers[phone_number_id]["register_log"])

    def write(self, phone_number_id: str, sender: str, text: str) -> str:
        """A contact writes to a number; the id of the message."""
        sent = self._post(
            "inbound", **{"phone_number_id": phone_number_id, "from": sender, "type": "text", "body": text}
        )
        return str(sent["id"])

    def world(self) -> dict[str, Any]:
        return dict(self._checked(self._http.get(f"{self.url}/_sandbox/world", timeout=SECONDS)))

    def reset(self) -> None:
        self._post("reset")

    def _post(self, door: str, **body: Any) -> dict[str, Any]:
        return dict(self._checked(self._http.post(f"{self.url}/_sandbox/{door}", json=body, timeout=SECONDS)))

    @staticmethod
    def _checked(reply: requests.Response) -> Any:
        if not reply.ok:
            raise RuntimeError(f"{reply.request.method} {reply.url}: {reply.status_code} {reply.text[:500]}")
        return reply.json()


def session() -> requests.Session:
    """A session that many threads may use at once."""
    made = requests.Session()
    made.mount("http://", HTTPAdapter(pool_connections=4, pool_maxsize=128))
    made.trust_env = False  # no proxy stands between us and this machine
    return made
