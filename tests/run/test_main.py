"""`python -m app.run` refuses in words, with the exit code that says so."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": str(folder / "var"), "PORT": "0", **env}
    return subprocess.run(
        [sys.executable, "-m", "app.run"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_with_an_app_id_every_missing_setting_is_listed_at_once(tmp_path: Path) -> None:
    ended = run(tmp_path, META_APP_ID="1234567890", META_CREDIT_LINE_ID="not a number")
    assert ended.returncode == 78
    for name in (
        "CREDENTIAL_KEYS", "SECRET_KEYS", "META_APP_SECRETS", "META_VERIFY_TOKEN", "META_SIGNUP_CONFIG_ID",
        "META_BUSINESS_ID", "META_SYSTEM_USER_ID", "META_SYSTEM_TOKEN",
    ):  # fmt: skip
        assert f"  {name}: is missing\n" in ended.stderr
    assert "META_CREDIT_LINE_ID: " in ended.stderr
    assert "not a number" not in ended.stderr
    assert "META_APP_ID" not in ended.stderr


def test_with_an_app_id_nothing_is_made_up(tmp_path: Path) -> None:
    run(tmp_path, META_APP_ID="1234567890")
    assert not (tmp_path / "var/keys.env").exists()
    assert not (tmp_path / "var/sandbox.json").exists()


def test_an_app_id_in_the_env_file_counts_as_well(tmp_path: Path) -> None:
    (tmp_path / "my.env").write_text("META_APP_ID=1234567890\n")
    ended = run(tmp_path, ENV_FILE=str(tmp_path / "my.env"))
    assert ended.returncode == 78
    assert "SECRET_KEYS: is missing" in ended.stderr


def test_a_malformed_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    ended = run(tmp_path, PORT="eighty")
    assert ended.returncode == 78
    assert "PORT: " in ended.stderr
    assert "eighty" not in ended.stderr
