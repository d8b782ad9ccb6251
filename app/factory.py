"""The web application: the shared frame, then each face with its guard. Nothing is decided here."""

from pathlib import Path

from flask import Flask

from app.api.views import install as install_api
from app.cli.groups import register
from app.connect.views import bp as connect
from app.console.views import bp as console
from app.health import bp as health
from app.runtime import Runtime
from app.web.frame import install
from app.webhooks.privacy import bp as privacy_callbacks
from app.webhooks.views import bp as webhooks


def create_app(rt: Runtime) -> Flask:
    """The Flask application over the given parts; makes no connection and starts nothing."""
    app = Flask("gangway", root_path=str(Path(__file__).parent), static_folder=None, template_folder=None)
    install(app, rt)
    for face in (health, webhooks, privacy_callbacks, connect, console):
        app.register_blueprint(face)
    install_api(app)
    register(app)
    return app
