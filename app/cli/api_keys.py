"""`flask api-keys`: the keys with which the partner's own programs use the API."""

import click

from app.access.keys import SCOPES, get_key, list_keys, make_key, revoke_key
from app.cli.told import Commands, moment, note, table
from app.kit import clock
from app.web.here import rt

api_keys = Commands("api-keys", help="Keys with which your own programs use the API.")


@api_keys.command("make")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What it may do; repeat it. Everything if absent.",
)
def make(name: str, scopes: tuple[str, ...]) -> None:
    """Make a key and print it. It is printed this once and stored nowhere."""
    with rt().db.write() as session:
        row, secret = make_key(session, name, scopes or SCOPES, clock.now())
        told = f"{row.name}: prefix {row.prefix}, may do {', '.join(row.scopes)}. Keep it now, it is not shown again."
    note(told)
    click.echo(secret.reveal())


@api_keys.command("list")
def show() -> None:
    """List all keys by prefix, with their last use."""
    with rt().db.read() as session:
        rows = [
            (
                key.prefix,
                key.name,
                ", ".join(key.scopes),
                moment(key.created_at),
                moment(key.used_at),
                moment(key.revoked_at, never=""),
            )
            for key in list_keys(session)
        ]
    headings = ("Prefix", "Name", "May do", "Made", "Last used", "Revoked")
    table(headings, rows, empty="No keys yet. Make one with: flask api-keys make NAME")


@api_keys.command("revoke")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """End a key at once."""
    with rt().db.write() as session:
        row = get_key(session, prefix)
        revoke_key(session, row, clock.now())
        name = row.name
    note(f"{name} ({prefix}) is refused from now on.")
