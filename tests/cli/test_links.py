import re

from sqlalchemy import select

from app.onboarding.models import Link
from app.runtime import Runtime
from tests.cli.conftest import Run
from tests.factories.links import add_opening


def test_the_address_alone_is_on_stdout_and_opens(run: Run, rt: Runtime) -> None:
    result = run("links", "make", "Example Bakery", "--external-ref", "crm-1", "--language", "es", "--days", "7")
    assert result.exit_code == 0
    assert re.fullmatch(r"http://localhost:5000/connect/[A-Za-z0-9_-]{43}\n", result.stdout)
    with rt.db.read() as session:
        link = session.scalars(select(Link)).one()
        assert (link.expires_at - link.created_at).days == 7
        assert link.plans == ["standard", "coexistence", "from_provider"]


def test_wrong_values_are_refused_by_field(run: Run) -> None:
    result = run("links", "make", "Example Bakery", "--days", "91", "--plan", "hosted", "--contact-email", "x")
    assert result.exit_code == 1
    assert "life_days: must be 90 or less" in result.stderr
    assert "plans.0: must be one of standard, coexistence" in result.stderr
    assert "contact.email: is not an e-mail address" in result.stderr


def test_a_link_is_listed_shown_and_ended_without_its_address(run: Run, rt: Runtime) -> None:
    token = run("links", "make", "Example Bakery").stdout.strip().rpartition("/")[2]
    with rt.db.read() as session:
        key = session.scalars(select(Link.id)).one()
    listed, shown = run("links", "list").stdout, run("links", "show", key).stdout
    assert key in listed
    assert "Example Bakery" in shown
    assert "none yet" in shown
    assert token not in listed + shown
    assert run("links", "revoke", key).exit_code == 0
    assert "revoked" in run("links", "show", key).stdout
    assert run("links", "list", "--state", "open").stdout == ""


def test_a_name_cannot_draw_on_the_terminal(run: Run) -> None:
    assert run("links", "make", "[red]Bakery[/red]").exit_code == 0
    assert "[red]Bakery[/red]" in run("links", "list").stdout
    refused = run("links", "make", "Bakery\x1b[31m")
    assert refused.exit_code == 1
    assert "\x1b" not in refused.output


def test_a_link_that_is_not_there_is_refused(run: Run) -> None:
    for word in ("show", "revoke"):
        result = run("links", word, "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010")
        assert result.exit_code == 1
        assert "There is no such link." in result.stderr


def test_a_link_is_followed_up_and_its_address_alone_is_on_stdout(run: Run, rt: Runtime) -> None:
    run("links", "make", "Example Bakery", "--language", "pt-BR", "--contact-name", "Alex Example")
    with rt.db.read() as session:
        old = session.scalars(select(Link)).one()
    add_opening(rt.db, old, at=old.created_at, event={"kind": "CANCEL", "current_step": "PERMISSIONS"})

    result = run("links", "follow-up", old.id)

    assert result.exit_code == 0
    assert re.fullmatch(r"http://localhost:5000/connect/[A-Za-z0-9_-]{43}\n", result.stdout)
    shown = run("links", "show", old.id).stdout
    assert "Stopped at the permissions" in shown
    assert re.search(r"Came as far as\s+Meta’s window opened", shown)
    assert "replaced" in run("links", "show", old.id).stdout
    refused = run("links", "follow-up", old.id)
    assert refused.exit_code == 1
    assert "A newer link of this client has taken its place" in refused.stderr


def test_the_words_to_send_are_in_the_clients_language(run: Run, rt: Runtime) -> None:
    run("links", "make", "Example Bakery", "--language", "pt-BR")
    with rt.db.read() as session:
        key = session.scalars(select(Link.id)).one()
    told = run("links", "follow-up", key, "--text").stdout
    assert told.startswith("Conectar Example Bakery ao WhatsApp\n\nOlá,\n\nEste link abre a página")
    assert "http://localhost:5000/connect/" in told
