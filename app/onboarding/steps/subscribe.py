"""Step 2: Meta sends this account's events to our app, and our app's callback is our address."""

from app.kit.secret import Secret
from app.meta.accounts import SubscribedApp
from app.meta.numbers import WebhookConfiguration
from app.onboarding.ledger.outcomes import Done, Outcome, Waiting
from app.onboarding.ledger.troubles import needs_us
from app.onboarding.ledger.walk import Walk

OBJECT = "whatsapp_business_account"


def run(walk: Walk) -> Outcome:
    token = walk.open_token()
    if _ours(walk, walk.meta.accounts.subscribed_apps(walk.waba_id, token)) is None:
        # Subscribing twice is the same as once, so no intention needs to be written down first.
        walk.meta.accounts.subscribe(walk.waba_id, token)
    apps, hooks = walk.both(
        lambda: walk.meta.accounts.subscribed_apps(walk.waba_id, token), lambda: _hooks(walk, token)
    )
    ours = _ours(walk, apps)
    if ours is None:
        return Waiting("subscription_listed")
    listed = {"app": ours.id}
    callback = _callback(walk, ours, hooks)
    if callback != walk.settings.callback_url:
        return needs_us("callback_differs", {"listed": listed}, theirs=callback or "", ours=walk.settings.callback_url)
    return Done({"callback": callback}, {"subscription_listed": listed, "callback_ours": {"callback": callback}})


def _ours(walk: Walk, apps: tuple[SubscribedApp, ...]) -> SubscribedApp | None:
    """Our own subscription; other apps of other partners may be listed beside it."""
    return next((app for app in apps if app.id == walk.settings.meta_app_id), None)


def _hooks(walk: Walk, token: Secret) -> WebhookConfiguration:
    """What Meta holds for the number; an account without one has no more than its app's address."""
    if walk.facts.phone_number_id is None:
        return WebhookConfiguration(None, None, None)
    return walk.meta.numbers.get(walk.phone_number_id, token).webhook_configuration


def _callback(walk: Walk, ours: SubscribedApp, hooks: WebhookConfiguration) -> str | None:
    """Where messages go: the address of the number, else of the account, else of the app."""
    nearest = hooks.phone_number or hooks.whatsapp_business_account or ours.override_callback_uri or hooks.application
    return nearest or _of_app(walk)


def _of_app(walk: Walk) -> str | None:
    """Meta may leave the configuration out of a number; then the app itself is asked."""
    for subscription in walk.meta.subscriptions.list_of(walk.settings.meta_app_id, walk.meta.app_token):
        if subscription.object == OBJECT:
            return subscription.callback_url
    return None
