"""Runbooks: what to do when an incident opens. The pages are Markdown in `docs/runbooks/`, one a kind."""

from functools import cache
from pathlib import Path
from typing import Final

import markdown
from markupsafe import Markup

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "runbooks"


@cache
def runbook_of(kind: str) -> Markup | None:
    """The page of a kind as HTML, without its heading; None where there is no such page."""
    path = FOLDER / f"{kind}.md"
    if path not in FOLDER.glob("*.md"):
        return None
    _, _, text = path.read_text().partition("\n")
    # Written by us and shipped with the program, so it may carry HTML of its own.
    return Markup(markdown.markdown(text, extensions=["tables", "fenced_code"]))  # noqa: S704 - our own file
