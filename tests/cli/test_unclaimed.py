"""`flask unclaimed`: the same three decisions."""

from sqlalchemy import select

from app.onboarding.models import Onboarding, UnclaimedAccount
from app.runtime import Runtime
from tests.api.test_unclaimed import entry
from tests.cli.conftest import Run

__all__ = ["entry"]


def test_entries_are_listed_and_made_clients_of(run: Run, rt: Runtime, entry: str) -> None:
    listed = run("unclaimed", "list").stdout
    assert entry in listed
    assert "524126980791429" in listed
    made = run("unclaimed", "make-client", entry, "--name", "Example Shoes")
    with rt.db.read() as session:
        assert made.stdout == f"{session.scalars(select(Onboarding.reference)).one()}\n"
    assert run("unclaimed", "list").stderr == "No unclaimed accounts.\n"


def test_an_entry_is_attached_by_name(run: Run, rt: Runtime, entry: str) -> None:
    run("links", "make", "Example Bakery")
    assert run("unclaimed", "attach", entry, "--client", "Example Bakery").exit_code == 0
    with rt.db.read() as session:
        assert session.scalars(select(Onboarding.way)).one() == "hosted"


def test_an_entry_is_refused_with_a_reason_and_how_to_unshare_is_said(run: Run, rt: Runtime, entry: str) -> None:
    assert "reason: must have 5 to 500 characters" in run("unclaimed", "refuse", entry, "--reason", "no").stderr
    assert "Partners, Remove" in run("unclaimed", "refuse", entry, "--reason", "Nobody of ours").stderr
    with rt.db.read() as session:
        assert session.scalars(select(UnclaimedAccount.settled_as)).one() == "refused"


def test_whose_it_is_must_be_said_once(run: Run, entry: str) -> None:
    assert run("unclaimed", "attach", entry).exit_code == 2
