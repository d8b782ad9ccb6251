"""`make run` as a whole: what it leaves behind, how it ends, and that a second run finds what the first one made."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from bench.stack import ROOT, bare_environment, stack
from tests.waiting import until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("runs")]

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


def test_a_second_run_finds_keys_sign_in_and_link_of_the_first(tmp_path: Path) -> None:
    first_run = start(tmp_path)
    first = wait_for_demo(first_run, tmp_path)
    assert set(first) == KEYS
    keys = (tmp_path / "keys.env").read_text()
    first_run.send_signal(signal.SIGINT)
    assert first_run.wait(60) == 0
    assert not answers(f"{first['base_url']}/healthz")
    assert not answers(f"{first['sandbox_url']}/_sandbox/health")

    (tmp_path / "demo.json").rename(tmp_path / "first.json")
    (tmp_path / "demo.json").write_text((tmp_path / "first.json").read_text().replace(first["base_url"], "http://old"))
    second_run = start(tmp_path)
    try:
        assert until(lambda: "http://old" not in (tmp_path / "demo.json").read_text(), seconds=90)
        second = json.loads((tmp_path / "demo.json").read_text())
        kept = ("staff_email", "staff_password", "api_key", "link_id")
        assert [second[name] for name in kept] == [first[name] for name in kept]
        assert second["connect_url"].rpartition("/")[2] == first["connect_url"].rpartition("/")[2]
        assert requests.get(second["connect_url"], timeout=30).ok
        assert (tmp_path / "keys.env").read_text() == keys
    finally:
        second_run.terminate()
    assert second_run.wait(60) == 0


def test_what_a_run_leaves_in_its_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    run = start(tmp_path)
    wait_for_demo(run, tmp_path)
    run.terminate()
    run.wait(60)
    (tmp_path / "run.log").unlink()
    loose = [path.name for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    assert loose == []


def test_a_part_that_dies_ends_the_run_and_is_named() -> None:
    with stack() as house:
        os.kill(house.pid_of("clock"), signal.SIGKILL)
        assert house.run.wait(60) == 137
        assert "clock ended with code 137; ending the rest." in house.log_path.read_text()
        assert not answers(f"{house.base_url}/healthz")


def test_ready_means_that_every_part_answers() -> None:
    with stack() as house:
        assert requests.get(f"{house.base_url}/healthz", timeout=10).status_code == 200
        assert requests.get(f"{house.base_url}/readyz", timeout=10).json() == {"ok": True, "silent": []}
        worker = house.pid_of("worker")
        os.kill(worker, signal.SIGSTOP)
        try:
            assert until(lambda: requests.get(f"{house.base_url}/readyz", timeout=30).status_code == 503, seconds=60)
        finally:
            os.kill(worker, signal.SIGCONT)
        assert until(lambda: requests.get(f"{house.base_url}/readyz", timeout=30).status_code == 200, seconds=60)
        os.kill(house.pid_of("meta"), signal.SIGSTOP)
        silent = requests.get(f"{house.base_url}/readyz", timeout=30)
        os.kill(house.pid_of("meta"), signal.SIGCONT)
        assert (silent.status_code, silent.json()["silent"]) == (503, ["also 1"])
