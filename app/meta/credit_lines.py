"""Paying for a client: sharing the partner's credit line and reading back what is shared.

Meta's page: "Share and attach a credit line". Calls use the partner's system token (admin or financial editor), except
`attach`, the second of the two-call form, which uses the client's business token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.kit.secret import Secret
from app.meta.replies import every, must_succeed, part, promised, text
from app.meta.transport import Graph


@dataclass(frozen=True)
class CreditLine:
    """A line Meta has given a portfolio, and the firm it was given to."""

    id: str
    legal_entity_name: str | None


@dataclass(frozen=True)
class Allocation:
    """A share of the line for one client's portfolio. Meta names the receiver when the shares are listed only."""

    id: str
    receiving_business_id: str | None = None
    receiving_business_name: str | None = None


@dataclass(frozen=True)
class CreditLines:
    """Calls about the partner's credit line and its allocations."""

    graph: Graph

    def list_of(self, business_id: str, token: Secret) -> tuple[CreditLine, ...]:
        """`GET /{portfolio}/extendedcredits`: the lines of the partner's portfolio; none for a Tech Provider."""
        params = {"fields": "id,legal_entity_name"}
        rows = every(self.graph, f"/{business_id}/extendedcredits", token=token, params=params)
        return tuple(CreditLine(promised(row, "id"), text(row, "legal_entity_name")) for row in rows)

    def share_and_attach(self, credit_line_id: str, token: Secret, *, waba_id: str, currency: str) -> Allocation:
        """`POST /{line}/whatsapp_credit_sharing_and_attach`: both steps in one. `currency` is an ISO code."""
        form = {"waba_currency": currency, "waba_id": waba_id}
        path = f"/{credit_line_id}/whatsapp_credit_sharing_and_attach"
        return _allocation(self.graph.call("POST", path, token=token, form=form))

    def share(self, credit_line_id: str, token: Secret, *, receiving_business_id: str) -> Allocation:
        """`POST /{line}/whatsapp_credit_sharing`: the first of two calls, with the system token."""
        form = {"receiving_business_id": receiving_business_id}
        return _allocation(
            self.graph.call("POST", f"/{credit_line_id}/whatsapp_credit_sharing", token=token, form=form)
        )

    def attach(self, credit_line_id: str, token: Secret, *, waba_id: str, currency: str) -> Allocation:
        """`POST /{line}/whatsapp_credit_attach`: the second of two calls, with the client's business token."""
        form = {"waba_currency": currency, "waba_id": waba_id}
        return _allocation(self.graph.call("POST", f"/{credit_line_id}/whatsapp_credit_attach", token=token, form=form))

    def allocations_for(
        self, credit_line_id: str, token: Secret, *, receiving_business_id: str
    ) -> tuple[Allocation, ...]:
        """`GET /{line}/owning_credit_allocation_configs`: what this portfolio receives from the line already."""
        params = {"receiving_business_id": receiving_business_id, "fields": "id,receiving_business"}
        rows = every(self.graph, f"/{credit_line_id}/owning_credit_allocation_configs", token=token, params=params)
        return tuple(
            Allocation(
                id=promised(row, "id"),
                receiving_business_id=text(part(row, "receiving_business"), "id"),
                receiving_business_name=text(part(row, "receiving_business"), "name"),
            )
            for row in rows
        )

    def receiving_credential_id(self, allocation_id: str, token: Secret) -> str | None:
        """`GET /{allocation}?fields=receiving_credential{id}`: equals the account's funding id once it is attached."""
        params = {"fields": "receiving_credential{id}"}
        reply = self.graph.call("GET", f"/{allocation_id}", token=token, params=params)
        promised(reply, "id")  # an answer that is not about the allocation must not pass for "no credential"
        return text(part(reply, "receiving_credential"), "id")

    def revoke(self, allocation_id: str, token: Secret) -> None:
        """`DELETE /{allocation}`: stop paying for EVERY account of that client's portfolio."""
        must_succeed(self.graph.call("DELETE", f"/{allocation_id}", token=token))


def _allocation(reply: Mapping[str, Any]) -> Allocation:
    return Allocation(id=promised(reply, "allocation_config_id"))
