"""`flask privacy`: requests about somebody's data, and handing out or erasing all of one client's."""

import json
from datetime import datetime
from pathlib import Path

import click

from app.audit.store import SYSTEM
from app.cli.consent_text import in_text
from app.cli.told import Commands, moment, note, table
from app.kit import clock
from app.kit.errors import InvalidInput, NotFound
from app.onboarding.shares.unclaimed import find_client
from app.records.client_data import erase_client, export_client
from app.records.consents import plain, read_consents
from app.records.requests import list_requests, match_request, settle_request
from app.web.here import rt
from app.webhooks import inbox

privacy = Commands("privacy", help="Requests about somebody's data; export and erasure of a client.")


@privacy.command("list")
def show_all() -> None:
    """List requests, newest first."""
    with rt().db.read() as session:
        rows = list_requests(session)
    shown = [
        (
            one.code, one.kind, one.state, moment(one.asked_at), one.by, one.client_name or "not known",
            _or_none(one.due_by), one.reason or "",
        )
        for one in rows
    ]  # fmt: skip
    table(("Code", "Kind", "State", "Asked", "By", "Client", "Due by", "Reason"), shown, empty="No requests.")


@privacy.command("settle")
@click.argument("code")
@click.option("--reason", required=True, help="What was done, or why it cannot be; the person reads it.")
@click.option("--refuse", is_flag=True, help="It is not met.")
def settle(code: str, reason: str, refuse: bool) -> None:
    """Say what became of a request."""
    with rt().db.write() as session:
        settle_request(session, code, refused=refuse, reason=reason, actor=SYSTEM, now=clock.now())
    note("Settled.")


@privacy.command("match")
@click.argument("code")
@click.argument("client")
def match(code: str, client: str) -> None:
    """Say which CLIENT (id, your reference, or name) an open request is about."""
    with rt().db.write() as session:
        key = find_client(session, client).id
        match_request(session, code, key, actor=SYSTEM, now=clock.now())
    note("Matched.")


@privacy.command("consent")
@click.argument("client")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of text.")
def consent(client: str, as_json: bool) -> None:
    """Print what CLIENT (id, your reference, or name) agreed to, with the wording that was shown."""
    with rt().db.read() as session:
        try:
            key = find_client(session, client).id
        except InvalidInput:
            # An erased client is known by its id alone, and its record says so.
            key = client
        try:
            found = read_consents(session, key, partner=rt().settings.partner_name)
        except NotFound:
            find_client(session, client)
            raise
    click.echo(json.dumps(plain(found), indent=2, ensure_ascii=False) if as_json else in_text(found))


@privacy.command("export")
@click.argument("client")
@click.option("--reason", required=True, help="Why; the record keeps it.")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="A file; else it is printed.")
def export(client: str, reason: str, path: Path | None) -> None:
    """Hand out everything we hold of CLIENT (id, your reference, or name) as JSON, without secrets."""
    with rt().db.write() as session:
        found = export_client(
            session,
            find_client(session, client).id,
            reason=reason,
            partner=rt().settings.partner_name,
            actor=SYSTEM,
            now=clock.now(),
        )
    text = json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True)
    if path is None:
        click.echo(text)
        return
    # The file is for one pair of eyes from its first byte on.
    path.touch(mode=0o600)
    path.write_text(text + "\n")
    note(f"Written to {path}.")


@privacy.command("erase")
@click.argument("client")
@click.option("--reason", required=True, help="Why; the record keeps it.")
@click.option("--also-live", is_flag=True, help="Also where an account is still with us; it is cut off.")
@click.confirmation_option(prompt="Everything of this client will be gone. Go on?")
def erase(client: str, reason: str, also_live: bool) -> None:
    """Erase CLIENT (id, your reference, or name) and everything of it."""
    with rt().db.write() as session:
        key = find_client(session, client).id
        gone = erase_client(
            session,
            key,
            reason=reason,
            also_live=also_live,
            forget_notifications=inbox.forget,
            actor=SYSTEM,
            now=clock.now(),
        )
    rows = [(name, str(count)) for name, count in sorted(gone.rows.items())]
    table(("Table", "Rows"), rows, empty="Nothing was there.")
    note(f"Erased; the record is {gone.code}.")


def _or_none(at: datetime | None) -> str:
    return moment(at) if at else ""
