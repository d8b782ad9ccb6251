"""What one process plays its cells on: a local Meta, and a database of each kind, emptied before each cell."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from app.db import Database
from app.runtime import Runtime
from config import Settings
from tests.conftest import Rings, settings_with
from tests.emptying import empty
from tests.onboarding.mortal import MortalDatabase
from tests.onboarding.world import MetaWorld
from tests.parts import running


@dataclass
class Stage:
    """`databases` by name: sqlite, postgres."""

    folder: Path
    world: MetaWorld
    databases: dict[str, Database]
    # As a doomed process sees them. The same ones each time, because an engine learns what it has compiled once.
    mortal: dict[str, MortalDatabase] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.mortal = {name: MortalDatabase(db.url) for name, db in self.databases.items()}

    @cached_property
    def settings(self) -> Settings:
        partner = self.world.partner
        return settings_with(
            self.folder,
            worker_threads=2,
            meta_graph_url=self.world.url,
            meta_app_id=partner.app_id,
            meta_app_secrets=partner.app_secret,
            meta_verify_token=partner.verify_token,
            meta_signup_config_id=partner.config_id,
            meta_business_id=partner.business_id,
            meta_system_user_id=partner.admin_user_id,
            meta_system_token=partner.admin_token,
            meta_credit_line_id=partner.credit_line_id,
        )

    def close(self) -> None:
        self.world.close()
        for db in (*self.databases.values(), *self.mortal.values()):
            db.dispose()

    @contextmanager
    def set_for(self, database: str) -> Iterator[Runtime]:
        """The running parts on an empty database, with nothing remembered at Meta."""
        db = self.databases[database]
        empty(db)
        self.world._do("POST", "reset")
        with running(self.settings, db, Rings()) as rt:
            yield rt
