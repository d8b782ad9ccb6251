"""The link's address, the lock page, the pages open to all, and the browser's reports."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
import time_machine
from flask import Flask
from structlog.testing import capture_logs

from app.audit.store import SYSTEM
from app.kit import clock
from app.onboarding.links.links import revoke_link
from app.runtime import Runtime
from tests.connect.conftest import Visits
from tests.connect.visitor import HTML, make_link


def test_opening_a_link_leaves_a_cookie_and_leads_to_a_clean_address(app: Flask, rt: Runtime) -> None:
    link_id, token = make_link(rt)

    reply = app.test_client().get(f"/connect/{token}", headers=HTML)

    assert reply.status_code == 303
    assert reply.headers["Location"] == f"/connect/c/{link_id}"
    assert token not in reply.text
    cookies = SimpleCookie("\r\n".join(reply.headers.getlist("Set-Cookie")))
    session = cookies[f"connect-{link_id}"]
    assert (session["httponly"], session["samesite"], session["path"], session["secure"]) == (True, "Lax", "/", "")
    handed_on = cookies[f"share-{link_id}"]
    assert (handed_on["path"], handed_on["samesite"]) == (f"/connect/c/{link_id}/share", "Strict")


def test_the_token_of_a_link_is_in_no_log_line(app: Flask, rt: Runtime) -> None:
    _, token = make_link(rt)

    with capture_logs() as lines:
        app.test_client().get(f"/connect/{token}", headers=HTML)
        app.test_client().get(f"/connect/{token}x", headers=HTML)

    assert [line["path"] for line in lines if line["event"] == "request"] == ["/connect/•••", "/connect/•••"]
    assert token not in str(lines)


END = ["unknown", "revoked", "expired", "replaced"]


@pytest.mark.parametrize("how", END)
def test_a_link_that_is_not_open_shows_one_and_the_same_lock_page(app: Flask, rt: Runtime, how: str) -> None:
    link_id, token = make_link(rt, external_ref="crm-1")
    never_was = app.test_client().get("/connect/nobody-knows-this-token-at-all", headers=HTML)

    with time_machine.travel(clock.now() + timedelta(days=31 if how == "expired" else 0), tick=False):
        _end(rt, link_id, how)
        asked = "another-token-that-never-was" if how == "unknown" else token
        reply = app.test_client().get(f"/connect/{asked}", headers=HTML)

    assert reply.status_code == 404
    assert "This link is not open" in reply.text
    assert reply.text == never_was.text
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize("how", END[1:])
def test_a_page_that_was_open_locks_when_its_link_ends(visitor: Visits, rt: Runtime, how: str) -> None:
    browser = visitor(external_ref="crm-1")

    with time_machine.travel(clock.now() + timedelta(days=31 if how == "expired" else 0), tick=False):
        _end(rt, browser.link_id, how)
        page, door = browser.look(), browser.open_window()

    assert (page.status_code, "This link is not open" in page.text) == (404, True)
    assert (door.status_code, door.json["code"]) == (404, "not_found")


def _end(rt: Runtime, link_id: str, how: str) -> None:
    if how == "revoked":
        with rt.db.write() as session:
            revoke_link(session, link_id, actor=SYSTEM, now=clock.now())
    if how == "replaced":
        make_link(rt, external_ref="crm-1")


def test_a_flood_of_made_up_links_is_slowed_down(app: Flask) -> None:
    http = app.test_client()

    replies = [http.get(f"/connect/made-up-token-{number}", headers=HTML) for number in range(301)]

    assert {reply.status_code for reply in replies[:300]} == {404}
    assert replies[300].status_code == 429
    assert 1 <= int(replies[300].headers["Retry-After"]) <= 61


@pytest.mark.parametrize(("page", "title"), [("terms", "Terms of connecting"), ("storage", "What we store")])
def test_terms_and_storage_can_be_read_by_anybody(app: Flask, page: str, title: str) -> None:
    reply = app.test_client().get(f"/connect/about/{page}", headers=HTML)

    assert reply.status_code == 200
    assert f"<h1>{title}</h1>" in reply.text


def test_a_report_of_the_browser_becomes_one_log_line_without_addresses(app: Flask) -> None:
    report = {
        "csp-report": {
            "document-uri": "https://partner.example/connect/c/1",
            "effective-directive": "script-src-elem",
            "blocked-uri": "https://cdn.example/private/path?secret=1",
        }
    }

    with capture_logs() as lines:
        reply = app.test_client().post("/connect/csp-reports", json=report)

    told = [line for line in lines if line["event"] == "csp_breach"]
    assert reply.status_code == 204
    assert [(line["rule"], line["blocked"]) for line in told] == [("script-src-elem", "https://cdn.example")]


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff\xfe", b'{"a":' * 2600])
def test_a_malformed_report_is_taken_without_a_word(app: Flask, body: bytes) -> None:
    with capture_logs() as lines:
        reply = app.test_client().post("/connect/csp-reports", data=body)

    assert reply.status_code == 204
    assert [line["event"] for line in lines] == ["request"]


def test_an_oversized_report_is_refused(app: Flask) -> None:
    assert app.test_client().post("/connect/csp-reports", data=b"x" * 17_000).status_code == 413


def test_reports_are_limited(app: Flask) -> None:
    http = app.test_client()

    assert [http.post("/connect/csp-reports", json={}).status_code for _ in range(61)][-2:] == [204, 429]
