"""The pages of adopting, over the local Meta."""

import re

import pytest
from sqlalchemy import func, select

from app.clients.models import Client
from app.kit.secret import Secret
from app.onboarding.models import Onboarding
from tests.console.staff import Desk
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


def runs(journey: Journey) -> int:
    with journey.db.read() as session:
        return session.scalar(select(func.count()).select_from(Onboarding)) or 0


def test_shared_accounts_are_listed_with_what_meta_says_of_them(desk: Desk, journey: Journey) -> None:
    shared = journey.world.share(business={"name": "Example Florist"}, numbers=[{}, {"status": "PENDING"}])
    _, ours = journey.connect()
    page = desk.get("/console/accounts").text
    assert shared["waba_id"] in page
    assert "Example Florist" in page
    assert "1 connected, 1 pending" in re.sub(r"\s+", " ", page)
    assert "Nobody yet" in page
    assert ours["waba_id"] not in page
    assert ours["waba_id"] in desk.get("/console/accounts?show=all").text


def test_a_dry_run_tells_the_steps_and_begins_nothing(desk: Desk, journey: Journey) -> None:
    shared = journey.world.share(numbers=[{"status": "PENDING"}])
    page = desk.post("/console/accounts/preview", account=shared["waba_id"])
    assert page.status_code == 200
    assert "For a new client, Example Existing Customer" in page.text
    assert "will be registered" in page.text
    assert "Share our credit line if nobody pays" in page.text
    assert "Adopt this account" in page.text
    assert runs(journey) == 0


def test_what_is_confirmed_is_begun_with_its_answers(desk: Desk, journey: Journey) -> None:
    shared = journey.world.share()
    key = shared["waba_id"]
    answers = {"account": key, f"name-{key}": "Example Tailor", f"ref-{key}": "crm-7", f"credit-{key}": "on"}
    page = desk.post("/console/accounts/adopt", **answers)
    assert page.status_code == 201
    assert "1 of 1 begun" in page.text
    journey.walk()
    with journey.db.read() as session:
        client = session.scalars(select(Client)).one()
        run = session.scalars(select(Onboarding)).one()
    assert (client.name, client.external_ref) == ("Example Tailor", "crm-7")
    assert journey.states(run.id)["credit"] == "done"
    again = desk.post("/console/accounts/adopt", account=key)
    assert "0 of 1 begun" in again.text
    assert run.reference in again.text
    assert runs(journey) == 1


def test_an_answer_that_cannot_be_comes_back_beside_its_account(desk: Desk, journey: Journey) -> None:
    key = journey.world.share()["waba_id"]
    page = desk.post("/console/accounts/adopt", account=key, **{f"name-{key}": "x" * 201})
    assert page.status_code == 422
    assert "Client name may have at most 200 characters." in page.text
    assert runs(journey) == 0


@pytest.mark.parametrize("chosen", [[], ["../me"], [str(number) for number in range(51)], ["5241", "5241"]])
@pytest.mark.parametrize("door", ["preview", "adopt"])
def test_a_choice_that_cannot_be_asks_meta_nothing(desk: Desk, journey: Journey, chosen: list[str], door: str) -> None:
    before = len(journey.world.calls())
    page = desk.post(f"/console/accounts/{door}", account=chosen)
    assert page.status_code == 422
    assert "Choose one to fifty on the list." in page.text
    assert len(journey.world.calls()) == before


def test_when_meta_refuses_the_list_the_page_says_what_to_do(desk: Desk, journey: Journey) -> None:
    journey.world.change("tokens", token=journey.world.partner.admin_token, revoked_subcode=467)
    page = desk.get("/console/accounts")
    assert page.status_code == 409
    assert "Make a new token for the system user in Business settings" in page.text
    key = journey.world.share()["waba_id"]
    seen = desk.post("/console/accounts/preview", account=key)
    assert "Meta does not accept our own system token" in seen.text


def test_a_place_in_the_list_that_is_none_is_the_start(desk: Desk, journey: Journey) -> None:
    shared = journey.world.share()
    assert shared["waba_id"] in desk.get("/console/accounts?after=<b>").text


def test_adopting_is_for_staff(nobody: Desk) -> None:
    for address in ("/console/accounts", "/console/accounts/by-hand"):
        assert nobody.get(address).status_code == 303
    assert nobody.post("/console/accounts/adopt", account="5241").status_code == 303
    assert nobody.post("/console/accounts/by-hand", account_id="5241").status_code == 303


def form(journey: Journey) -> tuple[dict[str, str], str]:
    finished = journey.world.signup()
    token = journey.rt.meta.oauth.exchange(Secret(finished["code"])).reveal()
    return {"account_id": finished["waba_id"], "token": token, "share_credit": "on"}, finished["business_id"]


def test_a_client_is_entered_by_hand(desk: Desk, journey: Journey) -> None:
    given, _ = form(journey)
    answer = desk.post("/console/accounts/by-hand", client_name="Example Spa", **given)
    assert answer.status_code == 303
    page = desk.get(answer.location)
    assert "Example Spa is begun; the token is sealed." in page.text
    assert given["token"] not in page.text
    journey.walk()
    with journey.db.read() as session:
        run = session.scalars(select(Onboarding)).one()
    assert (run.way, journey.progress(run.id).state) == ("by_hand", "connected")


def test_a_refused_entry_comes_back_without_its_token(desk: Desk, journey: Journey) -> None:
    given, portfolio = form(journey)
    page = desk.post("/console/accounts/by-hand", **{**given, "account_id": portfolio})
    assert page.status_code == 422
    assert "Account id is the id of a business portfolio" in page.text
    assert f'value="{portfolio}"' in page.text
    assert given["token"] not in page.text
    assert runs(journey) == 0


def test_the_form_keeps_no_token_in_the_browser(desk: Desk, journey: Journey) -> None:
    page = desk.get("/console/accounts/by-hand").text
    token = re.search(r'<input[^>]*name="token"[^>]*>', page)
    assert token
    assert 'type="password"' in token[0]
    assert 'autocomplete="new-password"' in token[0]
    assert 'value=""' in token[0]


def test_an_entry_without_a_token_or_with_a_sentence_is_refused(desk: Desk, journey: Journey) -> None:
    assert "Token is required" in desk.post("/console/accounts/by-hand", account_id="5241", token="").text
    page = desk.post("/console/accounts/by-hand", account_id="5241", token="my secret token").text
    assert "Token does not look like a token" in page
    assert "my secret token" not in page
