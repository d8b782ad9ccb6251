"""Judgements about Meta's notifications: that our door is open to the world, and that Meta knocks at it."""

from datetime import datetime

from app.upkeep.doctor.facts import Facts, Trouble
from app.upkeep.doctor.fields import OBJECT
from app.upkeep.doctor.verdicts import Verdict, shown_address, unchecked, untold, verdict

ACCOUNT_UPDATE = "account_update"
NOBODY_LISTENS = "the app has no callback yet"


def public_address(facts: Facts, _now: datetime) -> Verdict:
    """PUBLIC_URL leads to this very installation."""
    ours, door = facts.ours, facts.house.door
    if ours.loopback and not ours.rehearsal:
        return verdict("loopback", address=ours.public_url)
    match door.kind:
        case "silent":
            return verdict("silent", address=ours.callback_url, why=door.detail)
        case "status":
            return verdict("status", address=ours.callback_url, status=door.detail)
        case "redirect":
            return verdict("redirect", address=ours.callback_url, to=door.detail)
        case "another":
            return verdict("another", address=ours.callback_url)
    return verdict("rehearsal" if ours.rehearsal else "ok", address=ours.public_url)


def verify_token(facts: Facts, _now: datetime) -> Verdict:
    """The door knows the verify token of our settings."""
    return verdict("differs" if facts.house.door.kind == "other_token" else "ok")


def callback(facts: Facts, _now: datetime) -> Verdict:
    """The app's notifications come to us."""
    subscriptions, ours = facts.meta.subscriptions, facts.ours.callback_url
    if isinstance(subscriptions, Trouble):
        return untold(subscriptions)
    heard = next((one for one in subscriptions if one.object == OBJECT), None)
    if heard is None or not heard.callback_url:
        return verdict("missing", ours=ours)
    if heard.callback_url != ours:
        return verdict("differs", ours=ours, theirs=shown_address(heard.callback_url))
    return verdict("ok", ours=ours) if heard.active else verdict("inactive", ours=ours)


def account_update(facts: Facts, _now: datetime) -> Verdict:
    """The app hears of accounts that come and go. Meta demands this field of whoever uses the signup window."""
    subscriptions = facts.meta.subscriptions
    if isinstance(subscriptions, Trouble):
        return untold(subscriptions)
    heard = next((one for one in subscriptions if one.object == OBJECT), None)
    if heard is None:
        return unchecked(NOBODY_LISTENS)
    return verdict("ok" if ACCOUNT_UPDATE in heard.fields else "missing")


def webhook_fields(facts: Facts, _now: datetime) -> Verdict:
    """The app hears every other field we need."""
    subscriptions = facts.meta.subscriptions
    if isinstance(subscriptions, Trouble):
        return untold(subscriptions)
    heard = next((one for one in subscriptions if one.object == OBJECT), None)
    if heard is None:
        return unchecked(NOBODY_LISTENS)
    missing = [field for field in facts.fields if field.name not in heard.fields and field.name != ACCOUNT_UPDATE]
    if not missing:
        return verdict("ok", count=len(facts.fields))
    names = ", ".join(field.name for field in missing)
    urgent = any(field.need == "must" for field in missing)
    return verdict("must_be_heard" if urgent else "missing", missing=names)
