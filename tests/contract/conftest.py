import pytest

from tests.contract.local_meta import LocalMeta
from tests.meta.conftest import graph, local, local_server, meta

__all__ = ["graph", "local", "local_server", "meta"]


@pytest.fixture
def local_meta() -> LocalMeta:
    """A fresh strict local Meta with its example partner."""
    return LocalMeta()
