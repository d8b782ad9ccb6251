"""The app itself, with what its dashboard shows under *App settings → Basic*.

Meta's page: "Application" (node). Whether the app is live stands in no field of it.
"""

from dataclasses import dataclass

from app.kit.secret import Secret
from app.meta.replies import promised, text, texts
from app.meta.transport import Graph

FIELDS = "name,app_domains,privacy_policy_url,terms_of_service_url,category"


@dataclass(frozen=True)
class App:
    """`domains` are hosts without a scheme; what was never filled in is None, or no domain at all."""

    id: str
    name: str | None
    domains: tuple[str, ...]
    privacy_policy_url: str | None
    terms_of_service_url: str | None
    category: str | None


@dataclass(frozen=True)
class Apps:
    """Calls about the app, with the app token or a system token of the app."""

    graph: Graph

    def get(self, app_id: str, token: Secret) -> App:
        """`GET /{app}`. `PermissionMissing` (100/33) when it does not exist or the token is another app's."""
        reply = self.graph.call("GET", f"/{app_id}", token=token, params={"fields": FIELDS})
        return App(
            id=promised(reply, "id"),
            name=text(reply, "name"),
            domains=texts(reply, "app_domains"),
            privacy_policy_url=text(reply, "privacy_policy_url"),
            terms_of_service_url=text(reply, "terms_of_service_url"),
            category=text(reply, "category"),
        )
