"""Buttons that let things happen to the number of the chat, and switches that change the world."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from sandbox.world.state import Account, Number
from tests.browser.sandbox.conftest import APP_ID, Stage
from tests.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def number(stage: Stage) -> Number:
    """A number that stays on its phone app."""
    reply = requests.post(f"{stage.meta}/_sandbox/signups", json={"plan": "coexistence"}, timeout=10)
    return stage.runtime.world.records.numbers[reply.json()["phone_number_id"]]


@pytest.fixture
def account(stage: Stage, number: Number) -> Account:
    return stage.runtime.world.records.accounts[number.account_ids[-1]]


def holds(page: Page, condition: object) -> bool:
    """Whether it comes true while the page goes on living."""
    assert callable(condition)
    return until(lambda: page.evaluate("1") and condition())


def test_a_phone_app_leaves_comes_back_and_ends(page: Page, stage: Stage, number: Number, account: Account) -> None:
    page.goto(f"{stage.meta}/?to={number.digits}")
    page.get_by_role("button", name="Phone app comes back").click()
    expect(page.locator("#act-said")).to_contain_text("not offboarded")
    page.get_by_role("button", name="Phone app leaves").click()
    expect(page.locator("#act-said")).to_have_text("Phone app leaves: done.")
    assert holds(page, lambda: account.is_offboarded)
    page.get_by_role("button", name="Phone app comes back").click()
    assert holds(page, lambda: not account.is_offboarded)
    page.get_by_role("button", name="Owner removes the partner").click()
    assert holds(page, lambda: not account.shared_with)


def test_a_name_a_pin_and_a_token_change_by_a_click(page: Page, stage: Stage, number: Number, account: Account) -> None:
    token = next(iter(reversed(stage.runtime.world.records.tokens.values())))
    token.account_ids = [account.id]
    page.goto(f"{stage.meta}/?to={number.digits}")
    page.get_by_role("button", name="Decline its name").click()
    assert holds(page, lambda: number.name_status == "DECLINED")
    page.get_by_role("button", name="Set another PIN").click()
    assert holds(page, lambda: number.pin_hash is not None)
    page.get_by_role("button", name="Let its token expire").click()
    assert holds(page, lambda: token.expires_at is not None)


def test_a_number_taken_away_leaves_the_buttons_to_the_next(page: Page, stage: Stage, number: Number) -> None:
    records = stage.runtime.world.records
    page.goto(f"{stage.meta}/?to={number.digits}")
    page.get_by_role("button", name="Take it out of its account").click()
    assert holds(page, lambda: number.id not in records.numbers)
    expect(page.locator("#acts-on")).not_to_have_text("a number")
    (left,) = list(records.numbers)
    requests.delete(f"{stage.meta}/_sandbox/numbers/{left}", timeout=10)
    expect(page.locator("#acts-on")).to_have_text("a number")
    expect(page.get_by_role("button", name="Approve its name")).to_be_disabled()
    page.get_by_role("button", name="Share an account without a signup").click()
    assert holds(page, lambda: len(records.numbers) == 1)
    expect(page.get_by_role("button", name="Approve its name")).to_be_enabled()


def test_a_switch_may_be_a_state_of_the_world(page: Page, stage: Stage) -> None:
    app = stage.runtime.world.records.apps[APP_ID]
    page.goto(f"{stage.meta}/")
    page.get_by_label("App in development mode").check()
    assert holds(page, lambda: not app.live)
    requests.post(f"{stage.meta}/_sandbox/apps/{APP_ID}", json={"live": True}, timeout=10)
    expect(page.get_by_label("App in development mode")).not_to_be_checked()
    page.get_by_label("Partner has no credit line").check()
    assert holds(page, lambda: all(line.removed for line in stage.runtime.world.records.credit_lines.values()))
