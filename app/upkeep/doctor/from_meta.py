"""The questions to Meta. Each is asked whether or not another was answered, because they are asked side by side."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.kit.secret import Secret
from app.meta import dialog
from app.meta.calls import Call
from app.meta.client import Meta
from app.meta.errors import MetaRefused
from app.onboarding.window.meta_pages import back_address
from app.upkeep.doctor.facts import FromMeta, Trouble, Wire
from config import Settings

PATIENCE = (3.05, 6.0)  # seconds to connect, to answer: less than the doctor's own deadline
_PROOF_MISSING = 100
_VERSION = re.compile(r"v\d{1,3}\.\d")


def questions_for(settings: Settings, meta: Meta, token: Secret) -> Mapping[str, Callable[[], Any]]:
    """Every question by its name; `meta` should give up soon, `token` is our own."""
    app, business, user = settings.meta_app_id, settings.meta_business_id, settings.meta_system_user_id
    secrets = [Secret(secret.get_secret_value()) for secret in settings.meta_app_secrets]
    by_secret: dict[str, Callable[[], Any]] = {
        f"secret {place}": lambda secret=secret: meta.oauth.check_secret(secret)  # type: ignore[misc]
        for place, secret in enumerate(secrets)
    }
    by_name: dict[str, Callable[[], Any]] = {
        "app": lambda: meta.apps.get(app, meta.app_token),
        "subscriptions": lambda: meta.subscriptions.list_of(app, meta.app_token),
        "token": lambda: meta.oauth.inspect(token),
        "proof_required": lambda: _asks_for_proof(meta, app, token),
        "business": lambda: meta.businesses.get(business, token),
        "system_users": lambda: meta.system_users.list_of(business, token),
        "finance_permission": lambda: meta.system_users.finance_permission(user, token),
        "credit_lines": lambda: meta.credit_lines.list_of(business, token),
        "popup": lambda: _ask_window(settings, dialog.popup(settings.public_url)),
    }
    by_address: dict[str, Callable[[], Any]] = {
        f"redirect {address}": lambda address=address: _ask_window(settings, address)  # type: ignore[misc]
        for address in _redirect_addresses(settings)
    }
    return by_secret | by_name | by_address


def read_answers(settings: Settings, answers: Mapping[str, Any], calls: list[Call]) -> FromMeta:
    """The answers as facts; `calls` are those that were made for them."""
    graph = [name for name in answers if name != "popup" and not name.startswith("redirect ")]
    silent = sum(isinstance(answers[name], Trouble) and answers[name].kind == "silent" for name in graph)
    return FromMeta(
        wire=read_wire(calls, asked=len(graph), silent=silent),
        secrets=tuple(answers[f"secret {place}"] for place in range(len(settings.meta_app_secrets))),
        redirects={address: answers[f"redirect {address}"] for address in _redirect_addresses(settings)},
        **{name: answers[name] for name in answers if not name.startswith(("secret ", "redirect "))},
    )


def read_wire(calls: list[Call], *, asked: int, silent: int) -> Wire:
    """What the calls themselves tell. The quickest answer says best how far apart two clocks are.

    Meta's `Date` has whole seconds, cut off, so half of one is the fair guess at what was cut.
    """
    answered = sorted((call for call in calls if call.status is not None), key=lambda call: call.took_ms)
    dated = next((call for call in answered if call.dated_at is not None), None)
    ahead = None
    if dated is not None and dated.dated_at is not None:
        middle = dated.at.timestamp() + dated.took_ms / 2000
        ahead = round(middle - dated.dated_at.timestamp() - 0.5, 1)
    served = next((call.version for call in answered if call.version and _VERSION.fullmatch(call.version)), None)
    return Wire(asked, silent, answered[0].took_ms if answered else 0, ahead, served)


def _asks_for_proof(meta: Meta, app_id: str, token: Secret) -> bool:
    """Whether Meta takes a call with our proof and refuses the same one without. The call reads the app and no more."""
    meta.apps.get(app_id, token)
    bare = Meta.over(meta.graph.variant(proves=False))
    try:
        bare.apps.get(app_id, token)
    except MetaRefused as refused:
        if refused.code == _PROOF_MISSING:
            return True
        raise
    return False


def _redirect_addresses(settings: Settings) -> tuple[str, ...]:
    """Our page itself, which opens the window, and where Meta's full page leads back to."""
    return settings.public_url, back_address(settings)


def _ask_window(settings: Settings, redirect_uri: str) -> dialog.Refusal | None:
    return dialog.ask(
        settings.meta_web_origins[0],
        settings.meta_graph_version,
        app_id=settings.meta_app_id,
        config_id=settings.meta_signup_config_id,
        redirect_uri=redirect_uri,
        timeout=PATIENCE,
    )
