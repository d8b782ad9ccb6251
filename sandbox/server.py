"""The app: Graph, SDK, dialog, contact's phone and the ``/_sandbox/`` doors over one runtime."""

from flask import Flask, Response

from sandbox import control, dialog, graph, phone, sdk
from sandbox.runtime import Runtime


def create_app(runtime: Runtime) -> Flask:
    """The WSGI app of one local Meta."""
    app = Flask("sandbox", static_folder=None)
    app.extensions["sandbox"] = runtime
    app.register_blueprint(control.bp)
    app.register_blueprint(sdk.bp)
    app.register_blueprint(dialog.bp)
    app.register_blueprint(phone.bp)
    app.register_blueprint(graph.bp)

    @app.get("/favicon.ico")
    def no_icon() -> Response:
        return Response(status=204)

    return app
