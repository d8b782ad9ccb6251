"""What is installed is what was locked: every line pinned and hashed, and each dependency explained once."""

import ast
import re
import sys

import pytest

from tests.house.source import ROOT, python_files, tree_of

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.IGNORECASE | re.MULTILINE)
WANTED = re.compile(r"^([a-z0-9][a-z0-9._-]*)", re.IGNORECASE)
# Where the name one imports is not the name one installs.
IMPORTED_AS = {"pyyaml": "yaml", "argon2-cffi": "argon2"}
# Installed for a side effect of its presence: a driver behind an address, the server, time zones.
NEVER_IMPORTED = {"psycopg", "redis", "granian", "tzdata", "babel"}


def wanted(name: str) -> list[str]:
    lines = (ROOT / name).read_text().splitlines()
    return [found.group(1).lower() for line in lines if (found := WANTED.match(line))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_line_is_pinned_and_hashed(name: str) -> None:
    entries = re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / name).read_text().partition("\n\n")[0])
    packages = [entry for entry in entries if not entry.startswith("#")]
    assert len(packages) > 20
    assert [entry.splitlines()[0] for entry in packages if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_what_is_wanted_is_locked() -> None:
    for source in ("requirements", "requirements-dev"):
        locked = {name.lower() for name, _ in PIN.findall((ROOT / f"{source}.txt").read_text())}
        assert set(wanted(f"{source}.in")) <= locked, f"make lock: {source}.txt is behind"


def test_development_uses_the_same_versions_as_the_product() -> None:
    product = dict(PIN.findall((ROOT / "requirements.txt").read_text()))
    development = dict(PIN.findall((ROOT / "requirements-dev.txt").read_text()))
    assert {name: development.get(name) for name in product} == product


def test_every_dependency_is_explained() -> None:
    page = (ROOT / "docs/decisions/0002-dependencies.md").read_text().lower()
    silent = [name for name in wanted("requirements.in") + wanted("requirements-dev.in") if f"`{name}`" not in page]
    assert not silent


def test_nothing_is_installed_for_nobody() -> None:
    imported = {
        name.split(".")[0].lower().replace("_", "-")
        for path in python_files("app", "sandbox", "config.py", "wsgi.py", "migrations", "bench")
        for node in ast.walk(tree_of(path))
        for name in imported_names(node)
    } - {name.lower() for name in sys.stdlib_module_names}
    unused = [
        name for name in wanted("requirements.in") if IMPORTED_AS.get(name, name).replace("_", "-") not in imported
    ]
    assert set(unused) <= NEVER_IMPORTED, set(unused) - NEVER_IMPORTED


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
