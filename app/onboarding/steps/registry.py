"""Which function does which step."""

from collections.abc import Callable

from app.onboarding.outcomes import Outcome
from app.onboarding.steps import credit, exchange, register, say_hi, subscribe, sync
from app.onboarding.walk import Walk

STEPS: dict[str, Callable[[Walk], Outcome]] = {
    "exchange": exchange.run,
    "subscribe": subscribe.run,
    "credit": credit.run,
    "register": register.run,
    "sync": sync.run,
    "test": say_hi.run,
}
