"""Settings → Runtime: the one place where real parts are chosen."""

from collections.abc import Sequence

from pydantic import SecretStr

from app.credentials.judging import DeadTokens
from app.credentials.keyring import Keyring
from app.credentials.partner import PartnerTokens
from app.credentials.vault import Vault
from app.db import Database
from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.transport import Graph
from app.runtime import Runtime
from app.work.engine import Engine
from config import Settings


def build(settings: Settings) -> Runtime:
    """The parts one process needs, with pools as large as its threads."""
    graph = Graph(
        base_url=settings.meta_graph_url,
        version=settings.meta_graph_version,
        app_id=settings.meta_app_id,
        app_secrets=secrets_of(settings.meta_app_secrets),
        pool=4 * settings.worker_threads,
    )
    db = Database(settings.database)
    engine = build_engine(settings)
    partner = PartnerTokens()

    def close() -> None:
        engine.close()
        db.dispose()

    return Runtime(
        settings=settings,
        db=db,
        meta=Meta.over(graph.hearing(DeadTokens(db, partner, engine.ring))),
        vault=Vault(Keyring.from_settings(settings.credential_keys)),
        wakes=engine,
        close=close,
        partner=partner,
    )


def build_engine(settings: Settings) -> Engine:
    """The carrier of wake-ups; the worker serves it, everybody else only rings."""
    return Engine(settings.queue_url, settings.data_dir, secrets_of(settings.secret_keys)[0])


def secrets_of(values: Sequence[SecretStr]) -> tuple[Secret, ...]:
    return tuple(Secret(value.get_secret_value()) for value in values)
