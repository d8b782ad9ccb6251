"""The Graph API over the world. A new call is one function in the room of its noun and one row in ``token_kinds``."""

from sandbox.graph import (
    accounts,
    apps,
    credit_lines,
    messages,
    numbers,
    oauth,
    subscriptions,
    system_users,
    templates,
)
from sandbox.graph.dispatch import bp

__all__ = [
    "accounts",
    "apps",
    "bp",
    "credit_lines",
    "messages",
    "numbers",
    "oauth",
    "subscriptions",
    "system_users",
    "templates",
]
