"""The columns of a row that waits for a worker, and the two moves on them: claim and settle.

The database is the queue. A row is taken under a lease; whoever dies loses it when the lease ends, and the next
worker goes on. `settle` and `keep` act only while the lease is still ours, so a worker that slept through it changes
nothing.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CursorResult,
    Index,
    Integer,
    Result,
    String,
    and_,
    bindparam,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from app.db import UtcDateTime


class Due:
    """Mixin for tables whose rows are streams of work. `due_at` empty means: nothing to do."""

    id: Mapped[str]
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    leased_until: Mapped[datetime | None] = mapped_column(default=None)
    leased_by: Mapped[str | None] = mapped_column(String(64), default=None)
    claims: Mapped[int] = mapped_column(default=0)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (Index(f"ix_{cls.__tablename__}_due", "due_at"),)  # type: ignore[attr-defined]


def claim(
    session: Session,
    table: type[Due],
    *,
    worker: str,
    now: datetime,
    lease: timedelta,
    most: int,
    besides: Collection[str] = (),
) -> Sequence[str]:
    """Take up to `most` due rows that nobody holds, oldest first; returns their keys.

    On PostgreSQL rows that another worker is claiming are skipped, not waited for; on SQLite writers take turns.
    `besides` are rows the caller is still at work on: a lease that ran out while it was too busy to prolong it is no
    death, and what it has begun must not be begun again beside itself.
    """
    given = {"_now": now, "_most": most, "_until": now + lease, "_worker": worker}
    if not besides:
        return list(session.execute(_of(table).claim, given).scalars())
    return list(session.execute(_of(table).claim_others, given | {"_besides": list(besides)}).scalars())


def is_due(session: Session, table: type[Due], *, now: datetime) -> bool:
    """Whether a row waits for a worker now."""
    return session.scalar(_of(table).look, {"_now": now}) is not None


def keep(session: Session, table: type[Due], key: str, *, worker: str, now: datetime, lease: timedelta) -> bool:
    """Prolong our lease; False when it is no longer ours."""
    return _changed(session.execute(_of(table).keep, {"_key": key, "_worker": worker, "_until": now + lease}))


def settle(session: Session, table: type[Due], key: str, *, worker: str, due_at: datetime | None) -> bool:
    """Give the row back, due again at `due_at` or never; False when the lease is no longer ours."""
    return _changed(session.execute(_of(table).settle, {"_key": key, "_worker": worker, "_at": due_at}))


def _changed(result: Result[Any]) -> bool:
    assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE gives nothing else
    return result.rowcount == 1


class _Statements:
    """What workers ask of one table all day long, put together once.

    Their places begin with a line, because no place may be named like a column of the table.
    """

    def __init__(self, table: type[Due]) -> None:
        now = bindparam("_now", type_=UtcDateTime())
        free = and_(table.due_at <= now, or_(table.leased_until.is_(None), table.leased_until <= now))
        chosen = (
            select(table.id)
            .where(free)
            .order_by(table.due_at, table.id)  # those due at one moment in the order they came
            .limit(bindparam("_most", type_=Integer()))
            .with_for_update(skip_locked=True)
        )
        others = chosen.where(table.id.not_in(bindparam("_besides", expanding=True)))
        ours = (
            update(table)
            .where(table.id == bindparam("_key"), table.leased_by == bindparam("_worker"))
            .execution_options(synchronize_session=False)
        )
        self.claim, self.claim_others = (
            update(table)
            .where(table.id.in_(rows.scalar_subquery()))
            .values(leased_until=bindparam("_until"), leased_by=bindparam("_worker"), claims=table.claims + 1)
            .returning(table.id)
            .execution_options(synchronize_session=False)
            for rows in (chosen, others)
        )
        self.look = select(table.id).where(free).limit(1)
        self.keep = ours.values(leased_until=bindparam("_until"))
        self.settle = ours.values(due_at=bindparam("_at"), leased_until=None, leased_by=None)


_known: dict[type[Due], _Statements] = {}


def _of(table: type[Due]) -> _Statements:
    found = _known.get(table)
    if found is None:
        found = _known[table] = _Statements(table)
    return found
