"""A member of staff at a browser without a screen."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.access.models import Staff
from app.access.passwords import hash_password
from app.access.sessions import add_session
from app.kit import clock
from app.kit.secret import Secret
from app.runtime import Runtime

RIGHT = "coral-harbour-lamp-42"
HTML = {"Accept": "text/html"}


def add_robin(rt: Runtime) -> Staff:
    hashed = hash_password(Secret(RIGHT))
    with rt.db.write() as session:
        staff = Staff(email="robin@partner.example", name="Robin Example", password_hash=hashed, created_at=clock.now())
        session.add(staff)
    return staff


@dataclass
class Desk:
    """`http` keeps the cookies, as a browser does."""

    http: FlaskClient
    rt: Runtime

    @classmethod
    def of_nobody(cls, app: Flask, rt: Runtime) -> "Desk":
        return cls(app.test_client(), rt)

    @classmethod
    def of(cls, app: Flask, rt: Runtime, staff: Staff) -> "Desk":
        """Signed in without typing a password."""
        desk = cls.of_nobody(app, rt)
        with rt.db.write() as session:
            _, secret = add_session(session, staff, address=None, user_agent=None, now=clock.now())
        desk.http.set_cookie("gangway-staff", secret.reveal(), domain="localhost")
        return desk

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.http.get(address, headers={**HTML, **headers})

    def post(
        self, address: str, *, csrf: str | None = None, headers: dict[str, str] | None = None, **form: Any
    ) -> TestResponse:
        """Send a form, with the token of a page of ours unless another is given."""
        token = self.csrf() if csrf is None else csrf
        return self.http.post(address, data={"csrf_token": token, **form}, headers={**HTML, **(headers or {})})

    def csrf(self) -> str:
        page = self.get("/console/sign-in")
        if page.status_code == 303:
            page = self.get("/console/onboardings")
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert found
        return found[1]

    def sign_in(self, password: str = RIGHT, *, email: str = "robin@partner.example", **more: Any) -> TestResponse:
        return self.post("/console/sign-in", email=email, password=password, **more)
