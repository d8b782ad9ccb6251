"""The button that shows a client's link to connect again, on the pages where somebody sees that it is needed."""

import re
from datetime import timedelta
from html import unescape

import pytest

from app.incidents.book import Problem, account_subject, report
from app.kit import clock
from app.numbers.models import Account
from app.runtime import Runtime
from tests.console.staff import Desk
from tests.factories.checks import add_checked
from tests.factories.onboardings import add_onboarding


@pytest.fixture
def account(rt: Runtime) -> Account:
    key, _ = add_checked(rt.db, "Example Bakery", at=clock.now() - timedelta(hours=1))
    with rt.db.read() as session:
        return session.get_one(Account, key)


def test_check_and_incident_have_the_button(desk: Desk, rt: Runtime, account: Account) -> None:
    subject = account_subject(account.id, client="Example Bakery", account="Bakery", client_id=account.client_id)
    with rt.db.write() as session:
        incident = report(session, subject, Problem("token_dead", ["190"]), now=clock.now()).id
    for path in (f"checks/{account.id}", f"incidents/{incident}"):
        page = desk.get(f"/console/{path}").text
        assert "Show the link of Example Bakery?" in page
        assert f'name="client" value="{account.client_id}"' in page


def test_the_address_is_shown_on_the_answer_and_nowhere_else(
    desk: Desk, rt: Runtime, account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = desk.post("/console/links/reconnect", client=account.client_id)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    page = unescape(answer.text)
    found = re.search(r"readonly>(http://localhost:5000/connect/([A-Za-z0-9_-]{43}))<", page)
    assert found
    assert "Link to connect again for Example Bakery" in page
    assert f'data-copy="{found[1]}"' in page
    again = unescape(desk.post("/console/links/reconnect", client=account.client_id).text)
    assert found[1] in again
    assert desk.get(f"/connect/{found[2]}").status_code == 303
    said = capsys.readouterr()
    assert found[2] not in said.out + said.err
    assert found[2] not in desk.get("/console/links").text


def test_who_never_connected_gets_a_first_link_instead(desk: Desk, rt: Runtime) -> None:
    run = add_onboarding(rt)
    assert desk.post("/console/links/reconnect", client=run.client_id).status_code == 303
    assert "has no account to connect again" in desk.get("/console/links").text
    assert desk.post("/console/links/reconnect", client="nobody").status_code == 404


def test_only_staff_with_a_token_of_the_page_see_it(nobody: Desk, desk: Desk, account: Account) -> None:
    form = {"client": account.client_id}
    assert "/console/sign-in" in nobody.post("/console/links/reconnect", **form).headers["Location"]
    assert desk.post("/console/links/reconnect", csrf="forged", **form).status_code == 400
