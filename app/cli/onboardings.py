"""`flask onboardings`: how far each client is. What may be done about it is in `onboarding_acts.py`."""

import click

from app.cli.told import Commands, moment, note, table
from app.console.words import (
    ACTOR_WORDS,
    BUTTON_WORDS,
    PLAN_WORDS,
    PROOF_CLAIMS,
    STATE_WORDS,
    STEP_TITLES,
    STEP_WORDS,
    WAY_WORDS,
    actor_of,
    number_of,
    sentence_of,
)
from app.onboarding.plans import FIRST_OF, PLANS
from app.onboarding.reading.progress import Progress, list_calls, read_progress
from app.onboarding.reading.shelf import STATES, list_progress
from app.web.here import rt

onboardings = Commands("onboardings", help="Runs of the steps, one for each client that came through its link.")


@onboardings.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only these.")
@click.option("--plan", type=click.Choice(list(PLANS)), help="Only of this plan.")
@click.option("--way", type=click.Choice(list(FIRST_OF)), help="Only those that came this way.")
@click.option("--search", help="Part of a client's name, a reference, or an id of Meta's.")
@click.option("--before", help="The next page, as the end of the page before tells it.")
@click.option("--limit", default=25, show_default=True, type=click.IntRange(1, 500), help="Rows at most.")
def show_all(
    state: str | None, plan: str | None, way: str | None, search: str | None, before: str | None, limit: int
) -> None:
    """List onboardings, newest first."""
    with rt().db.read() as session:
        page = list_progress(session, state=state, plan=plan, way=way, search=search, before=before, limit=limit)
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
    note(f"{WAY_WORDS[progress.way]} · {PLAN_WORDS[progress.plan]}")
    for sibling in progress.siblings:
        note(f"Same signup: {sibling.reference} · {number_of(sibling.display_phone_number)}")
    if progress.ended_at is not None:
        note(
            f"Ended {moment(progress.ended_at)}" + (f"; {progress.replaced_by} counts" if progress.replaced_by else "")
        )
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
