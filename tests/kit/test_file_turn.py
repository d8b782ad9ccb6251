"""Writers of several processes take turns, and none is passed by again and again."""

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

from app.kit.file_turn import FileTurn
from tests.waiting import until

HOLDER = """
import sys
from pathlib import Path
from app.kit.file_turn import FileTurn

with FileTurn(Path(sys.argv[1])):
    Path(sys.argv[2]).touch()
    sys.stdin.read()
"""


def test_one_holds_it_at_a_time_across_threads_and_handles(tmp_path: Path) -> None:
    handles = [FileTurn(tmp_path / "turn.lock") for _ in range(2)]
    inside, most = 0, 0

    def hold(turn: FileTurn) -> None:
        nonlocal inside, most
        for _ in range(200):
            with turn:
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=hold, args=(handles[place % 2],)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    for turn in handles:
        turn.close()


def test_who_gives_it_back_and_wants_it_again_comes_after_who_waits(tmp_path: Path) -> None:
    """Two handles are as two processes: the kernel keeps their locks apart."""
    greedy, patient = (FileTurn(tmp_path / "turn.lock") for _ in range(2))
    order = []

    def wait() -> None:
        with patient:
            order.append("patient")

    for _ in range(100):
        with greedy:
            waiting = threading.Thread(target=wait)
            waiting.start()
            assert until(lambda: somebody_waits(tmp_path), every=0.001)
        with greedy:
            order.append("greedy")
        waiting.join()
    assert order == ["patient", "greedy"] * 100
    greedy.close()
    patient.close()


def somebody_waits(folder: Path) -> bool:
    with (folder / "turn.lock.queue").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_a_process_that_is_killed_with_its_turn_keeps_nobody_waiting(tmp_path: Path) -> None:
    lock, begun = tmp_path / "turn.lock", tmp_path / "begun"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(lock), str(begun)], stdin=subprocess.PIPE)
    assert until(begun.exists)
    holder.kill()
    holder.communicate()
    turn = FileTurn(lock)
    with turn:
        pass
    turn.close()


def test_it_can_be_used_again_after_it_was_closed(tmp_path: Path) -> None:
    turn = FileTurn(tmp_path / "turn.lock")
    with turn:
        pass
    turn.close()
    with turn:
        pass
    turn.close()
