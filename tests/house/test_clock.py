"""One room asks the time; everybody else is handed a `now`, so that any day can be tried in a test."""

import ast
from pathlib import Path

from tests.house.source import python_files, tree_of

ALLOWED = Path("app/kit/clock.py")
ASKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime", "gmtime"},
}


def test_only_the_clock_asks_the_time() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path in python_files("app", "config.py", "wsgi.py")
        if path != ALLOWED
        for node in ast.walk(tree_of(path))
        if asks_the_time(node)
    ]
    assert not wrong


def asks_the_time(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and node.module == "time":
        return any(alias.name in ASKS["time"] for alias in node.names)
    if not isinstance(node, ast.Attribute):
        return False
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return node.attr in ASKS.get(name, set())


def test_rules_are_handed_the_time() -> None:
    """Nobody below the entry points may reach for the clock: a verb's `now` is one moment for all it does."""
    wrong = [
        str(path)
        for path in python_files("app")
        if path.stem in {"rules", "store", "forms", "models"}
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.module == "app.kit" and any(a.name == "clock" for a in node.names)
    ]
    assert not wrong
