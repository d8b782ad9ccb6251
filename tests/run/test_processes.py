"""The supervisor's promises: what is printed, who ends when, and that nothing is left behind."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.run.processes import Ended, Processes
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
ENV = {"PATH": os.environ["PATH"]}


def lives(pid: int) -> bool:
    """Whether a process is still there; one that is dead but not yet buried by its parent is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_each_line_is_printed_under_the_name_of_its_process(tmp_path: Path) -> None:
    out = io.StringIO()
    processes = Processes(out)
    processes.start("web", "printf 'one\\ntwo\\nlast without an end'", ENV, tmp_path)
    processes.finish("web")
    processes.end()
    lines = [line.partition(" ")[2] for line in out.getvalue().splitlines()]
    assert lines == ["web      | one", "web      | two", "web      | last without an end"]


def test_variables_of_the_procfile_are_expanded_with_their_defaults(tmp_path: Path) -> None:
    out = io.StringIO()
    processes = Processes(out)
    processes.start("web", "echo ${PORT:-5000} ${WEB_HOST:-127.0.0.1}", ENV | {"PORT": "1234"}, tmp_path)
    processes.finish("web")
    assert "1234 127.0.0.1" in out.getvalue()
    processes.end()


def test_a_part_that_ends_by_itself_ends_the_run_with_its_name_and_code(tmp_path: Path) -> None:
    processes = Processes(io.StringIO())
    processes.start("worker", "sleep 60", ENV, tmp_path)
    processes.start("clock", "sh -c 'exit 7'", ENV, tmp_path)
    with pytest.raises(Ended) as ended:
        processes.wait(lambda: False)
    processes.end()
    assert (ended.value.name, ended.value.code) == ("clock", 7)


def test_a_part_that_was_killed_is_told_as_a_shell_tells_it(tmp_path: Path) -> None:
    processes = Processes(io.StringIO())
    processes.start("worker", "sh -c 'kill -9 $$'", ENV, tmp_path)
    with pytest.raises(Ended) as ended:
        processes.wait(lambda: False)
    processes.end()
    assert (ended.value.name, ended.value.code) == ("worker", 137)


def test_a_migration_that_fails_ends_the_run(tmp_path: Path) -> None:
    processes = Processes(io.StringIO())
    processes.start("release", "sh -c 'exit 3'", ENV, tmp_path)
    with pytest.raises(Ended) as ended:
        processes.finish("release")
    processes.end()
    assert (ended.value.name, ended.value.code) == ("release", 3)


def test_the_youngest_ends_first_and_each_may_finish(tmp_path: Path) -> None:
    out = io.StringIO()
    processes = Processes(out)
    for name in ("meta", "web"):
        # `wait` in the background lets the shell hear TERM at once.
        script = f"trap 'echo {name} finishes; exit 0' TERM; echo {name} up; while :; do sleep 60 & wait; done"
        processes.start(name, f'sh -c "{script}"', ENV, tmp_path)
        assert processes.wait(lambda name=name: f"{name} up" in out.getvalue(), seconds=20)  # type: ignore[misc]
    processes.end()
    said = [line.rpartition("| ")[2] for line in out.getvalue().splitlines()]
    assert said == ["meta up", "web up", "web finishes", "meta finishes"]


def test_one_that_will_not_end_is_killed_with_its_whole_group(tmp_path: Path) -> None:
    out = io.StringIO()
    processes = Processes(out, grace=0.3)
    processes.start("web", "sh -c \"trap '' TERM; sleep 600 & echo \\$!; wait\"", ENV, tmp_path)
    assert processes.wait(lambda: out.getvalue().endswith("\n"), seconds=20)
    grandchild = int(out.getvalue().rpartition("| ")[2])
    assert lives(grandchild)
    processes.end()
    assert until(lambda: not lives(grandchild))


def test_waiting_has_an_end(tmp_path: Path) -> None:
    processes = Processes(io.StringIO())
    processes.start("web", "sleep 60", ENV, tmp_path)
    assert processes.wait(lambda: False, seconds=0.2) is False
    processes.end()


SUPERVISOR = """
import sys
from pathlib import Path
from app.run.processes import Ended, Processes
processes = Processes(sys.stdout)
processes.listen()
processes.start("web", "sh -c 'echo $$; exec sleep 600'", {"PATH": "/usr/bin:/bin"}, Path("/"))
try:
    processes.wait(lambda: False)
except Ended as ended:
    processes.end()
    print("ended", repr(ended.name), ended.code, flush=True)
"""


def supervised() -> tuple[subprocess.Popen[str], int]:
    """A supervisor in a process of its own, and the id of the child it has started."""
    run = subprocess.Popen([sys.executable, "-c", SUPERVISOR], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    return run, int(run.stdout.readline().rpartition("| ")[2])


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_well(asked: signal.Signals) -> None:
    run, child = supervised()
    run.send_signal(asked)
    said, _ = run.communicate(timeout=30)
    assert "ended '' 0" in said
    assert not lives(child)


def test_a_supervisor_that_is_killed_leaves_nothing_behind() -> None:
    run, child = supervised()
    run.kill()
    run.communicate(timeout=30)
    assert until(lambda: not lives(child))
