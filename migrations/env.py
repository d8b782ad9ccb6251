"""How Alembic reaches the database: the address from the settings, the tables from `app/models.py`.

Needs no `META_*` setting, so a release phase can migrate before anything else is known. Revisions are numbered
(`0001_create_….py`) and `.current-head` names the newest one, so that two branches which both add a revision collide in
git instead of in production.
"""

from logging.config import fileConfig
from pathlib import Path
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.command import revision
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import NullPool

from app.db import UtcDateTime
from app.models import Base
from config import load_ground

# A migration that cannot have its lock soon must not queue in front of everybody else's reads.
# Two releases at once take turns: the second finds the work done.
ON_POSTGRESQL = (
    "SELECT pg_advisory_lock(4711001)",
    "SET lock_timeout = '5s'",
    "SET statement_timeout = '15min'",
)


def address() -> URL:
    """The database to work on: the one a caller of Alembic's API names, else the settings'."""
    return make_url(context.config.get_main_option("sqlalchemy.url") or load_ground().database)


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our column type by its own name; the template imports it."""
    return "UtcDateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Look only at our own tables: others (Huey's, a hosting firm's) may live in the same database."""
    return name in Base.metadata.tables if kind == "table" else True


def number_revision(_context: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
    """Give a new revision the next number and note it in `.current-head`."""
    asked = getattr(context.config.cmd_opts, "cmd", None)
    if asked is None or asked[0] is not revision:
        return  # `alembic check` comes this way as well, and writes nothing
    head = ScriptDirectory.from_config(context.config).get_current_head()
    directives[0].rev_id = f"{int(head or 0) + 1:04d}"
    (Path(__file__).parent / ".current-head").write_text(f"{directives[0].rev_id}\n")


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        include_name=include_name,
        process_revision_directives=number_revision,
        compare_type=True,
        transactional_ddl=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate(url: URL) -> None:
    """Open the database of its own kind and bring it to where Alembic was told to."""
    engine = create_engine(url, poolclass=NullPool)
    if url.get_backend_name() == "sqlite":
        Path(url.database or ".").parent.mkdir(parents=True, exist_ok=True)
        begin_ourselves(engine)
    with engine.connect() as connection:
        if url.get_backend_name() == "postgresql":
            for statement in ON_POSTGRESQL:
                connection.execute(text(statement))
            connection.commit()
        run(connection)


def begin_ourselves(engine: Engine) -> None:
    """Make a migration all or nothing on SQLite too: Python's driver would commit before each change of a table."""

    @event.listens_for(engine, "connect")
    def _leave_transactions_alone(connection: Any, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


if context.config.config_file_name is not None and context.config.attributes.get("configure_logging", True):
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    migrate(address())
