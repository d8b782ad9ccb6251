"""Styles, scripts and fonts: named by content, kept for ever, never guessed at by browsers, complete."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.assets import FOLDER, digest_of
from tests.web.conftest import BROWSER, MakeApp


def address_of(app: Flask, path: str) -> str:
    return str(app.jinja_env.globals["asset"](path))  # type: ignore[operator]


def test_a_file_may_be_kept_for_ever_because_its_name_changes_with_it(make_app: MakeApp) -> None:
    app = make_app()
    reply = app.test_client().get(address_of(app, "css/tokens.css"), buffered=True)

    assert reply.status_code == 200
    assert "immutable" in reply.headers["Cache-Control"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in reply.headers
    assert reply.text.startswith("/* Tokens")


def test_the_name_is_made_of_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("one")
    first = digest_of(tmp_path)
    (tmp_path / "a.css").write_text("two")
    second = digest_of(tmp_path)
    (tmp_path / "a.css").rename(tmp_path / "b.css")

    assert len({first, second, digest_of(tmp_path)}) == 3
    assert re.fullmatch("[0-9a-f]{12}", first)


@pytest.mark.parametrize("path", ["../languages.py", "%2e%2e/languages.py", "css", "css/nothing.css"])
def test_nothing_else_is_served(make_app: MakeApp, path: str) -> None:
    app = make_app()

    assert app.test_client().get(address_of(app, path), headers=BROWSER).status_code == 404


def test_every_file_a_style_or_script_refers_to_is_there() -> None:
    for sheet in FOLDER.rglob("*.css"):
        for name in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / name).resolve().is_file(), f"{sheet.name} → {name}"
    for script in FOLDER.rglob("*.js"):
        for name in re.findall(r'from "([^"]+)"|import "([^"]+)"', script.read_text()):
            assert (script.parent / "".join(name)).resolve().is_file(), f"{script.name} → {name}"


def test_every_file_a_template_refers_to_is_there(http: FlaskClient) -> None:
    for template in FOLDER.parent.rglob("*.html"):
        for name in re.findall(r"asset\('([^']+)'\)", template.read_text()):
            assert (FOLDER / name).is_file(), f"{template.name} → {name}"


def test_no_style_or_script_asks_another_host() -> None:
    for path in (*FOLDER.rglob("*.css"), *FOLDER.rglob("*.js")):
        assert not re.search(r"https?://(?!www\.w3\.org)", path.read_text()), path


def test_every_vendored_file_is_the_one_its_note_names() -> None:
    rows = re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", (FOLDER / "VENDOR.md").read_text(), flags=re.MULTILINE)

    assert {name for name, _ in rows} == {f"fonts/{path.name}" for path in (FOLDER / "fonts").glob("*.woff2")}
    for name, digest in rows:
        assert sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name
