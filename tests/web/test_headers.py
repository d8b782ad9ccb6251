"""What browsers are told about every answer, also about errors and files."""

import re

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import BROWSER, MakeApp

STRICT = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/page", "/nowhere", "/error/missing", "/unforeseen", "/program/error?name=clash"])
def test_every_answer_carries_the_strict_headers(http: FlaskClient, path: str) -> None:
    headers = http.get(path, headers=BROWSER).headers

    assert headers["Content-Security-Policy"] == STRICT
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_a_page_may_widen_the_policy_for_itself_alone(http: FlaskClient) -> None:
    wide = http.get("/wide").headers

    assert wide["Content-Security-Policy"] == "default-src 'self' https://wide.example; report-uri /reports"
    assert wide["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert http.get("/page").headers["Content-Security-Policy"] == STRICT


def test_over_https_browsers_are_told_to_stay_there(make_app: MakeApp) -> None:
    http = make_app(public_url="https://connect.example.com", meta_graph_url="https://graph.facebook.com").test_client()

    assert (
        "max-age=31556926"
        in http.get("/page", base_url="https://connect.example.com").headers["Strict-Transport-Security"]
    )


def test_cookies_are_marked_secure_where_people_come_by_https(make_app: MakeApp) -> None:
    https = make_app(public_url="https://connect.example.com", meta_graph_url="https://graph.facebook.com")
    plain = make_app()

    assert (https.config["SESSION_COOKIE_SECURE"], plain.config["SESSION_COOKIE_SECURE"]) == (True, False)
    assert https.config["SESSION_COOKIE_HTTPONLY"] is True
    assert https.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_no_page_of_ours_holds_a_style_or_a_script_of_its_own(http: FlaskClient) -> None:
    page = http.get("/error/missing", headers=BROWSER).text

    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page) == []
