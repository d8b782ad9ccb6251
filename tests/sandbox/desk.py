"""A caller for the tests: speaks to the local Meta in-process, as a partner with known secrets would."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from sandbox.runtime import Runtime
from sandbox.server import create_app
from sandbox.world.seed import Partner

PARTNER = Partner(
    app_id="1234567890",
    app_secret="test_app_secret",
    verify_token="test_verify_token",
    config_id="998877665544332",
    config_id_never="998877665544333",
    business_id="35602282435505",
    credit_line_id="1972385232742146",
    admin_user_id="100055500000001",
    admin_token="EAAADMIN",
    employee_user_id="100055500000002",
    employee_token="EAAEMPLOYEE",
)
APP_TOKEN = "1234567890|test_app_secret"
ADMIN, EMPLOYEE = "EAAADMIN", "EAAEMPLOYEE"
LINE, PARTNER_BUSINESS = PARTNER.credit_line_id, PARTNER.business_id


def proof_of(token: str) -> str:
    """The appsecret_proof, reckoned here and not by the code under test."""
    return hmac.new(b"test_app_secret", token.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Client:
    """A customer who came through a popup whose code was exchanged."""

    token: str
    waba: str
    phone: str
    business: str


class Desk:
    """Calls Graph (``get``, ``post``, ``delete``) and the ``/_sandbox/`` doors (``ask``)."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        app = create_app(runtime)
        app.testing = True
        self.http = app.test_client()

    def get(self, path: str, token: str | None = None, **params: Any) -> TestResponse:
        return self.http.get(f"/v25.0{path}", query_string=params | _proof(token, params), headers=_bearer(token))

    def post(self, path: str, token: str | None = None, **params: Any) -> TestResponse:
        return self.http.post(f"/v25.0{path}", data=params | _proof(token, params), headers=_bearer(token))

    def post_json(self, path: str, token: str, body: Any) -> TestResponse:
        return self.http.post(f"/v25.0{path}", json=body, query_string=_proof(token, {}), headers=_bearer(token))

    def delete(self, path: str, token: str | None = None, **params: Any) -> TestResponse:
        return self.http.delete(f"/v25.0{path}", query_string=params | _proof(token, params), headers=_bearer(token))

    def ask(self, method: str, path: str, body: Any = None) -> TestResponse:
        return self.http.open(f"/_sandbox{path}", method=method, json=body)

    def change(self, path: str, **wished: Any) -> dict[str, Any]:
        """Changes a record through its door; the row comes back."""
        reply = self.ask("POST", path, wished)
        assert reply.status_code == 200, reply.text
        return dict(reply.get_json())

    def signup(self, **wish: Any) -> dict[str, Any]:
        reply = self.ask("POST", "/signups", wish)
        assert reply.status_code == 201, reply.text
        return dict(reply.get_json())

    def exchange(self, code: str, **more: Any) -> TestResponse:
        wanted = {"client_id": PARTNER.app_id, "client_secret": PARTNER.app_secret, "code": code, **more}
        return self.get("/oauth/access_token", **wanted)

    def onboard(self, **wish: Any) -> Client:
        done = self.signup(**wish)
        token = self.exchange(done["code"]).get_json()["access_token"]
        return Client(token, done["waba_id"], done["phone_number_id"], done["business_id"])

    def live_client(self, **wish: Any) -> Client:
        """Subscribed, paid for and registered."""
        client = self.onboard(**wish)
        assert self.post(f"/{client.waba}/subscribed_apps", client.token).status_code == 200
        paid = self.post(f"/{LINE}/whatsapp_credit_sharing_and_attach", ADMIN, waba_currency="USD", waba_id=client.waba)
        assert paid.status_code == 200
        assert self.register(client).status_code == 200
        return client

    def register(self, client: Client, pin: str = "123456") -> TestResponse:
        return self.post(f"/{client.phone}/register", client.token, messaging_product="whatsapp", pin=pin)

    def number(self, client: Client, fields: str) -> dict[str, Any]:
        return dict(self.get(f"/{client.phone}", client.token, fields=fields).get_json())

    def advance(self, seconds: float) -> None:
        assert self.ask("POST", "/clock", {"advance_seconds": seconds}).status_code == 200

    def effects(self, path: str = "*") -> list[str]:
        """What the calls so far changed, in their order."""
        calls = self.ask("GET", f"/calls?path={path}").get_json()["calls"]
        return [call["effect"] for call in calls if call["effect"] is not None]


def error_of(reply: TestResponse) -> tuple[int, int, int | None]:
    """HTTP status, code and subcode of a refusal."""
    error = reply.get_json()["error"]
    return reply.status_code, error["code"], error.get("error_subcode")


def _bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _proof(token: str | None, params: dict[str, Any]) -> dict[str, str]:
    if token is None or "|" in token or "appsecret_proof" in params:
        return {}
    return {"appsecret_proof": proof_of(token)}
