"""Getting a client's token for a code, and asking Meta what a token is.

Meta's pages: "Onboarding customers as a Solution Partner" (exchange) and "Debug token".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session

from app.kit.secret import Secret
from app.meta.replies import flag, moment, part, parts, promised, promised_part, text, texts
from app.meta.transport import Graph

WABA_SCOPE = "whatsapp_business_management"


@dataclass(frozen=True)
class TokenFault:
    """Why a token is not valid: Meta's code (190) and subcode (463 expired, 460 password changed, 458 app removed…)."""

    code: int | None
    subcode: int | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """What Meta says of a token.

    `targets` maps a scope to the ids it reaches, newest first; None means every asset. `expires_at` is None for a token
    that never expires. An invalid token is an inspection with `is_valid` False and `error`, not an exception.
    """

    is_valid: bool
    app_id: str | None
    type: str | None
    scopes: frozenset[str]
    targets: Mapping[str, tuple[str, ...] | None]
    expires_at: datetime | None
    issued_at: datetime | None
    user_id: str | None
    error: TokenFault | None

    def waba_targets(self) -> tuple[str, ...] | None:
        """Accounts the token reaches, newest first; None means Meta names none and any may be tried by reading it."""
        if WABA_SCOPE in self.targets:
            return self.targets[WABA_SCOPE]
        return None if WABA_SCOPE in self.scopes else ()


@dataclass(frozen=True)
class OAuth:
    """Calls of Graph's OAuth pages."""

    graph: Graph

    def exchange(self, code: Secret, *, redirect_uri: str | None = None) -> Secret:
        """`POST /oauth/access_token`: the business token for a code that lives 30 seconds and works once.

        Leave `redirect_uri` out for a code of the JavaScript popup; repeat it exactly for a redirect. Secrets travel in
        the body. When the code ends as refused (100/36007 expired, 36008 address, 36009 used) only a new signup helps.
        """
        path = "/oauth/access_token"
        shown: dict[str, Any] = {"client_id": self.graph.app_id, "client_secret": self.graph.app_secret, "code": code}
        if redirect_uri is not None:
            shown["redirect_uri"] = redirect_uri
        watch = self.graph.watch("POST", path, shown)
        session = OAuth2Session(
            self.graph.app_id,
            self.graph.app_secret.reveal(),
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - the name of a method
        )
        self.graph.outfit(session)
        # Authlib's own error would be the text of Meta's whole answer; we read it first and by meaning.
        session.register_compliance_hook("access_token_response", lambda response: _Read(watch.read(response)))

        def send() -> Secret:
            token = session.fetch_token(
                self.graph.address(path),
                grant_type="authorization_code",
                code=code.reveal(),
                redirect_uri=redirect_uri,
                timeout=self.graph.timeout,
                allow_redirects=False,
                stream=True,
            )
            return Secret(promised(token, "access_token"))

        return watch.run(send)

    def extend(self, token: Secret) -> Secret:
        """`POST /oauth/access_token` with `fb_exchange_token`: another token like this one, for 60 days from now.

        Meta's page: "System users: refresh access token". The old one lives on until its own end; one that has ended
        cannot be extended (190). Secrets travel in the body.
        """
        form = {
            "grant_type": "fb_exchange_token",
            "client_id": self.graph.app_id,
            "client_secret": self.graph.app_secret,
            "set_token_expires_in_60_days": "true",
            "fb_exchange_token": token,
        }
        return Secret(promised(self.graph.call("POST", "/oauth/access_token", token=None, form=form), "access_token"))

    def inspect(self, token: Secret) -> Inspection:
        """`GET /debug_token` with the app token: what `token` is, may and reaches."""
        reply = self.graph.call("GET", "/debug_token", token=self.app_token, params={"input_token": token})
        data = promised_part(reply, "data")
        fault = part(data, "error")
        return Inspection(
            is_valid=flag(data, "is_valid") is True,
            app_id=text(data, "app_id"),
            type=text(data, "type"),
            scopes=frozenset(texts(data, "scopes")),
            targets={
                promised(row, "scope"): texts(row, "target_ids") if "target_ids" in row else None
                for row in parts(data, "granular_scopes")
            },
            expires_at=moment(data, "expires_at"),
            issued_at=moment(data, "issued_at"),
            user_id=text(data, "user_id"),
            error=TokenFault(_whole(fault.get("code")), _whole(fault.get("subcode"))) if fault else None,
        )

    def check_secret(self, secret: Secret) -> None:
        """`POST /oauth/access_token` with `client_credentials`: whether `secret` is one of the app's.

        Meta's page: "Access tokens: app access tokens". `MetaRefused` with 101 when Meta knows no such app, with 1 when
        the secret is not its own. The token that comes back is `app_token` in other words, so it is not kept.
        """
        form = {"client_id": self.graph.app_id, "client_secret": secret, "grant_type": "client_credentials"}
        promised(self.graph.call("POST", "/oauth/access_token", token=None, form=form), "access_token")

    @property
    def app_token(self) -> Secret:
        """The token of the app itself, which Meta composes as `APP_ID|APP_SECRET`."""
        return Secret(f"{self.graph.app_id}|{self.graph.app_secret.reveal()}")


class _Read:
    """An answer whose body has been read, in the little of a response's shape that Authlib looks at."""

    status_code = requests.codes.ok

    def __init__(self, reply: dict[str, Any]) -> None:
        self._reply = reply

    def json(self) -> dict[str, Any]:
        # Only what we use: an odd `error` or `expires_in` would make Authlib raise words of Meta's.
        return {key: value for key, value in self._reply.items() if key in {"access_token", "token_type"}}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
