"""The web application for any WSGI server: settings → runtime → app."""

from app.build import build
from app.factory import create_app
from app.kit.logs import start_logging
from app.kit.memory import settle_in
from config import load

settings = load()
start_logging(settings.log_level)
app = create_app(build(settings))
settle_in()
