import re

from app.access.keys import recognise
from app.kit import clock
from app.runtime import Runtime
from tests.cli.conftest import Run


def test_a_key_is_printed_once_alone_on_stdout(run: Run, rt: Runtime) -> None:
    result = run("api-keys", "make", "CRM", "--scope", "links:write", "--scope", "links:read")
    assert result.exit_code == 0
    key = result.stdout.strip()
    assert re.fullmatch(r"gw_live_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", key)
    program = recognise(rt.db, key, now=clock.now())
    assert program is not None
    assert program.scopes == {"links:read", "links:write"}
    assert key not in run("api-keys", "list").output


def test_without_scopes_it_may_do_everything(run: Run, rt: Runtime) -> None:
    program = recognise(rt.db, run("api-keys", "make", "CRM").stdout.strip(), now=clock.now())
    assert program is not None
    assert program.scopes == {
        "links:read",
        "links:write",
        "onboardings:read",
        "onboardings:write",
        "onboardings:enter",
        "accounts:read",
        "accounts:adopt",
        "incidents:read",
        "accounts:check",
    }


def test_a_scope_that_does_not_exist_is_a_typing_mistake(run: Run) -> None:
    assert run("api-keys", "make", "CRM", "--scope", "links:burn").exit_code == 2


def test_a_revoked_key_is_refused_from_then_on(run: Run, rt: Runtime) -> None:
    key = run("api-keys", "make", "CRM").stdout.strip()
    prefix = key.split("_")[2]
    assert run("api-keys", "revoke", prefix).exit_code == 0
    assert recognise(rt.db, key, now=clock.now()) is None
    listed = run("api-keys", "list").stdout
    assert prefix in listed
    assert "links:read, links:write" in listed


def test_an_unknown_prefix_is_refused(run: Run) -> None:
    result = run("api-keys", "revoke", "nothere2")
    assert result.exit_code == 1
    assert "There is no API key with this prefix." in result.stderr
