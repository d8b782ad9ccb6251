"""A client's browser without a browser: opens the link, keeps the cookies, and says what the page's script says."""

import re
import uuid
from typing import Any
from urllib.parse import unquote_plus

import requests

from bench.local_meta import SECONDS, session

DOORS = "/api/integrations/whatsapp"
CHAT_LINK = re.compile(r'href="[^"]*[?&](?:amp;)?text=([^"&]+)"')
ON_PAGE = re.compile(r'data-(link|csrf)="([^"]+)"')


class Visitor:
    """One browser on one link's page; `state` names one opening of Meta's window.

    `address` is the IP address it comes from, as a proxy in front of the house would tell it (`PROXY_HOPS=1`).
    """

    def __init__(self, connect_url: str, *, address: str | None = None) -> None:
        self._http = session()
        if address is not None:
            self._http.headers["X-Forwarded-For"] = address
        page = self._http.get(connect_url, timeout=SECONDS)
        if page.status_code != 200:
            raise RuntimeError(f"the signup page answered {page.status_code}")
        self.page_url = page.url
        self.base_url = "/".join(connect_url.split("/")[:3])
        found = dict(ON_PAGE.findall(page.text))
        self.link, self._csrf = found["link"], found["csrf"]
        self.state = str(uuid.uuid4())

    def open_window(self, plan: str = "standard", **answers: str) -> None:
        """The click on "Connect WhatsApp"."""
        self.state = str(uuid.uuid4())
        self.post("signups", plan=plan, answers=answers)

    def give_code(self, code: str, event: dict[str, Any] | None = None) -> str:
        """The code Meta's window gave; the onboarding's reference."""
        more = {} if event is None else {"event": event}
        return str(self.post("exchange-token", code=code, **more)["onboarding"])

    def give_event(self, event: dict[str, Any]) -> str | None:
        """The end event Meta's window posted; the onboarding's reference once there is one."""
        found = self.post("onboard-client", event=event).get("onboarding")
        return None if found is None else str(found)

    def post(self, door: str, **body: Any) -> dict[str, Any]:
        """Say something at one of the page's doors, as its script does."""
        reply = self.say(door, **body)
        if not reply.ok:
            raise RuntimeError(f"{door}: {reply.status_code} {reply.text[:500]}")
        return dict(reply.json()) if reply.content else {}

    def say(self, door: str, **body: Any) -> requests.Response:
        """The same, whatever the answer is."""
        return self._http.post(
            f"{self.base_url}{DOORS}/{door}",
            json={"link": self.link, "state": self.state, **body},
            headers={"X-CSRFToken": self._csrf, "Origin": self.base_url},
            timeout=SECONDS,
        )

    def read_page(self) -> str:
        """The page as it is now."""
        return self._http.get(self.page_url, timeout=SECONDS).text

    def test_message(self) -> str:
        """The text of the test message that the page asks to be sent from another phone."""
        found = CHAT_LINK.search(self.read_page())
        if found is None:
            raise LookupError("the page does not ask for a test message")
        return unquote_plus(found.group(1))
