"""The running parts, for a view: `rt()`."""

from typing import cast

from flask import Flask, current_app

from app.runtime import Runtime

_KEY = "gangway"


def put(app: Flask, rt: Runtime) -> None:
    """Give an application its parts; called once, by the frame."""
    app.extensions[_KEY] = rt


def rt() -> Runtime:
    """The parts the current application was made with."""
    return cast(Runtime, current_app.extensions[_KEY])
