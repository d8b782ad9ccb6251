"""The columns of a row that waits for a worker, and the two moves on them: claim and settle.

The database is the queue. A row is taken under a lease; whoever dies loses it when the lease ends, and the next
worker goes on. `settle` and `keep` act only while the lease is still ours, so a worker that slept through it changes
nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Index, String, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column


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
    session: Session, table: type[Due], *, worker: str, now: datetime, lease: timedelta, most: int
) -> Sequence[str]:
    """Take up to `most` due rows that nobody holds, oldest first; returns their keys.

    On PostgreSQL rows that another worker is claiming are skipped, not waited for; on SQLite writers take turns.
    """
    free = or_(table.leased_until.is_(None), table.leased_until <= now)
    chosen = (
        select(table.id)
        .where(table.due_at <= now, free)
        .order_by(table.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        update(table)
        .where(table.id.in_(chosen.scalar_subquery()))
        .values(leased_until=now + lease, leased_by=worker, claims=table.claims + 1)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    return list(taken.scalars())


def is_due(session: Session, table: type[Due], *, now: datetime) -> bool:
    """Whether a row waits for a worker now."""
    free = or_(table.leased_until.is_(None), table.leased_until <= now)
    return session.scalar(select(table.id).where(table.due_at <= now, free).limit(1)) is not None


def keep(session: Session, table: type[Due], key: str, *, worker: str, now: datetime, lease: timedelta) -> bool:
    """Prolong our lease; False when it is no longer ours."""
    return _ours(session, table, key, worker=worker, leased_until=now + lease)


def settle(session: Session, table: type[Due], key: str, *, worker: str, due_at: datetime | None) -> bool:
    """Give the row back, due again at `due_at` or never; False when the lease is no longer ours."""
    return _ours(session, table, key, worker=worker, due_at=due_at, leased_until=None, leased_by=None)


def _ours(session: Session, table: type[Due], key: str, *, worker: str, **values: object) -> bool:
    result = session.execute(
        update(table)
        .where(and_(table.id == key, table.leased_by == worker))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE gives nothing else
    return result.rowcount == 1
