"""Several processes that play cells, each on a stage of its own."""

import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.util import Finalize

import psycopg
import requests
import structlog

from app.db import transaction_is_open
from config import Settings
from tests.conftest import POSTGRES, folder_in_memory, with_every_table
from tests.matrix.cells import Cell
from tests.matrix.judge import Seen
from tests.matrix.play import play
from tests.matrix.stage import Stage
from tests.onboarding.mortal import the_dead_are_silent
from tests.onboarding.world import MetaWorld

BATCH = 12  # cells a process plays before the next one is handed out


def play_all(cells: Sequence[Cell], processes: int, tell: Callable[[Cell, Seen], None]) -> list[tuple[Cell, Seen]]:
    """Every cell with what came of it, in their order; `tell` hears of each as it comes."""
    played: dict[int, Seen] = {}
    # Each process begins from nothing: threads and connections do not survive a fork.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin) as crew:
        under_way = {crew.submit(_play_batch, [cells[at] for at in batch]): batch for batch in _batches(cells)}
        for future in as_completed(under_way):
            for at, seen in zip(under_way[future], future.result(), strict=True):
                played[at] = seen
                tell(cells[at], seen)
    return [(cell, played[at]) for at, cell in enumerate(cells)]


def _batches(cells: Sequence[Cell]) -> Iterator[list[int]]:
    """Places in `cells`. What takes longest comes first and by itself, so that nobody waits for it in the end."""
    long = [at for at, cell in enumerate(cells) if cell.kind == "commits"]
    short = [at for at, cell in enumerate(cells) if cell.kind != "commits"]
    yield from ([at] for at in long)
    yield from (short[start : start + BATCH] for start in range(0, len(short), BATCH))


_stages: list[Stage] = []


def _begin() -> None:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    _no_settings_from_outside()
    _no_call_inside_a_transaction()
    room = stage_of_this_process()
    _stages.append(room.__enter__())
    # The processes of a pool run no `atexit`; this they do run.
    Finalize(None, room.__exit__, args=(None, None, None), exitpriority=10)


def _play_batch(cells: list[Cell]) -> list[Seen]:
    return [_play(cell) for cell in cells]


def _play(cell: Cell) -> Seen:
    try:
        return play(_stages[0], cell)
    except BaseException as failure:  # noqa: BLE001 - a cell that cannot be played is a cell that differs
        return Seen(word="?", end="?", wrong=["".join(traceback.format_exception(failure)[-4:])])


@contextmanager
def stage_of_this_process(*, needs_postgres: bool = True) -> Iterator[Stage]:
    """A stage with both databases, that of PostgreSQL dropped in the end; without it where no server answers."""
    name = f"gangway_matrix_{os.getpid()}"
    has_postgres = True
    try:
        # A death here is an exception, never a power cut: whether a commit would outlive that, no cell can judge. Other
        # connections see a commit at once either way, so nobody need wait for a disk.
        _on_server(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}"',
            f'ALTER DATABASE "{name}" SET synchronous_commit = off',
        )
    except psycopg.OperationalError:
        if needs_postgres:
            raise
        has_postgres = False
    address = POSTGRES.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://") + f"/{name}"
    with the_dead_are_silent(), folder_in_memory("gangway-matrix-") as folder:
        databases = {"sqlite": with_every_table(f"sqlite:///{folder}/gangway.db")}
        if has_postgres:
            databases["postgres"] = with_every_table(address)
        stage = Stage(folder, MetaWorld.open(), databases)
        try:
            yield stage
        finally:
            stage.close()
            if has_postgres:
                _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(*statements: str) -> None:
    with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=10) as server:
        for statement in statements:
            server.execute(statement)  # type: ignore[call-overload]


def _no_settings_from_outside() -> None:
    """A developer's own environment and `.env` change no cell."""
    for name in Settings.model_fields:
        os.environ.pop(name.upper(), None)
    Settings.model_config["env_file"] = None


def _no_call_inside_a_transaction() -> None:
    """The tripwire of `tests/conftest.py`, for processes that pytest does not run."""
    send = requests.adapters.HTTPAdapter.send

    def watched(self: requests.adapters.HTTPAdapter, *args: object, **options: object) -> requests.Response:
        assert not transaction_is_open(), "an HTTP call was made inside an open transaction"
        return send(self, *args, **options)  # type: ignore[arg-type]

    requests.adapters.HTTPAdapter.send = watched  # type: ignore[method-assign]
