"""`flask checks`: what Meta says otherwise than we."""

import click

from app.audit.store import SYSTEM
from app.cli.told import Commands, moment, note, table
from app.kit import clock
from app.upkeep.check import acting, reading
from app.upkeep.check.jobs import make_rows
from app.upkeep.check.reading import FactView
from app.upkeep.check.rows import STREAM
from app.web.here import rt

checks = Commands("checks", help="The daily check of every connected account against Meta.")


@checks.command("list")
@click.option("--account", help="All facts of one account, by our key of it.")
def show_facts(account: str | None) -> None:
    """List what differs, the worst first; or all facts of one account."""
    with rt().db.read() as session:
        found = reading.read_account(session, account).facts if account else reading.list_drifts(session).rows
    table(
        ("Id", "Account", "Client", "What", "Ours", "Meta’s", "State", "Since", "Put right by"),
        [_row(fact) for fact in found],
        empty="Meta has not been asked about this account yet." if account else "Nothing differs.",
    )


def _row(fact: FactView) -> tuple[str, ...]:
    what = f"{fact.kind.title} {fact.label}".strip()
    state = fact.severity if fact.verdict == "drift" else fact.verdict
    return (
        fact.id,
        fact.account_id,
        fact.client_name,
        what,
        fact.ours,
        fact.metas,
        state,
        moment(fact.since),
        fact.kind.repairs,
    )


@checks.command("run")
@click.argument("account", required=False)
def run(account: str | None) -> None:
    """Check one account now, by our key of it; without one, give every connected account its row."""
    if account is None:
        note(f"{make_rows(rt())} accounts are new under check.")
        return
    with rt().db.write() as session:
        acting.check_now(session, account, actor=SYSTEM, now=clock.now())
    rt().wakes.ring(STREAM)
    note("A worker asks Meta now; `flask checks list --account` shows what it found.")


@checks.command("repair")
@click.argument("account")
@click.argument("fact")
def repair(account: str, fact: str) -> None:
    """Put a fact right by its id: repaired at Meta where it is ours, else Meta's value becomes ours."""
    with rt().db.write() as session:
        became = acting.repair(session, account, fact, actor=SYSTEM, now=clock.now())
    rt().wakes.ring(STREAM)
    click.echo(became)
