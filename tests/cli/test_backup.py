"""`flask backup`: a copy, and the way back from it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from app.clients.models import Client
from app.clients.store import add_client
from app.kit import clock
from app.runtime import Runtime
from app.work.beats import beat
from tests.cli.conftest import Run

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def add(rt: Runtime) -> None:
    with rt.db.write() as session:
        add_client(
            session,
            name="Example Bakery",
            external_ref=None,
            contact_name=None,
            contact_email=None,
            language=None,
            now=clock.now(),
        )


def test_a_copy_is_made_and_brought_back(run: Run, rt: Runtime, tmp_path: Path) -> None:
    add(rt)
    made = run("backup", "make", "--to", str(tmp_path / "kept"))
    assert made.exit_code == 0
    assert "CREDENTIAL_KEYS" in made.stderr
    path = made.stdout.strip()
    with rt.db.write() as session:
        session.execute(delete(Client))
    back = run("backup", "restore", path, "--yes")
    assert back.exit_code == 0, back.stderr
    assert "1 rows" in back.stderr


def test_nothing_is_brought_back_under_a_running_house_or_without_a_yes(run: Run, rt: Runtime, tmp_path: Path) -> None:
    path = run("backup", "make", "--to", str(tmp_path / "kept")).stdout.strip()
    assert run("backup", "restore", path, stdin="n\n").exit_code == 1
    with rt.db.write() as session:
        beat(session, "worker-1", "worker", now=clock.now() + timedelta(seconds=5))
    refused = run("backup", "restore", path, "--yes")
    assert (refused.exit_code, "Stop web, worker and clock first" in refused.stderr) == (1, True)
    assert run("backup", "restore", str(tmp_path / "nothing.sqlite"), "--yes").exit_code == 1
