"""The start with keys in KMS's keeping: all of them or no process, and not a word of what is secret."""

import base64
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.credentials.key_service import CONTEXT, new_entry
from app.credentials.refusals import Refusal
from config import SettingsRefused
from tests.conftest import settings_with
from tests.credentials.key_services import (
    ARN,
    LOCAL,
    SEALED,
    Kms,
    answering,
    aws_environment,
    keyring,
    saying,
    use,
    written,
)
from tests.house.source import ROOT


def test_a_keyring_with_a_key_missing_is_none_and_every_problem_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries = (LOCAL, written(ARN, SEALED), written("alias/second", SEALED))
    with answering(saying("AccessDeniedException")) as url:
        use(monkeypatch, url)
        with pytest.raises(SettingsRefused) as told:
            keyring(*entries)
    first, second = str(told.value).splitlines()
    assert first == (
        f"CREDENTIAL_KEYS: key 2: AWS KMS does not open it with {ARN}: {Refusal.DENIED.why}. {Refusal.DENIED.fix}"
    )
    assert second.startswith("CREDENTIAL_KEYS: key 3: AWS KMS does not open it with alias/second: ")
    assert all(entry.rpartition(":")[2] not in str(told.value) for entry in entries)


def process(tmp_path: Path, program: str, credential_keys: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A process of its own that has the settings of a whole house, at DEBUG."""
    values = settings_with(tmp_path).model_dump(include=set(FEW))
    plain = {name.upper(): _plain(value) for name, value in values.items()}
    given = {"PATH": os.environ["PATH"], "ENV_FILE": "", "LOG_LEVEL": "DEBUG", "DATA_DIR": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**given, **plain, **env, "CREDENTIAL_KEYS": credential_keys},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


FEW = (
    "secret_keys", "meta_app_id", "meta_app_secrets", "meta_verify_token", "meta_signup_config_id", "meta_business_id",
    "meta_system_user_id", "meta_system_token",
)  # fmt: skip
STARTS = "import wsgi; print('it started')"


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(_plain(one) for one in value)
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def test_a_process_starts_with_keys_of_kms_and_writes_none_of_them(kms: Kms, tmp_path: Path) -> None:
    plain = bytes(range(100, 132))
    arn = kms.add_key()
    entry = written(arn, kms.seal(arn, plain, CONTEXT))
    ended = process(tmp_path, STARTS, entry, **aws_environment(kms.url))
    said = ended.stdout + ended.stderr
    assert "it started" in said, said
    for secret in (plain.hex(), base64.b64encode(plain).decode(), entry.rpartition(":")[2], repr(plain)):
        assert secret not in said


def test_a_process_that_kms_refuses_does_not_start_and_says_why(tmp_path: Path) -> None:
    with answering(saying("DisabledException")) as url:
        ended = process(tmp_path, STARTS, f"{LOCAL},{written(ARN, SEALED)}", **aws_environment(url))
    said = ended.stdout + ended.stderr
    assert ended.returncode != 0
    assert "it started" not in said
    assert f"CREDENTIAL_KEYS: key 2: AWS KMS does not open it with {ARN}: the KMS key is disabled" in said
    assert LOCAL not in said
    assert base64.urlsafe_b64encode(SEALED).decode() not in said


def test_without_an_entry_of_kms_its_library_is_not_even_imported(tmp_path: Path) -> None:
    program = "import sys, wsgi, app.worker, app.clock; print([n for n in sys.modules if n.startswith('boto')])"
    ended = process(tmp_path, program, LOCAL)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "[]"


def test_aws_library_stays_silent_whatever_the_level(kms: Kms, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG it would write down KMS's whole answer, and the answer is the key."""
    arn = kms.add_key()
    caplog.set_level(logging.DEBUG)
    logging.getLogger("botocore").setLevel(logging.NOTSET)
    caplog.clear()
    keyring(new_entry(arn))
    assert [record for record in caplog.records if record.name.startswith("boto")] == []
