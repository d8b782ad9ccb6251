"""The running parts of a test: as `app/build.py` puts them together, over a database and wake-ups of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.build import secrets_of
from app.credentials.judging import DeadTokens
from app.credentials.keyring import Keyring
from app.credentials.partner import PartnerTokens
from app.credentials.vault import Vault
from app.db import Database
from app.meta.client import Meta
from app.meta.transport import Graph
from app.runtime import Runtime, Wakes
from config import Settings


@contextmanager
def running(settings: Settings, db: Database, wakes: Wakes) -> Iterator[Runtime]:
    """All parts are real; Meta is whoever answers at the address in the settings."""
    graph, partner = graph_of(settings), PartnerTokens()
    yield Runtime(
        settings=settings,
        db=db,
        meta=Meta.over(graph.hearing(DeadTokens(db, partner, wakes.ring))),
        vault=Vault(Keyring.from_settings(settings.credential_keys)),
        wakes=wakes,
        close=db.dispose,
        partner=partner,
    )
    graph._adapter.close()


def graph_of(settings: Settings) -> Graph:
    return Graph(
        base_url=settings.meta_graph_url,
        version=settings.meta_graph_version,
        app_id=settings.meta_app_id,
        app_secrets=secrets_of(settings.meta_app_secrets),
        timeout=(5.0, 10.0),
        pool=16,
    )
