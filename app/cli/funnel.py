"""`flask funnel`: how far links brought their clients, and who stopped where."""

from datetime import date, timedelta

import click

from app.cli.told import Commands, moment, note, table
from app.console.words import STAGE_WORDS, help_of, plan_word, where_of
from app.kit import clock
from app.kit.errors import Fault, InvalidInput
from app.onboarding.funnel.funnel import NO_PLAN, Counts, Wish, read_funnel
from app.onboarding.funnel.stopped import STOPPABLE, list_stopped
from app.onboarding.links.weekly import read_room
from app.onboarding.plans import PLANS
from app.onboarding.window.openings import Opening
from app.web.here import rt

funnel = Commands(
    "funnel", help="How far links brought their clients, and who stopped where.", invoke_without_command=True
)


@funnel.result_callback()
@click.pass_context
def _show_alone(ctx: click.Context, *_: object) -> None:
    """`flask funnel` alone shows it."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(show, plan=None, week=None)


plan_option = click.option("--plan", type=click.Choice([*PLANS, NO_PLAN]), help="Only this plan; none: not chosen yet.")
week_option = click.option("--week", help="Only links made in the week of this day, like 2026-11-16.")


@funnel.command("show")
@plan_option
@week_option
def show(plan: str | None, week: str | None) -> None:
    """Show the last twelve weeks by stage, week and plan, and where Meta's window was left."""
    now, wish = clock.now(), Wish(plan, _monday(week))
    with rt().db.read() as session:
        found = read_funnel(session, wish, now=now)
        room = read_room(session, limit=rt().settings.meta_weekly_signup_limit, now=now)
    told = f"New clients in the last seven days: {room.used} of {room.limit}."
    note(told + (f" There is room again from {moment(room.opens_at)} on." if room.is_full else ""))
    rows = [_line("All", found.all)]
    rows += [_line(f"Week of {week.name}", week) for week in found.weeks if week.made]
    rows += [_line(plan_word(row.name), row) for row in found.plans]
    table(("Links", *STAGE_WORDS.values()), rows if found.all.made or len(rows) > 1 else [], empty="No links.")
    if found.left:
        click.echo()
        table(
            ("How Meta’s window was left", "Links"),
            [(left.ending.staff, str(left.count)) for left in found.left],
            empty="",
        )


@funnel.command("stopped")
@plan_option
@week_option
@click.option("--stage", type=click.Choice(STOPPABLE), help="Only those who stopped here.")
@click.option("--before", help="The next page, as the end of the page before tells it.")
@click.option("--limit", default=25, show_default=True, type=click.IntRange(1, 500), help="Rows at most.")
def stopped(plan: str | None, week: str | None, stage: str | None, before: str | None, limit: int) -> None:
    """List the clients that stopped, newest link first. `flask links follow-up` makes them a new link."""
    now = clock.now()
    with rt().db.read() as session:
        page = list_stopped(session, Wish(plan, _monday(week)), now=now, stage=stage, before=before, limit=limit)
    rows = [
        (
            row.link_id,
            row.client_name,
            where_of(row),
            " · ".join(part for part in _ids(row.opening) if part) or "none",
            plan_word(row.plan),
            moment(row.since),
            row.reference or help_of(row),
        )
        for row in page.rows
    ]
    headings = ("Id", "Client", "Stopped", "For Meta’s support", "Plan", "Since", "What to do")
    table(headings, rows, empty="Nobody has stopped.")
    if page.next:
        note(f"More: --before {page.next}")


def _ids(opening: Opening | None) -> tuple[str | None, ...]:
    return (opening.screen, opening.error_id, opening.session_id) if opening is not None else ()


def _line(name: str, counts: Counts) -> tuple[str, ...]:
    return (name, *(str(getattr(counts, stage)) for stage in STAGE_WORDS))


def _monday(week: str | None) -> date | None:
    """The Monday of the week a day lies in."""
    if week is None:
        return None
    try:
        day = date.fromisoformat(week)
    except ValueError:
        raise InvalidInput([Fault("week", "must be a day like 2026-11-16")]) from None
    return day - timedelta(days=day.weekday())
