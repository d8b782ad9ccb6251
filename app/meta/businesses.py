"""Portfolios: the partner's own, and those of clients who shared something with it.

Meta's page: "Business" (node).
"""

from dataclasses import dataclass

from app.kit.secret import Secret
from app.meta.replies import promised, text
from app.meta.transport import Graph


@dataclass(frozen=True)
class Business:
    """`verification_status` is `verified`, `not_verified` or another word of Meta's."""

    id: str
    name: str | None
    verification_status: str | None


@dataclass(frozen=True)
class Businesses:
    """Calls about one portfolio."""

    graph: Graph

    def get(self, business_id: str, token: Secret) -> Business:
        """`GET /{portfolio}`. `PermissionMissing` (100/33) when it does not exist or the token does not see it."""
        params = {"fields": "name,verification_status"}
        reply = self.graph.call("GET", f"/{business_id}", token=token, params=params)
        return Business(promised(reply, "id"), text(reply, "name"), text(reply, "verification_status"))
