"""System users of a portfolio, and which of them may act on an account.

Meta's pages: "System users" and "WhatsApp Business Account: assigned users". Admin system users reach shared accounts
by themselves; employee system users must be assigned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kit.secret import Secret
from app.meta.replies import every, must_succeed, promised, text, texts
from app.meta.transport import Graph


@dataclass(frozen=True)
class SystemUser:
    """`role` is `ADMIN`, `EMPLOYEE`, `FINANCE_EDITOR` or another word of Meta's."""

    id: str
    name: str | None
    role: str | None


@dataclass(frozen=True)
class AssignedUser:
    """Somebody who may act on an account; `tasks` are `MANAGE`, `DEVELOP` or finer ones."""

    id: str
    name: str | None
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class SystemUsers:
    """Calls about system users, with the partner's system token."""

    graph: Graph

    def list_of(self, business_id: str, token: Secret) -> tuple[SystemUser, ...]:
        """`GET /{portfolio}/system_users`."""
        params = {"fields": "id,name,role"}
        rows = every(self.graph, f"/{business_id}/system_users", token=token, params=params)
        return tuple(SystemUser(promised(row, "id"), text(row, "name"), text(row, "role")) for row in rows)

    def finance_permission(self, user_id: str, token: Secret) -> str | None:
        """`GET /{system user}?fields=finance_permission`: `EDITOR` may share the credit line; None when Meta is silent.

        Asked for by itself, because Meta refuses a whole answer for one field it does not know.
        """
        reply = self.graph.call("GET", f"/{user_id}", token=token, params={"fields": "finance_permission"})
        promised(reply, "id")  # an answer that is not about the user must not pass for "no permission"
        return text(reply, "finance_permission")

    def assigned(self, waba_id: str, token: Secret, *, business_id: str) -> tuple[AssignedUser, ...]:
        """`GET /{account}/assigned_users`: who of the portfolio `business_id` is on the account."""
        rows = every(self.graph, f"/{waba_id}/assigned_users", token=token, params={"business": business_id})
        return tuple(AssignedUser(promised(row, "id"), text(row, "name"), texts(row, "tasks")) for row in rows)

    def assign(self, waba_id: str, token: Secret, *, user_id: str, tasks: Sequence[str] = ("MANAGE",)) -> None:
        """`POST /{account}/assigned_users`: put a system user on the account. Safe to repeat."""
        form = {"user": user_id, "tasks": list(tasks)}
        must_succeed(self.graph.call("POST", f"/{waba_id}/assigned_users", token=token, form=form))

    def fetch_token(self, business_id: str, token: Secret) -> Secret:
        """`POST /{client's portfolio}/system_user_access_tokens` with `fetch_only`: the token it gave our app.

        Asking again gives the same one ("Hosted Embedded Signup"). `PermissionMissing` where nothing is shared.
        """
        reply = self.graph.call(
            "POST", f"/{business_id}/system_user_access_tokens", token=token, form={"fetch_only": "true"}
        )
        return Secret(promised(reply, "access_token"))
