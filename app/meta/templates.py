"""Message templates of an account, as far as somebody who looks at their states needs.

Meta's page: "Message templates" (edge of an account).
"""

from dataclasses import dataclass

from app.kit.secret import Secret
from app.meta.replies import every, promised, text
from app.meta.transport import Graph


@dataclass(frozen=True)
class Template:
    """One template in one language; `status` is Meta's word (`APPROVED`, `PAUSED`, …)."""

    id: str
    name: str | None
    language: str | None
    status: str


@dataclass(frozen=True)
class Templates:
    """Calls about templates."""

    graph: Graph

    def list_of(self, waba_id: str, token: Secret) -> tuple[Template, ...]:
        """`GET /{account}/message_templates`: all of them, by name and status alone."""
        params = {"fields": "id,name,language,status"}
        rows = every(self.graph, f"/{waba_id}/message_templates", token=token, params=params)
        return tuple(
            Template(promised(row, "id"), text(row, "name"), text(row, "language"), promised(row, "status"))
            for row in rows
        )
