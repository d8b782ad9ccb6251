"""Registers our callback and fields with the app, when somebody asks for it. The only thing the doctor changes.

A walker: it looks, writes down what is about to be done, calls Meta, and writes down what came of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit.store import Actor, add_entry
from app.kit.errors import AppError, Conflict, Unavailable
from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.errors import MetaBusy, MetaError, MetaUnreachable
from app.meta.subscriptions import Subscription
from app.runtime import Runtime
from app.upkeep.doctor.fields import FIELDS, OBJECT
from app.upkeep.doctor.verdicts import shown_address

CALLBACK_NOT_VERIFIED = 2200
PATIENCE = (3.05, 8.0)  # seconds to connect, to answer; Meta calls us back before it answers
BY_HAND = "Do it by hand: WhatsApp → Configuration → Webhook in the app’s dashboard."


@dataclass(frozen=True)
class Heard:
    """What the app hears before anything is changed. `callback` is fit to be shown, empty where there is none."""

    callback: str
    is_ours: bool
    fields: frozenset[str]

    @property
    def is_anothers(self) -> bool:
        """Whether registering takes the notifications away from another address."""
        return bool(self.callback) and not self.is_ours


@dataclass(frozen=True)
class Registered:
    """What was changed: the callback there was before, and the fields that came on top."""

    before: str
    added: tuple[str, ...]


def read_heard(rt: Runtime) -> Heard:
    """Ask Meta what the app hears now. Raises `Conflict` or `Unavailable` with a sentence for staff."""
    meta, settings = _impatient(rt), rt.settings
    try:
        subscriptions = meta.subscriptions.list_of(settings.meta_app_id, meta.app_token)
    except MetaError as error:
        raise _in_words(error, "nothing was changed") from None
    return _heard(subscriptions, settings.callback_url)


def register(rt: Runtime, *, actor: Actor, replaces: str, now: datetime) -> Registered:
    """Make `settings.callback_url` the app's callback, with every field we need on top of those it has.

    `replaces` is the address the person has seen and means to replace, as `Heard.callback` shows it; empty for none.
    Raises `Conflict` where another address stands there by now or Meta refuses, `Unavailable` without an answer.
    """
    meta, settings = _impatient(rt), rt.settings
    heard = read_heard(rt)
    if heard.is_anothers and heard.callback != replaces:
        raise Conflict(f"Meta now sends to {heard.callback}. Look again before you replace that.")
    wanted = heard.fields | {field.name for field in FIELDS}
    added = tuple(sorted(wanted - heard.fields))
    facts = {"callback": settings.callback_url, "before": heard.callback, "added": list(added)}
    _note(rt, actor, "webhooks.registering", now, **facts)
    try:
        meta.subscriptions.register(
            settings.meta_app_id,
            meta.app_token,
            object=OBJECT,
            callback=settings.callback_url,
            verify_token=Secret(settings.meta_verify_token.get_secret_value()),
            fields=wanted,
        )
    except MetaError as error:
        _note(rt, actor, "webhooks.register_failed", now, code=error.code, kind=type(error).__name__)
        raise _in_words(error, "whether anything was changed is not known") from None
    _note(rt, actor, "webhooks.registered", now, **facts)
    return Registered(heard.callback, added)


def _impatient(rt: Runtime) -> Meta:
    """Meta's calls with the patience of somebody who looks at a page."""
    return Meta.over(rt.meta.graph.variant(timeout=PATIENCE))


def _heard(subscriptions: Sequence[Subscription], ours: str) -> Heard:
    found = next((one for one in subscriptions if one.object == OBJECT), None)
    if found is None:
        return Heard("", is_ours=False, fields=frozenset())
    return Heard(shown_address(found.callback_url or ""), found.callback_url == ours, found.fields)


def _note(rt: Runtime, actor: Actor, action: str, now: datetime, **facts: Any) -> None:
    with rt.db.write() as session:
        add_entry(session, actor, action, "app", rt.settings.meta_app_id, now=now, **facts)


def _in_words(error: MetaError, so_far: str) -> AppError:
    """An error of Meta's as a sentence for staff; its own words have no secret in them."""
    if isinstance(error, MetaUnreachable | MetaBusy):
        return Unavailable(f"Meta gave no answer; {so_far}. Check again in a moment.")
    said = f" Meta says: {error.details}" if error.details else ""
    if error.code == CALLBACK_NOT_VERIFIED:
        missed = "Meta called our callback and did not get the answer it wants; see “Public address”."
        return Conflict(f"{missed}{said}", code="callback_not_verified")
    return Conflict(f"Meta refused (code {error.code}).{said} {BY_HAND}", code="meta_refused")
