"""The file of counts: windows end, many writers lose nothing, old windows are swept away."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import time_machine

from app.web.limit_store import SWEEP_EVERY, SqliteStorage


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "limits.db"


@pytest.fixture
def storage(path: Path) -> SqliteStorage:
    return SqliteStorage(f"sqlite-limits://{path}")


def test_hits_add_up_until_their_window_ends(storage: SqliteStorage) -> None:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as travel:
        assert [storage.incr("key", 60), storage.incr("key", 60, amount=2)] == [1, 3]
        assert storage.get_expiry("key") == pytest.approx(1795176060.0)
        travel.shift(59)
        assert storage.get("key") == 3
        travel.shift(2)
        assert storage.get("key") == 0
        assert storage.incr("key", 60) == 1


def test_a_window_does_not_grow_with_later_hits(storage: SqliteStorage) -> None:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as travel:
        storage.incr("key", 60)
        travel.shift(30)
        storage.incr("key", 60)
        travel.shift(31)
        assert storage.get("key") == 0


def test_many_writers_at_once_lose_no_hit(path: Path) -> None:
    storages = [SqliteStorage(f"sqlite-limits://{path}") for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: storages[number % 4].incr("key", 3600), range(200)))

    assert storages[0].get("key") == 200


def test_windows_that_have_ended_are_swept_away(storage: SqliteStorage, path: Path) -> None:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as travel:
        storage.incr("old", 60)
        travel.shift(61)
        for _ in range(SWEEP_EVERY):
            storage.incr("new", 60)

    with sqlite3.connect(path) as file:
        keys = file.execute("SELECT key FROM hits").fetchall()
    file.close()
    assert keys == [("new",)]


def test_counts_can_be_forgotten(storage: SqliteStorage) -> None:
    for key in ("one", "two", "three"):
        storage.incr(key, 60)
    storage.clear("one")

    assert [storage.get("one"), storage.get("two")] == [0, 1]
    assert storage.reset() == 2
    assert storage.check() is True


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    assert SqliteStorage(f"sqlite-limits://{tmp_path / 'no' / 'such' / 'folder.db'}").check() is False
