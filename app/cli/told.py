"""How commands speak: results on stdout as tables or single values, everything else on stderr, an exit code at the end.

Exit codes: 0 done, 1 refused (the reason is on stderr), 2 the command was typed wrongly.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table

from app.kit.errors import AppError, InvalidInput
from app.kit.logs import leave_stdout_alone
from app.kit.secret import Secret


class _InWords:
    """Turns our errors into a sentence and exit code 1, and keeps the log out of the result."""

    def invoke(self, ctx: click.Context) -> Any:
        leave_stdout_alone()
        try:
            return super().invoke(ctx)  # type: ignore[misc]
        except InvalidInput as refused:
            raise click.ClickException("\n".join(f"{fault.field}: {fault.rule}" for fault in refused.faults)) from None
        except AppError as refused:
            raise click.ClickException(refused.detail) from None


class Commands(_InWords, AppGroup):
    """A group of commands that tell our errors in words."""


class Telling(_InWords, click.Command):
    """A single command that tells our errors in words."""


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Print rows under headings; without rows, say why on stderr and print nothing."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        grid.add_column(heading, no_wrap=heading in {"Id", "Reference", "Prefix"}, overflow="fold")
    for row in rows:
        grid.add_row(*(_plain(cell) for cell in row))
    if not grid.row_count:
        click.echo(empty, err=True)
        return
    # Outside of a terminal nobody's window limits the width, and scripts want one row a line.
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=400)
    console.print(grid)


def note(words: str) -> None:
    """Say something that is not the result."""
    click.echo(words, err=True)


def moment(at: datetime | None, *, never: str = "never") -> str:
    """`2026-11-20 12:00 UTC`."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else never


def ask_password() -> Secret:
    """A password from a prompt that shows nothing, or from the first line of a pipe; never from the command line,
    where other people of the machine could read it."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    if not typed:
        raise click.ClickException("No password was given.")
    return Secret(typed)


def ask_digits(what: str) -> Secret:
    """A code or PIN, as `ask_password`: from a prompt that shows nothing, or from the first line of a pipe."""
    typed = ask_secret(what)
    if not re.fullmatch(r"[0-9]{6}", typed.reveal().strip()):
        raise click.ClickException(f"{what}: must be six digits")
    return Secret(typed.reveal().strip())


def ask_secret(what: str) -> Secret:
    """As `ask_password`, for a secret that exists already: it is not asked for twice."""
    if sys.stdin.isatty():
        typed: str = click.prompt(what, hide_input=True, err=True)
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    if not typed:
        raise click.ClickException(f"{what}: nothing was given.")
    return Secret(typed)


def _plain(cell: str) -> str:
    """A text that neither rich nor a terminal takes for a command."""
    return "".join(letter if letter.isprintable() else "�" for letter in cell).replace("[", r"\[")
