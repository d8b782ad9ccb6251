"""How the SDK's script is served; what it does is tried in a browser (tests/browser/sandbox/test_sdk.py)."""

import pytest

from tests.sandbox.desk import Desk


@pytest.mark.parametrize("locale", ["en_US", "pt_BR"])
def test_every_locale_gets_the_script_for_any_origin(desk: Desk, locale: str) -> None:
    reply = desk.http.get(f"/{locale}/sdk.js")
    assert reply.status_code == 200
    assert reply.mimetype == "text/javascript"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "window.FB = {" in reply.text


def test_what_is_no_locale_is_no_script(desk: Desk) -> None:
    assert desk.http.get("/english/sdk.js").status_code == 401
