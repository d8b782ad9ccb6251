"""The API's doors, put into an application."""

from flask import Flask

from app.api import document
from app.api.doors import DOORS


def install(app: Flask) -> None:
    """Register every door, and the document that describes them all."""
    for door in (*DOORS, document.bp):
        app.register_blueprint(door)
