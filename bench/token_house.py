"""A house for measuring tokens: the running parts over a SQLite file, with as many tokens as are wanted, all due."""

import base64
import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from app.build import secrets_of
from app.clients.models import Client
from app.credentials.envelope import seal
from app.credentials.keyring import Keyring, KeyWrapper
from app.credentials.models import Credential, TokenWatch
from app.credentials.scopes import place_of, scope_of
from app.credentials.vault import Vault
from app.db import Database
from app.kit import clock
from app.kit.ids import new_id
from app.meta.client import Meta
from app.meta.transport import Graph
from app.models import Base
from app.numbers.models import Account
from app.runtime import Runtime
from config import Settings, load

LIMIT = 200
SCOPES = ["business_management", "whatsapp_business_management", "whatsapp_business_messaging"]
KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()


@contextmanager
def house(facts: dict[str, Any]) -> Iterator[tuple[Runtime, Database]]:
    """The running parts over a SQLite file of their own."""
    with tempfile.TemporaryDirectory(prefix="gangway-") as folder:
        settings = settings_for(Path(folder), facts)
        db = Database(settings.database)
        Base.metadata.create_all(db.engine)
        graph = Graph(
            base_url=settings.meta_graph_url,
            version=settings.meta_graph_version,
            app_id=settings.meta_app_id,
            app_secrets=secrets_of(settings.meta_app_secrets),
        )
        vault = Vault(Keyring.from_settings(settings.credential_keys))
        yield Runtime(settings, db, Meta.over(graph), vault, Quiet(), db.dispose), db
        db.dispose()


class Quiet:
    """Nobody is woken here."""

    def ring(self, stream: str) -> None:
        del stream


def settings_for(data_dir: Path, facts: dict[str, Any]) -> Settings:
    return load(
        public_url="http://localhost:5000",
        data_dir=data_dir,
        secret_keys="a-signing-key-for-a-measurement-0000001",  # noqa: S106
        credential_keys=KEY,
        meta_upkeep_calls_per_second=LIMIT,
        meta_app_id=facts.get("app_id", "1234567890"),
        meta_app_secrets=facts.get("app_secret", "a_secret_of_nothing"),
        meta_verify_token=facts.get("verify_token", "a_verify_token"),
        meta_signup_config_id=facts.get("signup_config_id", "100000"),
        meta_business_id=facts.get("business_id", "100001"),
        meta_system_user_id=facts.get("admin_system_user_id", "100002"),
        meta_system_token=facts.get("admin_system_token", "EAAsystem"),
        meta_graph_url=facts.get("graph_url", "http://localhost:9"),
    )


def sow(db: Database, tokens: list[tuple[str, str]], many: int, *, keyring: KeyWrapper | None = None) -> None:
    """So many clients with an account and a token of day 46 each, all due; sealed for `house()` where none is given."""
    keyring = keyring or Keyring([base64.urlsafe_b64decode(KEY)])
    now = clock.now()
    began, ends = now - timedelta(days=46), now + timedelta(days=14, hours=12)
    turns = itertools.cycle(tokens)
    for start in range(0, many, 2000):
        clients, accounts, credentials, watches = [], [], [], []
        for _ in range(start, min(start + 2000, many)):
            token, waba_id = next(turns)
            client_id, credential_id = new_id(), new_id()
            sealed = seal(keyring, token.encode(), place_of(credential_id, "business_token", client_id))
            scope = scope_of("business_token", client_id, waba_id)
            clients.append({"id": client_id, "name": "Example", "created_at": began})
            accounts.append({"id": new_id(), "client_id": client_id, "waba_id": waba_id, "told": {}, "seen_at": began})
            credentials.append(
                {
                    "id": credential_id,
                    "kind": "business_token",
                    "client_id": client_id,
                    "subject": waba_id,
                    "version": 1,
                    "current_scope": scope,
                    "sealed_secret": sealed.secret,
                    "sealed_data_key": sealed.data_key,
                    "key_id": sealed.key_id,
                    "facts": {"scopes": SCOPES, "waba_id": waba_id},
                    "expires_at": ends,
                    "inspected_at": began,
                    "created_at": began,
                }
            )
            watches.append(
                {
                    "id": new_id(),
                    "scope": scope,
                    "kind": "business_token",
                    "client_id": client_id,
                    "subject": waba_id,
                    "credential_id": credential_id,
                    "state": "waiting",
                    "began_at": began,
                    "ends_at": ends,
                    "due_at": now,
                }
            )
        with db.write() as session:
            for table, rows in (
                (Client, clients),
                (Account, accounts),
                (Credential, credentials),
                (TokenWatch, watches),
            ):
                session.execute(insert(table), rows)
