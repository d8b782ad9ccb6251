"""The settings a person may give, the file that lists them, and the one place that reads them."""

import ast
import re
from pathlib import Path

from config import Rehearsal, Settings
from tests.house.source import ROOT, python_files, tree_of

LINE = re.compile(r"^([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
# Read before there are settings, or by a shell.
OUTSIDE = {"ENV_FILE"}


def example() -> dict[str, str]:
    return dict(LINE.findall((ROOT / ".env.example").read_text()))


def shown(value: object) -> str:
    if isinstance(value, tuple | list):
        return ",".join(str(part) for part in value)
    return str(value)


def test_the_example_lists_every_setting_and_no_other() -> None:
    fields = {name.upper() for name in (Settings.model_fields | Rehearsal.model_fields)}
    assert set(example()) == fields


def test_the_example_shows_each_default() -> None:
    given = example()
    different = {
        name.upper(): (given[name.upper()], shown(field.default))
        for name, field in (Rehearsal.model_fields | Settings.model_fields).items()
        if not field.is_required() and given[name.upper()] != shown(field.default)
    }
    assert not different


def test_what_is_required_or_secret_has_no_example_value() -> None:
    given = example()
    assert [name for name, field in Settings.model_fields.items() if field.is_required() and given[name.upper()]] == []


def test_no_secret_has_a_default() -> None:
    secret = [name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)]
    assert sorted(secret) == [
        "credential_keys", "meta_app_secrets", "meta_system_token", "meta_verify_token", "secret_keys",
    ]  # fmt: skip
    assert all(Settings.model_fields[name].is_required() for name in secret)


def test_the_environment_is_read_in_one_place() -> None:
    readers = [
        f"{path}:{node.lineno}"
        for path in python_files("app", "wsgi.py", "migrations")
        for node in ast.walk(tree_of(path))
        if reads_environment(node)
    ]
    assert not readers, "config.py reads the environment; everybody else is handed settings"


def reads_environment(node: ast.AST) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv", "putenv"}) or (
        isinstance(node, ast.ImportFrom)
        and node.module == "os"
        and any(alias.name in {"environ", "getenv"} for alias in node.names)
    )


def test_documents_name_settings_that_exist() -> None:
    known = set(example()) | OUTSIDE
    named = re.compile(r"`(META_[A-Z_]+|SECRET_KEYS|CREDENTIAL_KEYS|[A-Z]+_URL|PORT|PROXY_HOPS)`")
    unknown = {
        f"{path}: {name}"
        for path in [Path("README.md"), *[p.relative_to(ROOT) for p in (ROOT / "docs").glob("**/*.md")]]
        for name in named.findall((ROOT / path).read_text())
        if name not in known and not name.startswith("TEST_")
    }
    assert not unknown
