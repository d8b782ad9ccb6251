"""The client's face over real parts: a database of each kind, and a browser without a screen.

Nothing answers at Meta's address here; a test that needs Meta asks for `with_meta`, which puts the local one there.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.connect.views import bp
from app.runtime import Runtime
from app.web.frame import install
from config import Settings
from tests.connect.visitor import Visitor, make_link
from tests.onboarding.conftest import meta_world, new_walker, walker, world_settings
from tests.parts import running

__all__ = ["meta_world", "new_walker", "walker", "world_settings"]

Visits = Callable[..., Visitor]


def make_app(rt: Runtime) -> Flask:
    """The frame and the client's face alone, where `app/factory.py` would put them."""
    app = Flask("gangway", static_folder=None, template_folder=None)
    install(app, rt)
    app.register_blueprint(bp)
    return app


@pytest.fixture
def with_meta(rt: Runtime, world_settings: Settings) -> Iterator[Runtime]:
    """The same parts, with the local Meta at Meta's address."""
    with running(world_settings, rt.db, rt.wakes) as parts:
        yield parts


@pytest.fixture
def app(rt: Runtime) -> Flask:
    return make_app(rt)


@pytest.fixture
def visitor(app: Flask, rt: Runtime) -> Visits:
    """Makes a link and a browser that has opened it; `order` is the link's."""

    def open_page(name: str = "Example Bakery", **order: Any) -> Visitor:
        return Visitor.at(app, make_link(rt, name, **order))

    return open_page
