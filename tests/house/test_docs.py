"""Documents name what exists: paths, verbs of make, commands, pictures, each other."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.house.source import ROOT, tracked_files

PAGES = [
    path
    for path in tracked_files()
    if path.suffix == ".md" and path.parts[0] in {"docs", "README.md", "CONTRIBUTING.md"}
]
IN_CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(
    r"^(?:(?:app|tests|sandbox|bench|docs|migrations)(?:/[\w./<>*-]*)?|config\.py|wsgi\.py|Procfile|Makefile|\.ci/run)$"
)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
VERBS = re.compile(r"\bmake ([a-z][a-z-]+)")
# The second word; what begins with a dash is an option of the first.
COMMANDS = re.compile(r"flask (?:--app wsgi )?([a-z][a-z-]+) ([a-z][a-z-]*)")
SINGLE = re.compile(r"flask (?:--app wsgi )?([a-z][a-z-]+)(?= --|`|\n)")
# Parts of a path that stand for something a reader fills in.
BLANK = re.compile(r"<[a-z]+>")


def text_of(page: Path) -> str:
    return (ROOT / page).read_text()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_paths_in_documents_exist(page: Path) -> None:
    named = [name for name in IN_CODE.findall(text_of(page)) if PATH.match(name)]
    missing = [name for name in named if not list(ROOT.glob(BLANK.sub("*", name).rstrip("/")))]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_in_documents_lead_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(text_of(page)) if not (ROOT / page).parent.joinpath(link).exists()]
    assert missing == []


def test_verbs_in_documents_are_verbs_of_make() -> None:
    verbs = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    said = {
        verb
        for page in PAGES
        for code in re.findall(r"`[^`\n]+`|```.*?```", text_of(page), re.DOTALL)
        for verb in VERBS.findall(code)
    }
    assert said <= verbs, said - verbs
    assert {"run", "test", "check", "demo", "bench", "mutants", "migration", "help"} <= verbs


def test_commands_in_documents_exist(app: Flask) -> None:
    known = {
        (group, command)
        for group, commands in app.cli.commands.items()
        for command in getattr(commands, "commands", {})
    }
    said = {pair for page in PAGES for pair in COMMANDS.findall(text_of(page))}
    assert said, "the documents show commands"
    assert said <= known, said - known
    alone = {name for page in PAGES for name in SINGLE.findall(text_of(page))}
    assert alone <= set(app.cli.commands), alone


def test_the_map_of_the_house_names_every_room() -> None:
    page = text_of(Path("README.md"))
    rooms = {path.parts[1] for path in tracked_files() if path.parts[0] == "app" and len(path.parts) > 2}
    assert [room for room in sorted(rooms - {"static", "translations"}) if f"{room}/" not in page] == []
