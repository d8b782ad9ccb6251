"""`flask incidents`: what is open, and a trial of the channels it is told on."""

import click

from app.audit.store import SYSTEM
from app.cli.told import Commands, moment, note, table
from app.incidents.kinds import KINDS
from app.incidents.reading import Wish, get_incident, list_incidents
from app.kit import clock
from app.upkeep.alerts.channels import channels_in
from app.upkeep.alerts.trying import try_channel
from app.web.here import rt

incidents = Commands("incidents", help="What a person must know, and where it is told.")


@incidents.command("list")
@click.option("--over", is_flag=True, help="Those that are over, newest first.")
@click.option("--kind", type=click.Choice(sorted(KINDS)), help="Of this kind only.")
def show_all(over: bool, kind: str | None) -> None:
    """List open incidents, worst first."""
    with rt().db.read() as session:
        rows = list_incidents(session, Wish(closed=over, kind=kind))
    shown = [
        (row.id, row.severity, row.kind.name, row.label, moment(row.opened_at), "; ".join(row.reasons)) for row in rows
    ]
    table(("Id", "Severity", "Kind", "Of", "Since", "Reasons"), shown, empty="No incidents.")


@incidents.command("show")
@click.argument("incident_id")
def show(incident_id: str) -> None:
    """Show one with its history."""
    with rt().db.read() as session:
        row = get_incident(session, incident_id)
    note(f"{row.kind.title} ({row.label}). {row.kind.means} {row.kind.do}")
    table(
        ("When", "What", "Severity", "Stage", "Reasons"),
        [(moment(one.at), one.what, one.severity, one.stage, "; ".join(one.reasons)) for one in row.history],
        empty="Nothing has happened to it.",
    )


@incidents.command("channels")
def show_channels() -> None:
    """List where incidents are told, and which entries of ALERT_URLS cannot be used."""
    channels = channels_in(rt().settings)
    rows = [(one.key, one.label, one.wants) for one in channels.usable]
    table(("Key", "Channel", "Wants"), rows, empty="Nobody is told: ALERT_URLS is empty.")
    for problem in channels.problems:
        note(problem)


@incidents.command("try")
@click.argument("channel")
def try_one(channel: str) -> None:
    """Tell CHANNEL (a key of `channels`) now that it works."""
    label = try_channel(rt(), channel, actor=SYSTEM, now=clock.now())
    note(f"Told: {label}.")
