"""Small files with telling names, and tests that stand where one would look for them."""

import ast
from pathlib import Path

from tests.house.source import ROOT, module_of, python_files, tracked_files, tree_of

LONGEST = 300
WRITTEN_BY_HAND = {".py", ".html", ".js", ".css", ".toml", ".ini", ""}
MADE_BY_TOOLS = ("requirements.txt", "requirements-dev.txt", "migrations/versions/")
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "manager"}
# Folders of tests that are about more than one room, or about none.
OWN_RIGHT = {"journeys", "matrix", "browser", "house", "contract", "factories", "payloads", "bench"}
# The catalogues belong to what shows them.
ELSEWHERE = {"translations": Path("tests/web/test_translations.py")}


def is_by_hand(path: Path) -> bool:
    name = str(path)
    return (
        path.suffix in WRITTEN_BY_HAND
        and not name.startswith(MADE_BY_TOOLS)
        and "vendor" not in path.parts
        and "translations" not in path.parts
    )


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    long = {str(path): lines_of(path) for path in tracked_files() if is_by_hand(path) and lines_of(path) > LONGEST}
    assert long == {}, "find the noun to split by"


def lines_of(path: Path) -> int:
    return (ROOT / path).read_text(errors="replace").count("\n")


def test_no_file_is_named_after_nothing() -> None:
    empty = [path for path in tracked_files() if path.stem in EMPTY_NAMES or EMPTY_NAMES & set(path.parent.parts)]
    assert not empty


def test_every_module_says_what_it_is_for() -> None:
    everything = python_files("app", "sandbox", "config.py", "wsgi.py", "bench", "migrations/env.py")
    assert [path for path in everything if ast.get_docstring(tree_of(path)) is None] == []


def test_tests_mirror_what_they_test() -> None:
    """`tests/clients/test_store_search.py` is about `app/clients/store.py`, and nothing is tested from afar."""
    astray = [path for path in python_files("tests") if path.name.startswith("test_") and not stands_right(path)]
    assert not astray


def stands_right(path: Path) -> bool:
    where = path.parts[1:-1]
    if (where and where[0] in OWN_RIGHT) or path in ELSEWHERE.values():
        return True
    subject = path.stem.removeprefix("test_")
    folder = Path("sandbox", *where[1:]) if where[:1] == ("sandbox",) else Path("app", *where)
    candidates = [ROOT if not where else ROOT / folder, ROOT / folder]
    return (
        any(
            subject == name or subject.startswith(f"{name}_")
            for place in candidates
            for name in [entry.stem.strip("_") for entry in place.glob("*") if entry.suffix == ".py" or entry.is_dir()]
        )
        or subject.split("_")[0] == folder.name
    )


def test_every_room_has_tests() -> None:
    rooms = {path.parts[1] for path in python_files("app") if len(path.parts) > 2}
    tested = {path.parts[1] for path in python_files("tests") if len(path.parts) > 2}
    assert rooms - tested == set(ELSEWHERE)
    assert all((ROOT / path).exists() for path in ELSEWHERE.values())


def test_no_test_sleeps_or_skips_in_silence() -> None:
    """A test waits for a condition with a deadline; a sleep is either too short one day or too long every day."""
    wrong = [
        f"{module_of(path)}:{number}"
        for path in python_files("tests")
        if path.name.startswith("test_") and path != Path("tests/house/test_files.py")
        for number, line in enumerate((ROOT / path).read_text().splitlines(), start=1)
        if "time.sleep(" in line or "@pytest.mark.xfail" in line
    ]
    assert not wrong
