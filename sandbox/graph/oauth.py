"""Codes become tokens, tokens are inspected, extended and ended: ``/oauth/access_token``, ``/debug_token``, revoke."""

import hmac
from typing import Any

from sandbox.counts import name_code
from sandbox.graph.auth import open_token
from sandbox.graph.doors import SUCCESS, Call, Reply, door
from sandbox.graph.errors import missing, no_permission
from sandbox.graph.params import flag, text
from sandbox.world import Refusal, World
from sandbox.world.state import App, Token, TokenKind
from sandbox.world.tokens import exchange_code, extend_token, revoke_token


@door("GET -/oauth/access_token")
@door("POST -/oauth/access_token")
def give_token(call: Call) -> Reply:
    """Code exchange, ``fb_exchange_token`` and ``client_credentials``, told apart by ``grant_type``."""
    app = _check_client(call)
    grant = text(call.params, "grant_type")
    if grant == "client_credentials":
        return {"access_token": f"{app.id}|{app.secret}", "token_type": "bearer"}
    if grant == "fb_exchange_token":
        return _extend(call, app)
    if grant not in (None, "authorization_code"):
        raise Refusal(100, "Unsupported grant_type", bare=True)
    code = text(call.params, "code")
    if code is None:
        raise missing("code")
    call.attempt("exchanged", name_code(code))
    token = exchange_code(call.world, app, code, text(call.params, "redirect_uri"))
    call.note("exchanged")
    return {"access_token": token.value, "token_type": "bearer", **_expires_in(call.world, token)}


@door("GET -/oauth/revoke")
def revoke(call: Call) -> Reply:
    """Ends a token: with the app's secret and either the app's own token or the token itself."""
    app = _check_client(call)
    value = text(call.params, "revoke_token")
    if value is None:
        raise missing("revoke_token")
    bearer = open_token(call.world, call.token_value)
    if bearer.app_id != app.id or (bearer.kind != TokenKind.APP and bearer.value != value):
        raise no_permission("Only the app or the token itself may revoke a token.")
    if revoke_token(call.world, value):
        call.note("revoked")
    return SUCCESS


@door("GET -/debug_token")
def debug_token(call: Call) -> Reply:
    """What a token is. A dead one is described with ``is_valid: false`` and HTTP 200."""
    value = text(call.params, "input_token")
    if value is None:
        raise missing("input_token")
    app = call.app
    try:
        token = open_token(call.world, value)
    except Refusal as refusal:
        return {"data": _describe_dead(call.world, app, value, refusal)}
    if token.app_id != app.id:
        raise Refusal(100, "The App_id in the input_token did not match the Viewing App")
    return {"data": _describe_alive(app, token)}


def _check_client(call: Call) -> App:
    app_id = text(call.params, "client_id")
    if app_id is None:
        raise missing("client_id")
    app = call.world.records.apps.get(app_id)
    if app is None:
        raise Refusal(
            101, "Error validating application. Cannot get application info due to a system error.", bare=True
        )
    if not hmac.compare_digest(app.secret.encode(), (text(call.params, "client_secret") or "").encode()):
        raise Refusal(1, "Error validating client secret.", bare=True)
    return app


def _extend(call: Call, app: App) -> Reply:
    value = text(call.params, "fb_exchange_token")
    if value is None:
        raise missing("fb_exchange_token")
    sixty_days = flag(call.params, "set_token_expires_in_60_days")
    call.attempt("extended", name_code(value))
    token = extend_token(call.world, app, value, sixty_days=sixty_days)
    call.note("extended")
    return {"access_token": token.value, "token_type": "bearer", **_expires_in(call.world, token)}


def _expires_in(world: World, token: Token) -> dict[str, int]:
    """Seconds to live; a token that never expires comes without it."""
    return {} if token.expires_at is None else {"expires_in": int(token.expires_at - world.now())}


def _describe_alive(app: App, token: Token) -> dict[str, Any]:
    if token.kind == TokenKind.APP:
        return {"app_id": app.id, "type": "APP", "application": app.name, "is_valid": True, "scopes": []}
    return {
        "app_id": app.id,
        "type": "SYSTEM_USER",
        "application": app.name,
        "data_access_expires_at": 0,
        "expires_at": int(token.expires_at or 0),
        "is_valid": True,
        "issued_at": int(token.issued_at),
        "scopes": list(token.scopes),
        "granular_scopes": [_describe_scope(token, scope) for scope in token.scopes if scope != "public_profile"],
        "user_id": token.user_id,
    }


def _describe_scope(token: Token, scope: str) -> dict[str, Any]:
    """Targets newest first. No ``target_ids`` means all assets: so with system tokens, and with some customers'."""
    if token.kind == TokenKind.SYSTEM or token.all_targets:
        return {"scope": scope}
    if scope == "business_management":
        return {"scope": scope, "target_ids": [token.business_id]}
    return {"scope": scope, "target_ids": list(reversed(token.account_ids))}


def _describe_dead(world: World, app: App, value: str, refusal: Refusal) -> dict[str, Any]:
    error: dict[str, Any] = {"code": refusal.code, "message": refusal.title}
    if refusal.subcode is not None:
        error["subcode"] = refusal.subcode
    described: dict[str, Any] = {"error": error, "is_valid": False, "scopes": []}
    token = world.records.tokens.get(value)
    if token is not None:
        described |= {"app_id": app.id, "expires_at": int(token.expires_at or 0)}
    return described
