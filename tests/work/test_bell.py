import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.work.bell import Bell
from tests.waiting import until

LISTENER = """
import sys
from pathlib import Path
from app.work.bell import Bell
bell = Bell(Path(sys.argv[1]))
bell.wait(0)
print("listening", flush=True)
while bell.wait(30):
    print("heard", flush=True)
"""


def pipes(folder: Path) -> list[Path]:
    return list(folder.glob("*.bell"))


def in_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_a_ring_wakes_who_waits(tmp_path: Path) -> None:
    listener, heard = Bell(tmp_path), []
    listener.wait(0)
    thread = in_background(lambda: heard.append(listener.wait(20)))
    Bell(tmp_path).ring()
    thread.join(20)
    assert heard == [True]


def test_a_ring_that_came_before_the_wait_is_not_lost_once_somebody_listens(tmp_path: Path) -> None:
    listener = Bell(tmp_path)
    listener.wait(0)
    Bell(tmp_path).ring()
    assert listener.wait(20)
    assert not listener.wait(0.01)


def test_one_ring_wakes_one_waiting_thread_and_not_all(tmp_path: Path) -> None:
    listener, heard = Bell(tmp_path), []
    listener.wait(0)
    threads = [in_background(lambda: heard.append(listener.wait(20))) for _ in range(4)]
    for expected in range(1, 5):
        listener.ring()
        assert until(lambda: sum(not thread.is_alive() for thread in threads) == expected)  # noqa: B023
    assert heard == [True] * 4


def test_waiting_without_a_ring_ends_in_time(tmp_path: Path) -> None:
    assert not Bell(tmp_path).wait(0.01)


def test_ringing_with_nobody_there_does_nothing(tmp_path: Path) -> None:
    Bell(tmp_path / "new").ring()
    assert pipes(tmp_path / "new") == []


def test_every_listening_process_hears_each_ring(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LISTENER, str(tmp_path)]
    listeners = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        for listener in listeners:
            assert listener.stdout is not None
            assert listener.stdout.readline() == "listening\n"
        Bell(tmp_path).ring()
        assert [listener.stdout.readline() for listener in listeners if listener.stdout] == ["heard\n", "heard\n"]
    finally:
        for listener in listeners:
            listener.kill()
            listener.communicate()


def test_the_pipe_of_a_dead_listener_is_removed_by_the_next_ring(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", LISTENER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as dead:
        assert dead.stdout is not None
        assert dead.stdout.readline() == "listening\n"
        dead.kill()
        dead.communicate()
    assert len(pipes(tmp_path)) == 1
    alive = Bell(tmp_path)
    alive.wait(0)
    Bell(tmp_path).ring()
    assert len(pipes(tmp_path)) == 1
    assert alive.wait(20)


def test_a_full_pipe_makes_nobody_wait_and_loses_nothing_that_matters(tmp_path: Path) -> None:
    pipe = tmp_path / "stuck.bell"
    os.mkfifo(pipe)
    stuck = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        fcntl.fcntl(stuck, fcntl.F_SETPIPE_SZ, 4096)
        os.write(stuck, b"!" * 4096)
        listener = Bell(tmp_path)
        listener.wait(0)
        Bell(tmp_path).ring()
        assert listener.wait(20)
        assert pipe.exists()
        os.read(stuck, 4095)
        assert os.read(stuck, 10) == b"!"
    finally:
        os.close(stuck)


def test_many_threads_that_begin_to_wait_at_once_share_one_pipe(tmp_path: Path) -> None:
    for turn in range(20):
        folder = tmp_path / str(turn)
        listener, start = Bell(folder), threading.Barrier(8)

        def begin(listener: Bell = listener, start: threading.Barrier = start) -> None:
            start.wait(10)
            listener.wait(0.01)

        for thread in [in_background(begin) for _ in range(8)]:
            thread.join(20)
        assert len(pipes(folder)) == 1


def test_a_ring_during_the_first_moment_of_listening_does_not_deafen_the_listener(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between making a pipe and opening it nobody reads, which to a ringer looks like a dead listener."""
    make, ringer = os.mkfifo, Bell(tmp_path)

    def make_and_ring(path: Path, mode: int) -> None:
        make(path, mode)
        ringer.ring()

    monkeypatch.setattr(os, "mkfifo", make_and_ring)
    listener = Bell(tmp_path)
    listener.wait(0)
    monkeypatch.undo()
    ringer.ring()
    assert listener.wait(20)
