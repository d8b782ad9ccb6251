"""`flask errors`: what an error of Meta's means, who must act, and what to do."""

from typing import cast, get_args

import click

from app.cli.told import Commands, table
from app.console.words import ACTOR_WORDS, BUTTON_WORDS, RETRY_WORDS
from app.meta.catalogue import Step, explain, read_numbers, search

errors = Commands("errors", help="What Meta’s errors mean, and what to do about them.")


@errors.command("explain")
@click.argument("code")
@click.option(
    "--step", type=click.Choice(get_args(Step)), help="Where it happened; the same number may mean another thing."
)
def show(code: str, step: str | None) -> None:
    """Explain CODE: a number of Meta's such as 133005, or with its subcode, 190/463."""
    row = explain(read_numbers(code), cast(Step | None, step))
    facts = [
        ("Meaning", row.meaning),
        ("Who acts", ACTOR_WORDS[row.who]),
        ("What to do", row.do),
        ("Button", BUTTON_WORDS[row.button]),
        ("Repeated", RETRY_WORDS[row.retry]),
        ("Meta’s page", row.link or "none"),
        ("The client reads", f"{row.client_meaning} {row.client_do}"),
    ]
    table((code, row.key), facts, empty="")


@errors.command("list")
@click.argument("words", nargs=-1)
def show_all(words: tuple[str, ...]) -> None:
    """List what the catalogue knows, or what of it holds all WORDS."""
    rows = [
        (
            ", ".join(entry.numbers) or "ours",
            ", ".join(entry.steps) or "any",
            ACTOR_WORDS[entry.explanation.who],
            entry.explanation.meaning,
        )
        for entry in search(" ".join(words))
    ]
    table(("Code", "Step", "Who acts", "Meaning"), rows, empty="Nothing in the catalogue holds these words.")
