"""`flask onboardings by-hand`: an account and a system user's token, entered when no window of Meta's can be used.

The token is never typed on the command line, where other people of the machine could read it.
"""

import click

from app.audit.store import SYSTEM
from app.cli.onboarding_acts import onboardings
from app.cli.told import ask_secret, note
from app.kit import clock
from app.onboarding.arrivals.by_hand import enter
from app.onboarding.arrivals.taking_forms import read_entry
from app.web.here import rt

__all__ = ["onboardings"]


@onboardings.command("by-hand")
@click.argument("account_id")
@click.option("--number-id", help="Of several numbers this one alone; all of them if absent.")
@click.option("--client-id", help="A client of ours, by our key.")
@click.option("--external-ref", help="Your own key for the client; made if it is new.")
@click.option("--client-name", help="What a new client is called; else as Meta calls it.")
@click.option("--no-credit", is_flag=True, help="The client pays by itself; our credit line is not shared.")
def enter_by_hand(account_id: str, no_credit: bool, **given: str | None) -> None:
    """Begin an onboarding of ACCOUNT_ID with a system user's token, asked for here or read from stdin."""
    kept = {name: value for name, value in given.items() if value is not None}
    token = ask_secret("Token of the system user")
    whole = {"account_id": account_id, "share_credit": not no_credit, "token": token.reveal(), **kept}
    entry, secret = read_entry(whole)
    entered = enter(rt(), entry, token=secret, actor=SYSTEM, now=clock.now())
    for warning in entered.warnings:
        note(f"Mind: {warning}")
    note(f"{entered.client_name}: begun; the token is sealed.")
    click.echo(entered.reference)
