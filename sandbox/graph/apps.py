"""The app itself, as its dashboard describes it. Nothing here tells whether it is live: Graph has no field for that."""

from sandbox.graph.doors import Call, Reply, door, node_of
from sandbox.graph.errors import no_such_object
from sandbox.graph.fields import NodeView
from sandbox.world.state import App

APP: NodeView[App] = NodeView(
    "Application",
    ("name", "link"),
    {
        "id": lambda _, app: app.id,
        "name": lambda _, app: app.name,
        "link": lambda _, app: f"https://www.facebook.com/games/?app_id={app.id}",
        "app_domains": lambda _, app: list(app.app_domains) or None,
        "privacy_policy_url": lambda _, app: app.privacy_policy_url,
        "terms_of_service_url": lambda _, app: app.terms_of_service_url,
        "category": lambda _, app: app.category,
    },
)


def own_app(call: Call) -> App:
    """The call's app, if the token is one of its own. Refuses (100/33) otherwise."""
    app = node_of(call, App)
    if app.id != call.bearer.app_id:
        raise no_such_object(app.id, call.method)
    return app


@door("GET app")
def get_app(call: Call) -> Reply:
    """The app with the fields asked for."""
    return APP.show(call, own_app(call))
