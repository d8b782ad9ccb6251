"""The program itself: ``python -m sandbox``."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.sandbox.conftest import Process


def test_it_writes_its_facts_for_its_owner_alone_and_serves(process: Process) -> None:
    assert stat.S_IMODE(process.path.stat().st_mode) == 0o600
    facts = process.facts
    assert set(facts) == {
        "sandbox_url",
        "graph_url",
        "sdk_url",
        "web_origin",
        "app_id",
        "app_secret",
        "verify_token",
        "signup_config_id",
        "signup_config_id_never",
        "business_id",
        "credit_line_id",
        "admin_system_user_id",
        "admin_system_token",
        "employee_system_user_id",
        "employee_system_token",
        "graph_version",
    }
    assert facts["graph_version"] == "v25.0"
    assert facts["sdk_url"] == f"{facts['sandbox_url']}/en_US/sdk.js"
    assert facts["admin_system_token"].startswith("EAA")
    health = requests.get(f"{process.url}/_sandbox/health", timeout=10)
    assert health.json() == {"ok": True}
    params = {
        "input_token": facts["employee_system_token"],
        "access_token": f"{facts['app_id']}|{facts['app_secret']}",
    }
    shown = requests.get(f"{process.url}/v25.0/debug_token", params=params, timeout=10).json()["data"]
    assert (shown["is_valid"], shown["user_id"]) == (True, facts["employee_system_user_id"])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told_to(process: Process, how: signal.Signals) -> None:
    process.process.send_signal(how)
    assert process.process.wait(10) == 0


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    environ = {**os.environ, "DATA_DIR": str(tmp_path), "SANDBOX_PORT": "many"}
    ended = subprocess.run([sys.executable, "-m", "sandbox"], env=environ, capture_output=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert b"SANDBOX_PORT" in ended.stderr
    assert list(tmp_path.iterdir()) == []
