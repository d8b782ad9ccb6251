"""`flask tokens`: which tokens there are, when each ends, and renewing one now. No command shows a token."""

from datetime import timedelta

import click
from sqlalchemy import update

from app.cli.told import Commands, moment, note, table
from app.credentials.models import TokenWatch
from app.credentials.watches import CLIENTS, DEAD, GONE, LASTING
from app.kit import clock
from app.kit.errors import NotFound
from app.upkeep.tokens.reading import TokenView, find_by_account, find_ours, list_tokens
from app.upkeep.tokens.renewing import Renewer
from app.upkeep.tokens.ways import Found
from app.upkeep.tokens.words import STATE_WORDS, outcome_in_words, try_in_words
from app.web.here import rt
from app.work.keeper import Keeper

tokens = Commands("tokens", help="The clients' tokens and our own: their ends, and renewing them.")


@tokens.command("list")
def show() -> None:
    """List every token that counts; ours first, then those that end first."""
    with rt().db.read() as session:
        found = list_tokens(session)
    headings = ("Client", "Account", "Ending in", "State", "Ends", "Next look", "Last way", "Outcome")
    table(headings, [_row(one) for one in found], empty="No token is known yet.")


@tokens.command("refresh")
@click.argument("account", required=False)
@click.option("--all", "everything", is_flag=True, help="Every client's token; the worker does it, within the limit.")
@click.option("--partner", is_flag=True, help="Our own token.")
def refresh(account: str | None, everything: bool, partner: bool) -> None:
    """Renew the token of ACCOUNT now, whatever its time: Meta's id of the account, or our key of account or client."""
    if sum((account is not None, everything, partner)) != 1:
        raise click.UsageError("Name one account, or --all, or --partner.")
    if everything:
        _ask_for_all()
        return
    if partner:
        rt().partner_credential()
    with rt().db.read() as session:
        ours = find_ours(session) if partner else None
        found = [ours] if ours is not None else find_by_account(session, account or "")
    if not found:
        raise NotFound("No token of such an account is known. `flask tokens list` shows them.")
    keeper = Keeper(rt().db, timedelta(seconds=rt().settings.lease_seconds))
    renewer = Renewer(rt(), keeper)
    worse = False
    try:
        for one in found:
            outcome = renewer.renew(one.watch_id, asked_by="staff")
            click.echo(_told(one, outcome))
            worse |= outcome is None or outcome.verdict not in ("renewed", "planned")
            for each in outcome.tries if outcome is not None else ():
                note(f"  {try_in_words(each.way, each.outcome, each.code, each.subcode)}")
    finally:
        renewer.close()
        keeper.close()
    if worse:
        raise click.ClickException("Not every token was renewed.")


def _ask_for_all() -> None:
    with rt().db.write() as session:
        asked = session.scalars(
            update(TokenWatch)
            .where(TokenWatch.kind == CLIENTS, TokenWatch.state.not_in((GONE, LASTING, DEAD)))
            .values(asked_by="staff", due_at=clock.now())
            .returning(TokenWatch.id)
            .execution_options(synchronize_session=False)
        ).all()
    rt().wakes.ring("tokens")
    note(f"{len(asked)} tokens are asked for; the worker renews them now. `flask tokens list` shows how far it is.")


def _row(one: TokenView) -> tuple[str, ...]:
    ends = "never" if one.state == LASTING else moment(one.ends_at, never="not known yet")
    return (
        _whose(one),
        f"{one.account_name or ''} {one.waba_id or ''}".strip(),
        f"…{one.last_four}" if one.last_four else "",
        STATE_WORDS[one.state],
        ends,
        moment(one.renews_at, never="none"),
        one.last_way or "",
        f"{outcome_in_words(one.last_outcome)}, {moment(one.last_at)}" if one.last_outcome else "",
    )


def _whose(one: TokenView) -> str:
    return one.client_name or "we ourselves"


def _told(one: TokenView, found: Found | None) -> str:
    whose = f"{_whose(one)}{f', account {one.waba_id}' if one.waba_id else ''}"
    if found is None:
        return f"{whose}: somebody is at it already."
    if found.verdict == "renewed" and found.heir is not None:
        return f"{whose}: renewed, ends {moment(found.heir.expires_at)}."
    if found.verdict == "planned":
        return f"{whose}: it never ends, so it stays as it is."
    return f"{whose}: {STATE_WORDS.get(found.verdict, 'not renewed, it is tried again')}."
