"""Where a notice goes."""

import pytest

from sandbox.webhooks.routing import find_address
from sandbox.world import Notice, World
from sandbox.world.subscriptions import set_number_override, subscribe
from tests.sandbox.desk import PARTNER, Client, Desk

APP = "https://app.example/hook"
ACCOUNT = "https://account.example/hook"
NUMBER = "https://number.example/hook"


@pytest.fixture
def client(desk: Desk) -> Client:
    desk.runtime.world.records.apps[PARTNER.app_id].callback_url = APP
    return desk.onboard()


def notice(client: Client, field: str) -> Notice:
    return Notice(PARTNER.app_id, field, client.waba, {}, client.waba, client.phone)


def follow(world: World, client: Client, override: str | None = None) -> None:
    subscribe(world, world.records.apps[PARTNER.app_id], world.records.accounts[client.waba], override, "mine")


def test_nothing_goes_out_without_a_subscription(world: World, client: Client) -> None:
    assert find_address(world, notice(client, "messages")) is None
    assert find_address(world, notice(client, "account_update")) is None


def test_partner_events_need_no_subscription_but_the_field(world: World, client: Client) -> None:
    added = Notice(PARTNER.app_id, "account_update", PARTNER.business_id, {"event": "PARTNER_ADDED"})
    assert find_address(world, added) == APP
    world.records.apps[PARTNER.app_id].fields = ("messages",)
    assert find_address(world, added) is None


def test_the_number_goes_before_the_account_before_the_app(world: World, client: Client) -> None:
    follow(world, client)
    assert find_address(world, notice(client, "messages")) == APP
    follow(world, client, ACCOUNT)
    assert find_address(world, notice(client, "messages")) == ACCOUNT
    set_number_override(world, world.records.numbers[client.phone], NUMBER, "mine")
    assert find_address(world, notice(client, "messages")) == NUMBER
    follow(world, client)
    assert find_address(world, notice(client, "messages")) == NUMBER


@pytest.mark.parametrize("field", ["account_update", "account_review_update", "security"])
def test_account_fields_go_to_the_apps_address_whatever_overrides_there_are(
    world: World, client: Client, field: str
) -> None:
    follow(world, client, ACCOUNT)
    set_number_override(world, world.records.numbers[client.phone], NUMBER, "mine")
    assert find_address(world, notice(client, field)) == APP


@pytest.mark.parametrize("field", ["messages", "history", "smb_app_state_sync", "smb_message_echoes"])
def test_message_fields_follow_the_override(world: World, client: Client, field: str) -> None:
    follow(world, client, ACCOUNT)
    assert find_address(world, notice(client, field)) == ACCOUNT
