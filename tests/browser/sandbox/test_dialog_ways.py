"""The window without an opener: hosted and as a full page; several accounts and a prepared number in it."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.sandbox.conftest import APP_ID, CONFIG_ID, Stage, go_on, open_window, see, walk_to
from tests.browser.sandbox.looks import context, look_at, scheme

__all__ = ["context", "scheme"]

pytestmark = pytest.mark.browser


def test_the_hosted_page_ends_on_a_page_of_its_own(context: BrowserContext, stage: Stage, scheme: str) -> None:
    window = context.new_page()
    window.goto(f"{stage.meta}/messaging/whatsapp/onboard/?{urlencode({'app_id': APP_ID, 'config_id': CONFIG_ID})}")
    see(window, "log_in")
    walk_to(window, "success")
    look_at(window, "hosted-success", scheme)
    window.get_by_role("button", name="Finish", exact=True).click()
    window.locator('body[data-screen="ended"]').wait_for()
    look_at(window, "hosted-ended", scheme)
    assert stage.runtime.world.records.codes == {}
    told = [d.notice.value.get("event") for d in stage.runtime.courier.list_recent()]
    assert "PARTNER_ADDED" in told


def test_a_full_page_goes_back_with_its_code(context: BrowserContext, stage: Stage) -> None:
    stage.runtime.world.records.apps[APP_ID].redirect_uris = (f"{stage.opener}/back",)
    query = {
        "client_id": APP_ID,
        "config_id": CONFIG_ID,
        "response_type": "code",
        "override_default_response_type": "true",
        "redirect_uri": f"{stage.opener}/back",
        "state": "s-1",
    }
    window = context.new_page()
    window.goto(f"{stage.meta}/v25.0/dialog/oauth?{urlencode(query)}")
    see(window, "log_in")
    walk_to(window, "success")
    window.get_by_role("button", name="Finish", exact=True).click()
    window.wait_for_url(f"{stage.opener}/back?**")
    came = parse_qs(urlsplit(window.url).query)
    assert came["state"] == ["s-1"]
    assert stage.runtime.world.records.codes[came["code"][0]].redirect_uri == f"{stage.opener}/back"


def test_several_accounts_and_a_prepared_number(opener: Page, stage: Stage, scheme: str) -> None:
    setup = {"setup": {"preVerifiedPhone": {"ids": ["106540352242922"]}}}
    opener.evaluate("(extras) => { options.extras = extras; }", setup)
    window = open_window(opener)
    window.get_by_label("Continue as Alex Example").check()
    go_on(window, "permissions")
    go_on(window, "number")
    look_at(window, "number-prepared", scheme)
    window.get_by_label("prepared for you").check()
    go_on(window, "portfolio")
    go_on(window, "account")
    window.get_by_label("Create a new account").check()
    window.get_by_label("Account name").fill("Example Cakes")
    window.get_by_label("Example Bakery, 1 number").check()
    look_at(window, "account-several", scheme)
    go_on(window, "review")
    expect(window.get_by_text("Example Cakes, Example Bakery")).to_be_visible()
    look_at(window, "review-several", scheme)
    go_on(window, "success")
    event = json.loads(window.locator("body").get_attribute("data-end-event") or "")
    assert len(event["data"]["waba_ids"]) == 2
    assert event["data"]["phone_number_id"] == "106540352242922"


def test_a_full_week_is_an_error_on_the_portfolio_screen(opener: Page, stage: Stage, scheme: str) -> None:
    world = stage.runtime.world
    world.records.apps[APP_ID].weekly_limit = 1
    window = open_window(opener)
    walk_to(window, "success")
    window.close()
    opener.wait_for_function("answers.length === 1")
    again = open_window(opener)
    walk_to(again, "portfolio", number="+1 555 010 0112")
    again.get_by_label("Create a new portfolio").check()
    again.get_by_label("Business name").fill("Example Hats")
    again.get_by_role("button", name="Continue", exact=True).click()
    expect(again.locator("#error-text")).to_contain_text("cannot take on more businesses this week")
    look_at(again, "portfolio-full-week", scheme)
