"""What fails while notifications are read: it is tried again, or dead, and its neighbours notice nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db import Database
from app.kit import clock
from app.kit.together import Together
from app.runtime import Runtime
from app.webhooks import inbox
from app.webhooks.jobs import read_notifications
from app.webhooks.models import Notification
from app.work import due
from tests.conftest import Rings
from tests.webhooks.conftest import messages_in
from tests.webhooks.samples import NOON, of_field, payload, wire
from tests.webhooks.stubborn import Stubborn

Tell = Callable[..., Notification]
pytestmark = pytest.mark.usefixtures("noon")


def test_a_bad_change_takes_none_of_its_neighbours_along(
    tell: Tell, db: Database, rings: Rings, onboarding: str, stubborn: Stubborn
) -> None:
    notification = payload("message_text")
    notification["entry"].append(
        of_field({"id": "good"}, {"id": "bad", "bad": True}, {"id": "also good"}, field="sample")["entry"][0]
    )
    row = tell(notification)
    assert set(messages_in(db)) == {"wamid.TEXT1", "good", "also good"}
    assert (row.done_at, row.dead_at, row.failures, row.trouble) == (None, None, 1, "sample: ValueError")
    assert row.due_at == NOON + timedelta(seconds=1)
    assert sorted(rings.rung) == ["onboardings", "sample"]


def test_a_bad_item_takes_none_of_its_neighbours_in_the_change_along(
    tell: Tell, db: Database, stubborn: Stubborn
) -> None:
    row = tell(
        of_field(
            {"id": "all", "bad": True, "items": [{"id": "a"}, {"id": "b", "bad": True}, {"id": "c"}]}, field="sample"
        )
    )
    assert set(messages_in(db)) == {"a", "c"}
    assert row.trouble == "sample: ValueError"


def test_poison_is_tried_eight_times_ever_later_and_then_dead_with_a_reason_that_quotes_nothing(
    rt: Runtime, tell: Tell, stubborn: Stubborn, noon: time_machine.Traveller
) -> None:
    row = tell(of_field({"id": "bad", "bad": True}, field="sample"))
    waits = []
    while row.due_at is not None:
        waits.append((row.due_at - clock.now()).total_seconds())
        assert read_notifications(rt, "worker") == 0, "it is not due yet"
        noon.move_to(row.due_at)
        assert read_notifications(rt, "worker") == 1
        with rt.db.read() as session:
            row = session.scalars(select(Notification)).one()
    assert waits == [1, 4, 16, 64, 256, 900, 900]
    assert (row.failures, row.done_at, row.trouble) == (8, None, "sample: ValueError")
    assert row.dead_at == clock.now()
    assert read_notifications(rt, "worker") == 0
    assert messages_in(rt.db) == {}


def test_what_failed_and_then_works_is_done_without_a_trace_of_trouble(
    tell: Tell, db: Database, stubborn: Stubborn, noon: time_machine.Traveller, rings: Rings
) -> None:
    notification = of_field({"id": "bad", "bad": True}, field="sample")
    assert tell(notification).done_at is None
    stubborn.error = None
    noon.shift(1)
    row = tell(notification)
    assert (row.done_at, row.trouble, row.failures) == (NOON + timedelta(seconds=1), None, 1)
    assert set(messages_in(db)) == {"bad"}
    assert rings.rung == ["sample"]


def test_poison_holds_up_nobody_behind_it(rt: Runtime, db: Database, stubborn: Stubborn) -> None:
    with db.write() as session:
        inbox.keep(session, wire(of_field({"id": "bad", "bad": True}, field="sample")), now=NOON)
        inbox.keep(session, wire(payload("message_text")), now=NOON)
    assert read_notifications(rt, "worker") == 2
    assert set(messages_in(db)) == {"wamid.TEXT1"}


def test_a_failing_database_leaves_the_notification_to_the_next_worker(
    rt: Runtime, tell: Tell, rings: Rings, noon: time_machine.Traveller
) -> None:
    with rt.db.write() as session:
        session.execute(text("ALTER TABLE messages RENAME TO elsewhere"))
    try:
        row = tell(payload("message_text"))
    finally:
        with rt.db.write() as session:
            session.execute(text("ALTER TABLE elsewhere RENAME TO messages"))
    assert (row.done_at, row.dead_at, row.failures) == (None, None, 1)
    assert rings.rung == []
    noon.shift(1)
    assert tell(payload("message_text")).done_at == NOON + timedelta(seconds=1)


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done_and_the_next_one_finishes(
    rt: Runtime, tell: Tell, stubborn: Stubborn, monkeypatch: pytest.MonkeyPatch, noon: time_machine.Traveller
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(due, "settle", die)
        with pytest.raises(Killed):
            tell(payload("message_text"))
    assert messages_in(rt.db) == {}
    assert read_notifications(rt, "another worker") == 0, "the lease of the dead one still runs"
    noon.shift(rt.settings.lease_seconds)
    assert read_notifications(rt, "another worker") == 1
    assert set(messages_in(rt.db)) == {"wamid.TEXT1"}


def test_a_worker_that_slept_through_its_lease_changes_nothing(rt: Runtime, db: Database, stubborn: Stubborn) -> None:
    """The notification is claimed, and before it is read the lease ends and a sibling thread takes it over."""
    with db.write() as session:
        inbox.keep(session, wire(of_field({"id": "one"}, field="sample")), now=NOON)
    real = due.claim

    def claim_and_sleep(session: Session, table: type[Notification], **options: Any) -> Sequence[str]:
        keys: Sequence[str] = real(session, table, **options)
        session.execute(text("UPDATE notifications SET leased_by = 'worker/sibling'"))
        return keys

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(due, "claim", claim_and_sleep)
        assert read_notifications(rt, "worker") == 1
    with db.read() as session:
        row = session.scalars(select(Notification)).one()
        assert (row.leased_by, row.done_at) == ("worker/sibling", None)
    assert messages_in(db) == {}


def test_a_slow_batch_is_kept_from_other_workers_to_its_end(
    rt: Runtime, stubborn: Stubborn, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each notification takes 3 s and a lease lasts 8 s; another worker looks after each one."""
    with rt.db.write() as session:
        for number in range(10):
            inbox.keep(session, wire(of_field({"id": str(number)}, field="sample")), now=NOON)
    taken_by_others = []

    def pass_time(_stream: str) -> None:
        noon.shift(3)
        with monkeypatch.context() as silent:
            silent.setattr(rt.wakes, "ring", lambda _: None)
            taken_by_others.append(read_notifications(rt, "another worker"))

    monkeypatch.setattr(rt.wakes, "ring", pass_time)
    assert read_notifications(rt, "worker") == 10
    assert taken_by_others == [0] * 10
    with rt.db.read() as session:
        assert [row.claims for row in session.scalars(select(Notification))] == [1] * 10


def test_a_database_that_goes_away_for_one_notification_leaves_it_leased_and_the_next_is_read(
    rt: Runtime, db: Database, noon: time_machine.Traveller
) -> None:
    with db.write() as session:
        inbox.keep(session, wire(payload("message_text")), now=NOON)
        inbox.keep(session, wire(payload("message_reply")), now=NOON)
    assert read_notifications(replace(rt, db=Shaky(db, broken_writes={2, 3})), "worker") == 2
    assert set(messages_in(db)) == {"wamid.REPLY1"}
    assert read_notifications(rt, "worker") == 0
    noon.shift(rt.settings.lease_seconds)
    assert read_notifications(rt, "worker") == 1
    assert set(messages_in(db)) == {"wamid.REPLY1", "wamid.TEXT1"}


class Shaky(Database):
    """A database whose n-th writes find no connection."""

    def __init__(self, real: Database, broken_writes: set[int]) -> None:
        self.__dict__.update(real.__dict__)
        self._real, self._broken, self._writes = real, broken_writes, 0
        self._crowd = Together(self._write_all)

    @contextmanager
    def write(self) -> Iterator[Session]:
        self._writes += 1
        if self._writes in self._broken:
            raise OperationalError("BEGIN", {}, Exception("connection refused"))
        with self._real.write() as session:
            yield session
