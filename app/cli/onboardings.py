"""`flask onboardings`: how far each client is, and the two things staff may do about it."""

import click

from app.audit.store import SYSTEM
from app.cli.told import Commands, ask_secret, moment, note, table
from app.console.words import (
    ACTOR_WORDS,
    BUTTON_WORDS,
    PLAN_WORDS,
    PROOF_CLAIMS,
    STATE_WORDS,
    STEP_TITLES,
    STEP_WORDS,
    actor_of,
    number_of,
    sentence_of,
)
from app.kit import clock
from app.kit.errors import Conflict
from app.onboarding.by_hand import enter
from app.onboarding.desk import retry_step, waive_test
from app.onboarding.progress import Progress, list_calls, read_progress
from app.onboarding.shelf import STATES, list_progress
from app.onboarding.taking_forms import read_entry
from app.web.here import rt

onboardings = Commands("onboardings", help="Runs of the steps, one for each client that came through its link.")


@onboardings.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only these.")
@click.option("--search", help="Part of a client's name, a reference, or an id of Meta's.")
@click.option("--before", help="The next page, as the end of the page before tells it.")
@click.option("--limit", default=25, show_default=True, type=click.IntRange(1, 500), help="Rows at most.")
def show_all(state: str | None, search: str | None, before: str | None, limit: int) -> None:
    """List onboardings, newest first."""
    with rt().db.read() as session:
        page = list_progress(session, state=state, search=search, before=before, limit=limit)
    rows = [
        (
            row.reference,
            row.client_name,
            STATE_WORDS[row.state],
            _steps(row),
            ACTOR_WORDS[actor_of(row)],
            PLAN_WORDS[row.plan],
            moment(row.begun_at),
        )
        for row in page.rows
    ]
    headings = ("Reference", "Client", "State", "Steps", "Who acts", "Plan", "Started")
    table(headings, rows, empty="No onboardings.")
    if page.next:
        note(f"More: --before {page.next}")


@onboardings.command("show")
@click.argument("reference")
@click.option("--calls", is_flag=True, help="Every Graph call too, newest first.")
def show(reference: str, calls: bool) -> None:
    """Show one onboarding: steps, proofs, and what stands in the way."""
    with rt().db.read() as session:
        progress = read_progress(session, reference)
        made = list_calls(session, progress.id) if calls else ()
    note(f"{progress.client_name} · {number_of(progress.display_phone_number)} · {STATE_WORDS[progress.state]}")
    table(
        ("Step", "State", "What", "Started", "Ended"),
        [
            (
                f"{step.position} {STEP_TITLES[step.name]}",
                STEP_WORDS[step.state],
                sentence_of(step),
                moment(step.started_at, never="not yet"),
                moment(step.ended_at, never="not yet"),
            )
            for step in progress.steps
        ],
        empty="",
    )
    click.echo()
    proofs = [(PROOF_CLAIMS[proof.kind], moment(proof.seen_at, never="not seen")) for proof in progress.proofs]
    table(("Proof", "Seen"), proofs, empty="")
    _tell_trouble(progress)
    if calls:
        click.echo()
        rows = [
            (
                moment(call.at),
                call.step_name,
                call.method,
                call.path,
                str(call.status or call.error),
                f"{call.took_ms} ms",
            )
            for call in made
        ]
        table(("Time", "Step", "", "Call", "Answer", "Took"), rows, empty="No calls yet.")


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


@onboardings.command("retry")
@click.argument("reference")
@click.argument("step", required=False, type=click.Choice(list(STEP_TITLES)))
def retry(reference: str, step: str | None) -> None:
    """Let a step that stands still run again now; without STEP the one that matters."""
    now = clock.now()
    with rt().db.write() as session:
        progress = read_progress(session, reference)
        name = step or (progress.current.name if progress.current else None)
        if name is None:
            raise Conflict("Every step is done; there is nothing to try again.")
        retry_step(session, progress.id, name, actor=SYSTEM, now=now)
    rt().wakes.ring("onboardings")
    note(f"{STEP_TITLES[name]}: tried again as soon as a worker is free.")


@onboardings.command("waive")
@click.argument("reference")
@click.option("--reason", required=True, help="Why no test message is needed; it is kept.")
def waive(reference: str, reason: str) -> None:
    """Skip the test message. The client can be connected this way, but not "live"."""
    with rt().db.write() as session:
        waive_test(session, reference, reason=reason, actor=SYSTEM, now=clock.now())
    rt().wakes.ring("onboardings")
    note("The test message is skipped.")


def _steps(progress: Progress) -> str:
    """`3/5`: how many steps are behind us."""
    done = sum(step.state in {"done", "skipped"} for step in progress.steps)
    return f"{done}/{len(progress.steps)}"


def _tell_trouble(progress: Progress) -> None:
    for step in progress.steps:
        if step.trouble is None:
            continue
        answered = f" (Meta: {step.trouble.code}, trace {step.trouble.trace_id})" if step.trouble.code else ""
        note(f"\n{STEP_TITLES[step.name]}: {step.trouble.meaning}{answered}")
        note(f"{ACTOR_WORDS[step.trouble.who]}: {step.trouble.do}")
        if step.trouble.button != "none":
            note(f"What helps: {BUTTON_WORDS[step.trouble.button]}")
