"""`make run` as a whole: what it leaves behind, how it ends, and that a second run finds what the first one made."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from bench.stack import ROOT, bare_environment, stack
from tests.waiting import until

pytestmark = pytest.mark.stack

KEYS = {
    "base_url", "sandbox_url", "connect_url", "console_url", "staff_email", "staff_password", "api_key", "link_id",
}  # fmt: skip


def start(data_dir: Path, **given: str) -> subprocess.Popen[bytes]:
    env = bare_environment() | {"DATA_DIR": str(data_dir), "PORT": "0", "SANDBOX_PORT": "0"} | given
    with (data_dir / "run.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "app.run", "--with-parent"], cwd=ROOT, env=env, stdout=log, stderr=log
        )


def wait_for_demo(run: subprocess.Popen[bytes], data_dir: Path) -> dict[str, str]:
    path = data_dir / "demo.json"
    assert until(lambda: path.exists() or run.poll() is not None, seconds=90)
    assert run.poll() is None, (data_dir / "run.log").read_text()
    found = json.loads(path.read_text())
    assert isinstance(found, dict)
    return found


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False


@dataclass(frozen=True)
class FirstRun:
    """A run that came up in an empty folder and was ended by Ctrl-C, and what it had made by then."""

    folder: Path
    demo: dict[str, str]
    code: int
    keys: str
    loose: list[str]


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    folder = tmp_path_factory.mktemp("first")
    run = start(folder)
    demo = wait_for_demo(run, folder)
    run.send_signal(signal.SIGINT)
    code = run.wait(60)
    (folder / "run.log").unlink()  # ours, not the run's
    loose = [path.name for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    return FirstRun(folder, demo, code, (folder / "keys.env").read_text(), loose)


def test_a_run_that_is_told_to_end_ends_well_and_leaves_nobody_answering(first_run: FirstRun) -> None:
    assert set(first_run.demo) == KEYS
    assert first_run.code == 0
    assert not answers(f"{first_run.demo['base_url']}/healthz")
    assert not answers(f"{first_run.demo['sandbox_url']}/_sandbox/health")


def test_what_a_run_leaves_in_its_folder_is_for_its_owner_alone(first_run: FirstRun) -> None:
    assert first_run.loose == []


def test_a_second_run_finds_keys_sign_in_and_link_of_the_first(first_run: FirstRun) -> None:
    folder, first = first_run.folder, first_run.demo
    demo = folder / "demo.json"
    demo.write_text(demo.read_text().replace(first["base_url"], "http://old"))
    run = start(folder)
    try:
        assert until(lambda: "http://old" not in demo.read_text(), seconds=90)
        second = json.loads(demo.read_text())
        kept = ("staff_email", "staff_password", "api_key", "link_id")
        assert [second[name] for name in kept] == [first[name] for name in kept]
        assert second["connect_url"].rpartition("/")[2] == first["connect_url"].rpartition("/")[2]
        assert requests.get(second["connect_url"], timeout=30).ok
        assert (folder / "keys.env").read_text() == first_run.keys
    finally:
        run.terminate()
    assert run.wait(60) == 0


def test_a_part_that_dies_ends_the_run_and_is_named() -> None:
    with stack() as house:
        os.kill(house.pid_of("clock"), signal.SIGKILL)
        assert house.run.wait(60) == 137
        assert "clock ended with code 137; ending the rest." in house.log_path.read_text()
        assert not answers(f"{house.base_url}/healthz")
