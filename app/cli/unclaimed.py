"""`flask unclaimed`: accounts shared with us that nobody's signup brought."""

import click

from app.audit.store import SYSTEM
from app.cli.told import Commands, moment, note, table
from app.kit import clock
from app.onboarding.arrivals.saga import STREAM
from app.onboarding.reading.progress import read_reference
from app.onboarding.shares import unclaimed as rows
from app.web.here import rt

unclaimed = Commands("unclaimed", help="Accounts Meta says are shared with us, and no client of ours has claimed.")


@unclaimed.command("list")
def show_all() -> None:
    """List them, newest first, with whom each may belong to."""
    with rt().db.read() as session:
        found = rows.list_unclaimed(session, now=clock.now())
    shown = [
        (
            row.id,
            row.waba_id,
            row.account_name or "not asked",
            row.business_id or "not told",
            moment(row.told_at),
            "; ".join(f"{one.client_name} ({one.onboarding or one.why})" for one in row.suggestions) or "nobody known",
        )
        for row in found
    ]
    table(("Id", "Account", "Name", "Portfolio", "Told", "Perhaps"), shown, empty="No unclaimed accounts.")


@unclaimed.command("attach")
@click.argument("unclaimed_id")
@click.option("--client", help="The client's id, your own reference for it, or its name.")
@click.option("--onboarding", help="The reference of an onboarding that waits on Meta's own page.")
def attach(unclaimed_id: str, client: str | None, onboarding: str | None) -> None:
    """Give the account to a client, or to an onboarding that waits for one."""
    if (client is None) == (onboarding is None):
        raise click.UsageError("Give --client or --onboarding, and not both.")
    now = clock.now()
    with rt().db.write() as session:
        if onboarding is not None:
            key = rows.attach_to_onboarding(session, rt().settings, unclaimed_id, onboarding, actor=SYSTEM, now=now)
        else:
            found = rows.find_client(session, str(client))
            key = rows.attach_to_client(session, rt().settings, unclaimed_id, found.id, actor=SYSTEM, now=now)
    _begun(key)


@unclaimed.command("make-client")
@click.argument("unclaimed_id")
@click.option("--name", help="The client's name; left out, Meta's name of the account or its owner.")
@click.option("--external-ref", help="Your own key for the client.")
def make_client(unclaimed_id: str, name: str | None, external_ref: str | None) -> None:
    """Make a new client of the account."""
    if name is None:
        rows.ask_names(rt(), unclaimed_id)
    with rt().db.write() as session:
        key = rows.make_client(
            session,
            rt().settings,
            unclaimed_id,
            name=name,
            external_ref=external_ref,
            actor=SYSTEM,
            now=clock.now(),
        )
    _begun(key)


@unclaimed.command("refuse")
@click.argument("unclaimed_id")
@click.option("--reason", required=True, help="Why it is nobody's; it is kept.")
def refuse(unclaimed_id: str, reason: str) -> None:
    """Put it aside. Nothing is changed at Meta."""
    with rt().db.write() as session:
        rows.refuse(session, unclaimed_id, reason=reason, actor=SYSTEM, now=clock.now())
    note("Refused. At Meta it stays shared until its owner takes us out: Business settings, Partners, Remove.")


def _begun(key: str) -> None:
    rt().wakes.ring(STREAM)
    with rt().db.read() as session:
        click.echo(read_reference(session, key))
