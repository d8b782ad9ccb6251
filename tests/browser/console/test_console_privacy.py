"""Privacy in a browser: a request until its answer, a client erased by typing its name, a printed record."""

import json
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update

from app.audit.store import SYSTEM
from app.kit import clock
from app.numbers.models import Account
from app.onboarding.models import Onboarding, Signup
from app.records.client_data import export_client
from app.records.requests import receive, settle_request
from tests.browser.console.conftest import House
from tests.browser.looks import look_once
from tests.browser.shots import keep_shot
from tests.factories.consents import give_consent
from tests.factories.onboardings import LIVE, add_onboarding

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]

LOOKS: list[tuple[str, Literal["light", "dark"], int, int]] = [
    ("light", "light", 1280, 900),
    ("dark", "dark", 1280, 900),
    ("390", "light", 390, 844),
]
LONG = "Fictional Fitness and Wellbeing Studios of the Northern Riverside"


def fill(house: House) -> tuple[Onboarding, str]:
    """A client with consents, an open request, and one of each that is over; its onboarding, the open one's code."""
    run = add_onboarding(house.rt, LONG, proofs=LIVE)
    signup = give_consent(house.rt, run.client_id, language="en", partner="Example Partner")
    give_consent(house.rt, run.client_id, at=clock.now(), zone=None)
    now = clock.now()
    with house.rt.db.write() as session:
        session.execute(update(Signup).where(Signup.id == signup).values(onboarding_id=run.id))
        session.add(Account(client_id=run.client_id, waba_id="524126980791429", seen_at=now, told={}))
        receive(session, "deauthorize", user_id="1", issued_at=now, now=now)
        over = receive(session, "deletion", user_id="2", issued_at=now, now=now).code
        settle_request(session, over, refused=True, reason="The law asks us to keep it.", actor=SYSTEM, now=now)
        export_client(session, run.client_id, reason="By letter.", partner="Example Partner", actor=SYSTEM, now=now)
        return run, receive(session, "deletion", user_id="3", issued_at=now, now=now).code


@pytest.mark.parametrize(("look", "scheme", "width", "height"), LOOKS)
def test_every_page_is_usable_by_all_and_never_scrolls_sideways(
    house: House, chromium: Browser, look: str, scheme: Literal["light", "dark"], width: int, height: int
) -> None:
    run, code = fill(house)
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    house.sign_in(context)
    page = context.new_page()
    pages = {
        "privacy": "/console/privacy",
        "privacy-one": f"/console/privacy/{code}",
        "privacy-client": f"/console/privacy/clients/{run.client_id}",
        "consents": f"/console/consents/{run.client_id}",
    }
    for name, path in pages.items():
        page.goto(house.url + path)
        look_once(page, f"console-{name}-{look}")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    keep_shot(page, f"console-consents-print-{look}")
    page.emulate_media(media="screen")
    page.goto(f"{house.url}/console/onboardings/{run.reference}")
    keep_shot(page, f"console-onboarding-with-consent-{look}")
    context.close()


def test_a_request_is_matched_its_client_handed_out_erased_and_the_request_settled_by_keyboard_alone(
    house: House, context: BrowserContext, tmp_path: Path
) -> None:
    # Not the page that hears of every error: a form that is refused is one to the browser.
    page = context.new_page()
    _, code = fill(house)
    house.sign_in(context)
    page.goto(f"{house.url}/console/privacy?show=open")
    press(page, page.get_by_role("link", name="A person asks for deletion"))
    page.get_by_label("Client", exact=True).focus()
    page.keyboard.type(LONG)
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="What we hold of"))
    with page.expect_download() as kept:
        page.get_by_label("Why?").first.focus()
        page.keyboard.type("They asked for a copy.")
        page.keyboard.press("Enter")
    kept.value.save_as(tmp_path / "client.json")
    assert json.loads((tmp_path / "client.json").read_text())["client"] == LONG
    page.get_by_label("Why?").nth(1).fill("They asked.")
    page.get_by_label("Type the client’s name").fill("Somebody else")
    press(page, page.get_by_role("button", name="Erase everything"))
    expect(page.get_by_text("to the letter")).to_be_visible()
    expect(page.get_by_label("Type the client’s name")).to_be_focused()
    look_once(page, "console-privacy-erase-fault")
    page.get_by_label("Type the client’s name").fill(LONG)
    page.get_by_label("Erase it though it is with us").focus()
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Erase everything"))
    expect(page.get_by_text("Erased. This is the record of it.")).to_be_visible()
    keep_shot(page, "console-privacy-erased")
    press(page, page.get_by_role("link", name="Print consent record"))
    expect(page.get_by_text("This client was erased on")).to_be_visible()
    keep_shot(page, "console-consents-erased")
    page.goto(f"{house.url}/console/privacy/{code}")
    page.get_by_label("What was done, or why not").focus()
    page.keyboard.type("All of it is erased.")
    press(page, page.get_by_role("button", name="Settle the request"))
    expect(page.get_by_text("Settled. The person reads what was done.")).to_be_visible()
    keep_shot(page, "console-privacy-settled")


def press(page: Page, what: object) -> None:
    what.focus()  # type: ignore[attr-defined]
    page.keyboard.press("Enter")


def test_the_printed_record_fits_its_paper(house: House, context: BrowserContext, page: Page, tmp_path: Path) -> None:
    run, _ = fill(house)
    house.sign_in(context)
    page.goto(f"{house.url}/console/consents/{run.client_id}?onboarding={run.reference}")
    page.emulate_media(media="print", color_scheme="dark")
    looks = page.evaluate(
        "[document.body, document.querySelector('.paper')].map((one) => getComputedStyle(one))"
        ".map((its) => [its.backgroundColor, its.color])"
    )
    assert looks[1] == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert looks[0][0] == "rgb(255, 255, 255)"
    paper = page.pdf(path=tmp_path / "record.pdf", prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Type /Page\n") in {0, 1}
