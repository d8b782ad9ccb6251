"""Due rows taken one at a time, each lease kept as long as it takes: a slow row makes no other's lease end."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from app.db import Database
from app.kit import clock
from app.kit.ids import readable
from app.work import due
from app.work.due import Due
from app.work.keeper import Keeper

Row = TypeVar("Row", bound=Due)


class OneByOne(Generic[Row]):
    """The rows of one table, for one process."""

    def __init__(self, db: Database, keeper: Keeper, table: type[Row]) -> None:
        self._db = db
        self._keeper = keeper
        self._table = table

    def take(self, worker: str, do: Callable[[str, str], None], *, most: int | None = None) -> int:
        """Claim due rows until none is left (or `most` are done), and hand each to `do(key, holder)`; how many."""
        # Threads of one worker share its name; a lease must be told from the one a sibling thread takes over later.
        holder = f"{worker}/{readable(6)}"
        taken = 0
        while (most is None or taken < most) and (keys := self._claim(holder)):
            with self._keeper.holding(self._table, keys[0], holder):
                do(keys[0], holder)
            taken += 1
        return taken

    def settle(self, key: str, holder: str, note: Callable[[Session, Row], datetime | None]) -> Row | None:
        """Let `note` write into the row, and give it back, due again when that says; None where we lost the lease."""
        with self._db.write() as session:
            row = session.get_one(self._table, key, with_for_update=True)
            if row.leased_by != holder:
                return None
            due_at = note(session, row)
            session.flush()
            due.settle(session, self._table, key, worker=holder, due_at=due_at)
            return row

    def _claim(self, holder: str) -> Sequence[str]:
        with self._db.write() as session:
            return due.claim(session, self._table, worker=holder, now=clock.now(), lease=self._keeper.lease, most=1)
