"""The database: declarative base, column types, and the ways in: `read()`, `write()`, and `together(do)`.

The entry point (view, job, command) owns the transaction; nobody below commits, except the walkers whose purpose is
to commit between outside calls. No HTTP happens while a transaction is open: `transaction_is_open()` lets the tests
prove it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, MetaData, String, create_engine, event, func, select
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from app.kit.file_turn import FileTurn
from app.kit.ids import new_id
from app.kit.together import Together

T = TypeVar("T")

_open_here: ContextVar[int] = ContextVar("open_transactions", default=0)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Refuses naive values on the way in, gives aware UTC on the way out on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """On SQLite the text it is kept as, made in one go: some rows hold a dozen moments, and many are written."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """On SQLite likewise from that text."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# What is written together holds few different moments in many places; and two that are equal have the same text.
@lru_cache(maxsize=1024)
def _as_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class Base(DeclarativeBase):
    """Parent of every table; the naming convention lets migrations name constraints on both databases alike."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime()}


def key_column() -> Any:
    """The primary key every table has: a UUID version 7 as text."""
    return mapped_column(String(36), primary_key=True, default=new_id)


@dataclass
class _Wish:
    """What one thread wants written, and what became of it."""

    do: Callable[[Session], Any]
    result: Any = None
    failure: Exception | None = None


class Database:
    """One engine and the ways to use it."""

    def __init__(self, address: str | URL, *, pool_size: int = 10) -> None:
        self.url = make_url(address)
        self._lock = FileTurn(self._sqlite_file().with_suffix(".lock")) if self.is_sqlite else None
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _server_engine(self.url, pool_size)
        self._crowd = Together(self._write_all)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads. What it found stays usable afterwards; what was changed in it is thrown away."""
        # Without autoflush nothing changed by mistake is even sent: on SQLite a statement outside BEGIN keeps itself.
        with _transaction(), Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are kept when the block ends well and thrown away when it raises."""
        with self._turn(), _transaction(), Session(self.engine, expire_on_commit=False) as session:
            if self.is_sqlite:
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def together(self, do: Callable[[Session], T]) -> T:
        """As `write()`, for doors where many come at once: on SQLite those who wait for a turn share one transaction.

        `do` may be called twice, because when one of a crowd fails each is written by itself: it changes nothing but
        the session. A server has room for many writers, so there each has a transaction of its own.
        """
        if not self.is_sqlite:
            with self.write() as session:
                return do(session)
        wish = _Wish(do)
        self._crowd.ask(wish)
        if wish.failure is not None:
            raise wish.failure
        return wish.result  # type: ignore[no-any-return]

    def _write_all(self, wishes: Sequence[_Wish]) -> None:
        try:
            with self.write() as session:
                for wish in wishes:
                    wish.result = wish.do(session)
                    # None finds what another has in hand: each reads as if it were alone.
                    session.flush()
                    session.expunge_all()
        except Exception as failure:  # noqa: BLE001 - raised again in the thread whose wish it was
            if len(wishes) == 1:
                wishes[0].failure = failure
                return
            for wish in wishes:
                self._write_all([wish])

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """On SQLite writers queue for a file lock: its own busy handler sleeps up to 100 ms and starves processes."""
        if self._lock is None:
            yield
        else:
            with self._lock:
                yield

    def _sqlite_file(self) -> Path:
        if not self.url.database or self.url.database == ":memory:":
            raise ValueError("a SQLite database needs a file: several processes share it")
        return Path(self.url.database)

    def dispose(self) -> None:
        """Let go of connections and of the lock file."""
        self.engine.dispose()
        if self._lock is not None:
            self._lock.close()


def queue_up(session: Session, what: str) -> None:
    """Let those who name the same thing write one after the other, until each one's transaction ends.

    For what no row stands for yet, so that none can be locked. SQLite has one writer at a time as it is.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def transaction_is_open() -> bool:
    """Whether the current context is inside `read()` or `write()`; nobody may telephone then."""
    return _open_here.get() > 0


@contextmanager
def _transaction() -> Iterator[None]:
    token = _open_here.set(_open_here.get() + 1)
    try:
        yield
    finally:
        _open_here.reset(token)


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,  # an error's text would quote what people wrote
        connect_args={"timeout": 30, "check_same_thread": False},
        pool_size=64,
        max_overflow=64,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # Python's driver must not begin transactions by itself: `write()` says BEGIN IMMEDIATE.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _server_engine(url: URL, pool_size: int) -> Engine:
    # PostgreSQL takes seconds to compile a statement, and does so for any that looks dear; none of ours runs that long.
    options = "-c statement_timeout=30000 -c lock_timeout=10000 -c jit=off"
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": options},
    )
