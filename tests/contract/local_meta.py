"""The local Meta inside the test's own process, spoken to over WSGI as any HTTP client would."""

import json
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import Client, TestResponse

from app.kit.secret import Secret
from app.kit.signing import appsecret_proof
from sandbox.runtime import Runtime, build_runtime
from sandbox.server import create_app
from sandbox.world.seed import Partner
from sandbox.world.signup.finish import make_number
from tests.contract.cards import Card, TokenKind

VERSION = "v25.0"


@dataclass(frozen=True)
class Signup:
    """What a finished popup hands over."""

    code: str
    waba_id: str
    phone_number_id: str
    business_id: str
    event: dict[str, Any] = field(repr=False)


class LocalMeta:
    """One strict local Meta with its example partner."""

    def __init__(self) -> None:
        self.partner = Partner()
        self.runtime: Runtime = build_runtime(self.partner, strict=True)
        self._client = Client(create_app(self.runtime))

    # Doors for tests

    def signup(self, plan: str = "standard", **wishes: Any) -> Signup:
        answer = self._door("signups", {"plan": plan, **wishes})
        return Signup(
            **{key: answer[key] or "" for key in ("code", "waba_id", "phone_number_id", "business_id", "event")}
        )

    def inbound(self, phone_number_id: str, sender: str, body: str) -> str:
        sent = {"phone_number_id": phone_number_id, "from": sender, "type": "text", "body": body}
        return str(self._door("inbound", sent)["id"])

    def change(self, record: str, **fields: Any) -> dict[str, Any]:
        """Change what exists, as its owner or Meta would."""
        return self._door(record, fields)

    def hold(self, waba_id: str, number: str) -> None:
        """Another record of the number comes into the account, as an earlier and forgotten signup leaves it."""
        account = self.runtime.world.records.accounts[waba_id]
        twin = make_number(self.runtime.world, account, "+1 555 010 0110", "Example Twin")
        twin.digits = "".join(filter(str.isdigit, number))

    def pass_time(self, seconds: float) -> None:
        self._door("clock", {"advance_seconds": seconds})

    def _door(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._client.post(f"/_sandbox/{name}", json=body)
        assert answer.status_code in {200, 201}, answer.get_data(as_text=True)
        return dict(answer.get_json())

    # Tokens

    @property
    def admin(self) -> str:
        return self.partner.admin_token

    @property
    def employee(self) -> str:
        return self.partner.employee_token

    @property
    def app_token(self) -> str:
        return f"{self.partner.app_id}|{self.partner.app_secret}"

    def exchange(self, code: str, **changed: str) -> TestResponse:
        form = {"client_id": self.partner.app_id, "client_secret": self.partner.app_secret, "code": code, **changed}
        return self._client.post(f"/{VERSION}/oauth/access_token", data=form)

    def token_for(self, signup: Signup) -> str:
        return str(self.exchange(signup.code).get_json()["access_token"])

    def token_of(self, kind: TokenKind, business: str) -> str:
        return {"app": self.app_token, "system": self.admin, "business": business}[kind]

    def revoke(self, token: str) -> None:
        """End a token the way its owner's app can."""
        query = {
            "client_id": self.partner.app_id,
            "client_secret": self.partner.app_secret,
            "revoke_token": token,
            "access_token": self.app_token,
        }
        assert self._client.get(f"/{VERSION}/oauth/revoke", query_string=query).status_code == 200

    # Graph

    def post(self, path: str, token: str, **form: str) -> TestResponse:
        """A call that has no card, because only tests make it."""
        proof = appsecret_proof(Secret(self.partner.app_secret), Secret(token))
        return self._client.post(
            f"/{VERSION}{path}", data={**form, "appsecret_proof": proof}, headers={"Authorization": f"Bearer {token}"}
        )

    def call(
        self,
        card: Card,
        ids: dict[str, str],
        params: dict[str, Any],
        token: str | None,
        *,
        proof: str | None = "right",
    ) -> TestResponse:
        """Make the call the way its card says. `proof` is "right", a text to send in its place, or None for none."""
        query = dict(params) if card.request.place == "query" else {}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if token and proof is not None:
            secret = Secret(self.partner.app_secret)
            query["appsecret_proof"] = appsecret_proof(secret, Secret(token)) if proof == "right" else proof
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
        return self._client.open(
            f"/{VERSION}{card.path.format(**ids)}",
            method=card.method,
            query_string=query,
            headers=headers,
            data=form if card.request.place == "form" else None,
            json=params if card.request.place == "json" else None,
        )


def numbers_of(answer: TestResponse) -> tuple[int, int | None, int | None]:
    """(status, code, subcode) of an error in Meta's envelope."""
    error = answer.get_json()["error"]
    assert isinstance(error["message"], str)
    assert isinstance(error["type"], str)
    assert isinstance(error["fbtrace_id"], str)
    return answer.status_code, error["code"], error.get("error_subcode")
