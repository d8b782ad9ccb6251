"""The command line over the whole application."""

from collections.abc import Callable

import pytest
from click.testing import Result

from app.factory import create_app
from app.runtime import Runtime

Run = Callable[..., Result]


@pytest.fixture
def run(rt: Runtime) -> Run:
    """Type a command; `stdin` is what is piped into it. stdout and stderr are kept apart."""
    runner = create_app(rt).test_cli_runner()
    return lambda *typed, stdin=None: runner.invoke(args=list(typed), input=stdin)
