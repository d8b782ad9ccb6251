"""`flask privacy`: requests, and handing out and erasing a client."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.store import SYSTEM
from app.clients.models import Client
from app.kit import clock
from app.onboarding.links.links import LinkOrder, create_link
from app.records.requests import receive
from app.runtime import Runtime
from tests.cli.conftest import Run
from tests.factories.consents import give_consent

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def bakery(rt: Runtime) -> str:
    with rt.db.write() as session:
        return create_link(session, LinkOrder("Example Bakery"), actor=SYSTEM, now=clock.now()).client.id


def test_a_request_is_listed_and_settled_with_words_for_the_person(run: Run, rt: Runtime) -> None:
    assert "No requests." in run("privacy", "list").stderr
    with rt.db.write() as session:
        code = receive(session, "deletion", user_id="218471", issued_at=NOON, now=NOON).code
    assert code in run("privacy", "list").stdout
    assert run("privacy", "settle", code).exit_code == 2
    assert run("privacy", "settle", code, "--reason", "Erased.").exit_code == 0
    assert "done" in run("privacy", "list").stdout
    again = run("privacy", "settle", code, "--reason", "Erased.")
    assert (again.exit_code, "settled already" in again.stderr) == (1, True)


def test_a_client_is_handed_out_into_a_file_for_one_pair_of_eyes(run: Run, bakery: str, tmp_path: Path) -> None:
    path = tmp_path / "bakery.json"
    assert run("privacy", "export", bakery, "--reason", "They asked.", "--to", str(path)).exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert run("privacy", "export", bakery).exit_code == 2
    assert json.loads(path.read_text())["client"] == "Example Bakery"
    assert json.loads(run("privacy", "export", bakery, "--reason", "They asked.").stdout)["client"] == "Example Bakery"


def test_a_client_is_erased_after_a_yes(run: Run, rt: Runtime, bakery: str) -> None:
    asked = run("privacy", "erase", bakery, "--reason", "They asked.", stdin="n\n")
    assert asked.exit_code == 1
    done = run("privacy", "erase", bakery, "--reason", "They asked.", "--yes")
    assert done.exit_code == 0
    assert "clients" in done.stdout
    with rt.db.read() as session:
        assert session.scalars(select(Client)).all() == []


def test_a_request_is_matched_with_the_client_it_is_about(run: Run, rt: Runtime, bakery: str) -> None:
    with rt.db.write() as session:
        code = receive(session, "deletion", user_id="218471", issued_at=NOON, now=NOON).code
    assert "not known" in run("privacy", "list").stdout
    assert run("privacy", "match", code, "Example Bakery").exit_code == 0
    assert "Example Bakery" in run("privacy", "list").stdout


def test_consents_are_printed_as_text_or_json_and_an_erased_client_says_so(run: Run, rt: Runtime, bakery: str) -> None:
    give_consent(rt, bakery)
    text = run("privacy", "consent", bakery).stdout
    assert "version 2026-11-01, language es" in text
    assert "2026-11-02 04:00" in text
    assert "1. Usted actúa en nombre de la empresa" in text
    (told,) = json.loads(run("privacy", "consent", "Example Bakery", "--json").stdout)["consents"]
    assert (told["partner"], told["address"]) == ("Partner of old", "192.0.2.7")
    assert run("privacy", "consent", "Nobody").exit_code == 1
    run("privacy", "erase", bakery, "--reason", "They asked.", "--yes")
    assert "was erased on" in run("privacy", "consent", bakery).stdout
