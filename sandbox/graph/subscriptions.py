"""Who hears of what: an account's subscribed apps, and an app's own callback and fields."""

from typing import Any

from sandbox.graph.accounts import reach_account
from sandbox.graph.apps import own_app
from sandbox.graph.doors import SUCCESS, Call, Reply, door
from sandbox.graph.errors import invalid, missing
from sandbox.graph.params import structure, text
from sandbox.webhooks.handshake import shake_hands
from sandbox.world.subscriptions import list_subscriptions, subscribe, unsubscribe

OBJECT = "whatsapp_business_account"


@door("GET account/subscribed_apps")
def list_subscribed_apps(call: Call) -> Reply:
    """The apps subscribed to the account, each with its override."""
    rows = []
    account = reach_account(call)
    subscriptions = list_subscriptions(call.world, account)
    if subscriptions and call.runtime.faults.lag.hides("subscribed_apps", account.id):
        subscriptions = []
    for subscription in subscriptions:
        app = call.world.records.apps[subscription.app_id]
        link = f"https://www.facebook.com/games/?app_id={app.id}"
        row: dict[str, Any] = {"whatsapp_business_api_data": {"id": app.id, "name": app.name, "link": link}}
        if subscription.override_uri:
            row["override_callback_uri"] = subscription.override_uri
        rows.append(row)
    return {"data": rows}


@door("POST account/subscribed_apps", unlocked=True)
def subscribe_app(call: Call) -> Reply:
    """Subscribes the token's app, with an override once its callback has answered; without one removes it."""
    with call.world.lock:
        account = reach_account(call)
    address = text(call.params, "override_callback_uri")
    verify_token = text(call.params, "verify_token")
    if address is not None:
        if verify_token is None:
            raise missing("verify_token")
        shake_hands(address, verify_token)
    if subscribe(call.world, call.app, account, address, verify_token if address else None):
        call.note("subscribed")
    return SUCCESS


@door("DELETE account/subscribed_apps")
def unsubscribe_app(call: Call) -> Reply:
    """Ends the subscription of the token's app."""
    if unsubscribe(call.world, call.app, reach_account(call)):
        call.note("unsubscribed")
    return SUCCESS


@door("GET app/subscriptions")
def list_app_subscriptions(call: Call) -> Reply:
    """The app's callback and the fields its dashboard lists."""
    app = own_app(call)
    if app.callback_url is None:
        return {"data": []}
    fields = [{"name": name, "version": "v25.0"} for name in app.fields]
    return {"data": [{"object": OBJECT, "callback_url": app.callback_url, "active": True, "fields": fields}]}


@door("POST app/subscriptions", unlocked=True)
def set_app_subscription(call: Call) -> Reply:
    """Sets callback, verify token and fields, once the callback has answered."""
    with call.world.lock:
        app = own_app(call)
    if text(call.params, "object") != OBJECT:
        raise invalid(f"object must be {OBJECT}.")
    address, verify_token = text(call.params, "callback_url"), text(call.params, "verify_token")
    if address is None:
        raise missing("callback_url")
    if verify_token is None:
        raise missing("verify_token")
    fields = _read_fields(call)
    shake_hands(address, verify_token)
    with call.world.lock:
        app.callback_url, app.verify_token, app.fields = address, verify_token, fields
    call.note("callback_set")
    return SUCCESS


@door("DELETE app/subscriptions")
def remove_app_subscription(call: Call) -> Reply:
    """Takes fields away, or the whole callback when none are named."""
    app = own_app(call)
    gone = set(_read_fields(call)) if "fields" in call.params else set(app.fields)
    app.fields = tuple(name for name in app.fields if name not in gone)
    if not app.fields:
        app.callback_url = None
    call.note("callback_removed")
    return SUCCESS


def _read_fields(call: Call) -> tuple[str, ...]:
    named = structure(call.params, "fields")
    if named is None:
        named = (text(call.params, "fields") or "").split(",")
    if not isinstance(named, list):
        raise invalid("fields must be a list of names.")
    fields = tuple(str(name).strip() for name in named if str(name).strip())
    if not fields:
        raise missing("fields")
    return fields
