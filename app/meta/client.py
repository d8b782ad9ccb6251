"""The whole Graph API we use, as one value that can be handed around."""

from collections.abc import Callable
from dataclasses import dataclass

from app.kit.secret import Secret
from app.meta.accounts import Accounts
from app.meta.apps import Apps
from app.meta.businesses import Businesses
from app.meta.credit_lines import CreditLines
from app.meta.looks import Looks
from app.meta.messages import Messages
from app.meta.numbers import Numbers
from app.meta.oauth import OAuth
from app.meta.sharing import Sharing
from app.meta.subscriptions import Subscriptions
from app.meta.system_users import SystemUsers
from app.meta.templates import Templates
from app.meta.transport import Call, Gate, Graph


@dataclass(frozen=True)
class Meta:
    """Groups of calls over one `Graph`. Build it with `Meta.over(graph)`; safe to share between threads."""

    graph: Graph
    apps: Apps
    businesses: Businesses
    oauth: OAuth
    accounts: Accounts
    numbers: Numbers
    credit_lines: CreditLines
    system_users: SystemUsers
    messages: Messages
    subscriptions: Subscriptions
    sharing: Sharing
    looks: Looks
    templates: Templates

    @classmethod
    def over(cls, graph: Graph) -> "Meta":
        return cls(
            graph=graph,
            apps=Apps(graph),
            businesses=Businesses(graph),
            oauth=OAuth(graph),
            accounts=Accounts(graph),
            numbers=Numbers(graph),
            credit_lines=CreditLines(graph),
            system_users=SystemUsers(graph),
            messages=Messages(graph),
            subscriptions=Subscriptions(graph),
            sharing=Sharing(graph),
            looks=Looks(graph),
            templates=Templates(graph),
        )

    def recording(self, sink: Callable[[Call], None]) -> "Meta":
        """The same calls, each also told to `sink`; shares the connections, so make one per step at will."""
        return Meta.over(self.graph.recording(sink))

    def paced(self, gate: Gate) -> "Meta":
        """The same calls, each made inside of `gate()`, which may let it wait."""
        return Meta.over(self.graph.paced(gate))

    @property
    def app_token(self) -> Secret:
        """The token of the app itself, which asks about tokens and about the app, and touches no client."""
        return self.oauth.app_token
