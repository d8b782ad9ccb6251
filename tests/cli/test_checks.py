"""`flask checks`: the same on the command line."""

from app.kit import clock
from app.runtime import Runtime
from tests.cli.conftest import Run
from tests.factories.checks import add_checked, add_fact


def test_drifts_are_listed_and_repaired(run: Run, rt: Runtime) -> None:
    assert run("checks", "list").stderr == "Nothing differs.\n"
    account, _ = add_checked(rt.db, at=clock.now())
    fact = add_fact(rt.db, account, "owner", "2730", ours="2729", at=clock.now())
    listed = run("checks", "list").stdout
    assert fact in listed
    assert "2730" in listed
    assert run("checks", "repair", account, fact).stdout == "accepted\n"
    assert "ok" in run("checks", "list", "--account", account).stdout
    assert "Nothing is wrong" in run("checks", "repair", account, fact).stderr


def test_a_check_is_asked_for(run: Run, rt: Runtime) -> None:
    account, _ = add_checked(rt.db, at=clock.now())
    assert run("checks", "run", account).exit_code == 0
    assert run("checks", "run", "nobody").exit_code == 1
    assert run("checks", "run").stderr == "0 accounts are new under check.\n"
