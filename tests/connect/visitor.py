"""A browser without a screen on a link's page, and the link it came by."""

import re
import uuid
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.audit.store import SYSTEM
from app.kit import clock
from app.onboarding.links.links import LinkOrder, create_link
from app.runtime import Runtime

DOORS = "/api/integrations/whatsapp"
HTML = {"Accept": "text/html"}


def make_link(rt: Runtime, name: str = "Example Bakery", **order: Any) -> tuple[str, str]:
    """A new link: its id and the token of its address."""
    with rt.db.write() as session:
        new = create_link(session, LinkOrder(name, **order), actor=SYSTEM, now=clock.now())
        return new.link.id, new.token.reveal()


@dataclass
class Visitor:
    """`key` names the opening of Meta's window this browser speaks of."""

    http: FlaskClient
    link_id: str
    csrf: str
    page: str
    key: str = field(default_factory=lambda: str(uuid.uuid4()))

    @classmethod
    def at(cls, app: Flask, link: tuple[str, str]) -> "Visitor":
        """Come in through the link's address, as a browser does, and load the page."""
        link_id, token = link
        http = app.test_client()
        http.get(f"/connect/{token}", headers=HTML)
        page = http.get(f"/connect/c/{link_id}", headers=HTML).text
        found = re.search(r'data-csrf="([^"]+)"', page)
        return cls(http, link_id, found[1] if found else "", unescape(page))

    def look(self, **headers: str) -> TestResponse:
        return self.http.get(f"/connect/c/{self.link_id}", headers={**HTML, **headers})

    def poll(self, **headers: str) -> TestResponse:
        return self.http.get(f"/connect/c/{self.link_id}/progress", headers={**HTML, **headers})

    def post(self, address: str, body: object, *, csrf: str | None = None) -> TestResponse:
        token = self.csrf if csrf is None else csrf
        return self.http.post(address, json=body, headers={"X-CSRFToken": token, "Accept": "application/json"})

    def tell(self, door: str, **words: Any) -> TestResponse:
        """Say something at a door of the script's, in the name of this opening."""
        return self.post(f"{DOORS}/{door}", {"link": self.link_id, "state": self.key, **words})

    def open_window(self, plan: str = "standard", **answers: str) -> TestResponse:
        return self.tell("signups", plan=plan, answers=answers)
