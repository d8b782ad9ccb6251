"""The whole application, as the house tests walk through its doors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.build import build
from app.factory import create_app
from app.models import Base
from tests.conftest import settings_with


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application over an empty database, with nobody signed in and Meta nowhere."""
    rt = build(settings_with(tmp_path))
    Base.metadata.create_all(rt.db.engine)
    yield create_app(rt)
    rt.close()
