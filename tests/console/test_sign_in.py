import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.models import Staff, StaffSession
from app.access.staff import disable_staff, get_by_email
from app.factory import create_app
from app.kit import clock
from app.runtime import Runtime
from tests.console.staff import Desk

WRONG = "This e-mail address and password do not fit together."


def cookie_of(answer: object) -> str:
    headers = getattr(answer, "headers")  # noqa: B009 - a werkzeug response
    return next((value for value in headers.getlist("Set-Cookie") if value.startswith("gangway-staff=")), "")


def test_the_right_password_leads_to_the_list(nobody: Desk, robin: Staff) -> None:
    answer = nobody.sign_in()
    assert (answer.status_code, answer.location) == (303, "/console/onboardings")
    page = nobody.get("/console/onboardings")
    assert page.status_code == 200
    assert "Robin Example" in page.text


def test_the_cookie_is_for_this_site_and_no_script(nobody: Desk, robin: Staff) -> None:
    cookie = cookie_of(nobody.sign_in())
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Max-Age=604800" in cookie
    assert "Secure" not in cookie


def test_with_https_the_cookie_is_secure_and_cannot_be_planted_by_a_neighbour(rt: Runtime, robin: Staff) -> None:
    settings = rt.settings.model_copy(update={"public_url": "https://connect.partner.example"})
    desk = Desk.of_nobody(create_app(replace(rt, settings=settings)), rt)
    page = desk.http.get("/console/sign-in", base_url="https://localhost", headers={"Accept": "text/html"}).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1], "email": "robin@partner.example", "password": "coral-harbour-lamp-42"}
    answer = desk.http.post("/console/sign-in", base_url="https://localhost", data=form)
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if "staff" in value)
    assert cookie.startswith("__Host-gangway-staff=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_wrong_unknown_and_disabled_give_the_same_page(nobody: Desk, robin: Staff) -> None:
    def shown(answer_text: str, typed: str) -> str:
        return re.sub(r'(csrf_token" value=")[^"]+', r"\1", answer_text).replace(typed, "")

    wrong = nobody.sign_in("not-the-password")
    unknown = nobody.sign_in("not-the-password", email="nobody@partner.example")
    with nobody.rt.db.write() as session:
        disable_staff(session, get_by_email(session, robin.email), clock.now())
    disabled = nobody.sign_in()
    pages = {
        shown(wrong.text, "robin@partner.example"),
        shown(unknown.text, "nobody@partner.example"),
        shown(disabled.text, "robin@partner.example"),
    }
    assert len(pages) == 1
    assert {wrong.status_code, unknown.status_code, disabled.status_code} == {401}
    assert WRONG in wrong.text
    assert not cookie_of(wrong)


def test_the_password_is_never_sent_back(nobody: Desk, robin: Staff) -> None:
    page = nobody.sign_in("a-canary-password-77").text
    assert "a-canary-password-77" not in page
    assert 'value="robin@partner.example"' in page


def test_the_sixth_wrong_password_is_told_to_wait(nobody: Desk, robin: Staff) -> None:
    for _ in range(5):
        assert nobody.sign_in("not-the-password").status_code == 401
    answer = nobody.sign_in()
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "Too many wrong passwords." in answer.text


def test_empty_fields_cost_no_try(nobody: Desk, robin: Staff) -> None:
    for _ in range(6):
        assert nobody.sign_in("").status_code == 401
    assert nobody.sign_in().status_code == 303


def test_a_form_without_our_token_is_refused(nobody: Desk, robin: Staff) -> None:
    assert nobody.sign_in(csrf="").status_code == 400
    assert nobody.sign_in(csrf="made-up").status_code == 400
    other = Desk.of_nobody(nobody.http.application, nobody.rt)
    assert nobody.sign_in(csrf=other.csrf()).status_code == 400


def test_a_planted_session_secret_is_worth_nothing_after_sign_in(nobody: Desk, robin: Staff) -> None:
    nobody.http.set_cookie("gangway-staff", "planted-by-somebody-else", domain="localhost")
    cookie = cookie_of(nobody.sign_in())
    assert cookie
    assert "planted-by-somebody-else" not in cookie
    stranger = Desk.of_nobody(nobody.http.application, nobody.rt)
    stranger.http.set_cookie("gangway-staff", "planted-by-somebody-else", domain="localhost")
    assert stranger.get("/console/onboardings").status_code == 303


def test_every_sign_in_brings_a_new_secret(app: Flask, rt: Runtime, robin: Staff) -> None:
    cookies = {cookie_of(Desk.of_nobody(app, rt).sign_in()).partition(";")[0] for _ in range(2)}
    assert len(cookies) == 2
    with rt.db.read() as session:
        assert len(session.scalars(select(StaffSession)).all()) == 2


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/console/",
        "//evil.example/console/",
        "/\\evil.example",
        "/console/\\evil.example",
        "/console//evil.example",
        "javascript:alert(1)",
        "/console/../connect/x",
        "/connect/token",
        "/console/sign-out",
        "/console/\r\nSet-Cookie: x=1",
        "",
    ],
)
def test_no_other_page_can_be_the_next_one(nobody: Desk, robin: Staff, wanted: str) -> None:
    assert nobody.sign_in(next=wanted).location == "/console/onboardings"


def test_the_page_that_was_asked_for_is_the_next_one(nobody: Desk, robin: Staff) -> None:
    asked = nobody.get("/console/onboardings?state=waiting")
    assert asked.location == "/console/sign-in?next=/console/onboardings?state%3Dwaiting"
    form = nobody.get(asked.location).text
    assert 'name="next" value="/console/onboardings?state=waiting"' in form
    assert nobody.sign_in(next="/console/onboardings?state=waiting").location == "/console/onboardings?state=waiting"


def test_whoever_is_signed_in_needs_no_form(desk: Desk) -> None:
    assert desk.get("/console/sign-in").location == "/console/onboardings"


def test_signing_out_ends_the_session_for_copies_of_the_cookie_too(desk: Desk) -> None:
    secret = desk.http.get_cookie("gangway-staff", domain="localhost")
    assert secret
    answer = desk.post("/console/sign-out")
    assert answer.location == "/console/sign-in"
    assert desk.http.get_cookie("gangway-staff", domain="localhost") is None
    copy = Desk.of_nobody(desk.http.application, desk.rt)
    copy.http.set_cookie("gangway-staff", secret.value, domain="localhost")
    assert copy.get("/console/onboardings").location == "/console/sign-in"


def test_signing_out_needs_our_token(desk: Desk) -> None:
    assert desk.post("/console/sign-out", csrf="").status_code == 400
    assert desk.get("/console/onboardings").status_code == 200


def test_whoever_is_signed_out_already_may_sign_out_again(nobody: Desk) -> None:
    assert nobody.post("/console/sign-out").location == "/console/sign-in"


def test_an_idle_session_leads_to_the_form(desk: Desk) -> None:
    with desk.rt.db.write() as session:
        row = session.scalars(select(StaffSession)).one()
        row.seen_at = clock.now() - timedelta(hours=12)
    assert desk.get("/console/onboardings").location == "/console/sign-in"


def test_the_form_says_nothing_of_the_system_and_shows_no_dead_end(nobody: Desk) -> None:
    page = nobody.get("/console/sign-in").text
    assert "For staff of Example Partner." in page
    assert 'href="#"' not in page
    assert "passkey" not in page
