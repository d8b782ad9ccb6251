"""One statement for many rows, whose places are understood once instead of for each row.

SQLAlchemy works out for every row of an `executemany` what each place of the statement holds. Where hundreds of
thousands of rows are written in one go, that costs more than the database does. The SQL is still SQLAlchemy's, and so
is what a value becomes on its way (moments, JSON).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Insert, Update

_Convert = Callable[[Any], Any]


class _Understood(NamedTuple):
    """A statement on one kind of database: its text, and what each value becomes on its way there."""

    sql: str
    by_position: bool
    places: Sequence[tuple[str, _Convert | None]]


class ManyRows:
    """An INSERT or UPDATE with a bound place for each of `keys`, and for nothing else."""

    def __init__(self, statement: Insert | Update, keys: Iterable[str]) -> None:
        self._statement = statement
        self._keys = list(keys)
        self._known: dict[str, _Understood] = {}

    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Send them all in one go, none where there is none. A row without one of the keys is a `KeyError`."""
        if not rows:
            return
        known = self._known.get(connection.dialect.name) or self._understand(connection.dialect)
        if known.by_position:
            connection.exec_driver_sql(
                known.sql,
                [tuple([row[k] if make is None else make(row[k]) for k, make in known.places]) for row in rows],
            )
        else:
            connection.exec_driver_sql(
                known.sql, [{k: row[k] if make is None else make(row[k]) for k, make in known.places} for row in rows]
            )

    def _understand(self, dialect: Dialect) -> _Understood:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._keys)
        if set(compiled.binds) != set(self._keys):
            raise ValueError(f"places without a key or keys without a place: {set(compiled.binds) ^ set(self._keys)}")
        order = compiled.positiontup
        places = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in (self._keys if order is None else order)
        ]
        understood = self._known[dialect.name] = _Understood(str(compiled), order is not None, places)
        return understood
