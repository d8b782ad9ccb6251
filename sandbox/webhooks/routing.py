"""Where a notice goes: number before account before app, and only to who subscribed."""

from sandbox.webhooks.wire import MESSAGE_FIELDS
from sandbox.world import Notice, World
from sandbox.world.subscriptions import find_subscription


def find_address(world: World, notice: Notice) -> str | None:
    """The address this notice is delivered to now, or None if nobody wants it.

    An app hears a field only if it is live and its dashboard lists it. What belongs to an account needs a subscription
    to that account; PARTNER_ADDED and its kind belong to the portfolio and need none. Overrides apply to message-type
    fields alone: account and template fields always go to the app's own address.
    """
    app = world.records.apps.get(notice.app_id)
    if app is None or not app.live or notice.field not in app.fields:
        return None
    if notice.account_id is None:
        return app.callback_url
    subscription = find_subscription(world, app.id, notice.account_id)
    if subscription is None:
        return None
    return find_override(world, notice) or app.callback_url


def find_override(world: World, notice: Notice) -> str | None:
    """The number's or the account's own address, for fields that may go there."""
    if notice.field not in MESSAGE_FIELDS or notice.account_id is None:
        return None
    number = world.records.numbers.get(notice.number_id or "")
    if number is not None and number.override_uri:
        return number.override_uri
    subscription = find_subscription(world, notice.app_id, notice.account_id)
    return subscription.override_uri if subscription else None
