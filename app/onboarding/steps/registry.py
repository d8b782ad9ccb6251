"""Which function does which step."""

from collections.abc import Callable

from app.onboarding.ledger.outcomes import Outcome
from app.onboarding.ledger.walk import Walk
from app.onboarding.steps import (
    confirm,
    credit,
    exchange,
    fetch,
    inspect,
    name,
    register,
    say_hi,
    subscribe,
    sync,
    verify,
)

STEPS: dict[str, Callable[[Walk], Outcome]] = {
    "exchange": exchange.run,
    "fetch": fetch.run,
    "inspect": inspect.run,
    "subscribe": subscribe.run,
    "credit": credit.run,
    "verify": verify.run,
    "register": register.run,
    "confirm": confirm.run,
    "sync": sync.run,
    "name": name.run,
    "test": say_hi.run,
}
