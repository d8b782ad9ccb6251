"""Which app hears of which account, and under which address."""

from sandbox.world.state import Account, App, Number, Subscription
from sandbox.world.world import World


def subscribe(
    world: World, app: App, account: Account, override_uri: str | None = None, verify_token: str | None = None
) -> bool:
    """Subscribes the app; without an address an earlier override is removed. True if anything changed."""
    with world.lock:
        new = Subscription(app.id, account.id, override_uri, verify_token)
        key = (app.id, account.id)
        changed = world.records.subscriptions.get(key) != new
        world.records.subscriptions[key] = new
        return changed


def unsubscribe(world: World, app: App, account: Account) -> bool:
    """Ends the app's subscription. True if there was one."""
    with world.lock:
        return world.records.subscriptions.pop((app.id, account.id), None) is not None


def list_subscriptions(world: World, account: Account) -> list[Subscription]:
    """All apps' subscriptions to the account."""
    found = (find_subscription(world, app_id, account.id) for app_id in list(world.records.apps))
    return [subscription for subscription in found if subscription is not None]


def find_subscription(world: World, app_id: str, account_id: str) -> Subscription | None:
    """One app's subscription to one account."""
    return world.records.subscriptions.get((app_id, account_id))


def set_number_override(world: World, number: Number, uri: str | None, verify_token: str | None) -> bool:
    """Sets the number's own callback, or removes it with None. True if it changed."""
    with world.lock:
        changed = (number.override_uri, number.override_verify_token) != (uri, verify_token)
        number.override_uri, number.override_verify_token = uri, verify_token
        return changed
