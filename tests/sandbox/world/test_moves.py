"""A number comes from another provider: it moves when it is registered here, and only if nothing stands in the way."""

from typing import Any

import pytest

from sandbox.world import World, signup
from sandbox.world.signup import PopupError
from tests.sandbox.desk import ADMIN, LINE, PARTNER, Client, Desk, error_of


@pytest.fixture
def client(desk: Desk) -> Client:
    """Signed up with a number that works for another provider; nothing else done."""
    return desk.onboard(plan="from_provider")


def subscribe(desk: Desk, client: Client) -> None:
    assert desk.post(f"/{client.waba}/subscribed_apps", client.token).status_code == 200


def pay(desk: Desk, client: Client) -> None:
    path = f"/{LINE}/whatsapp_credit_sharing_and_attach"
    assert desk.post(path, ADMIN, waba_currency="USD", waba_id=client.waba).status_code == 200


def details(desk: Desk, client: Client) -> str:
    """What a refused register says."""
    reply = desk.register(client)
    assert error_of(reply) == (400, 100, 2388103)
    return str(reply.get_json()["error"]["error_data"]["details"])


def test_a_move_waits_for_subscription_and_payment(desk: Desk, client: Client) -> None:
    before = desk.number(client, "status,code_verification_status")
    assert (before["status"], before["code_verification_status"]) == ("PENDING", "VERIFIED")
    assert "webhooks" in details(desk, client)
    subscribe(desk, client)
    said = details(desk, client)
    assert "payment" in said
    assert "webhooks" not in said
    pay(desk, client)
    assert desk.register(client).get_json() == {"success": True}
    assert desk.number(client, "status")["status"] == "CONNECTED"
    assert desk.effects("*/register") == ["registered"]


@pytest.mark.parametrize(
    ("door", "change", "word"),
    [
        ("accounts", {"review_status": "PENDING"}, "account is not approved"),
        ("numbers", {"name_status": "PENDING_REVIEW"}, "display name"),
    ],
)
def test_a_move_waits_for_approvals(desk: Desk, client: Client, door: str, change: dict[str, Any], word: str) -> None:
    subscribe(desk, client)
    pay(desk, client)
    desk.change(f"/{door}/{client.waba if door == 'accounts' else client.phone}", **change)
    assert word in details(desk, client)


def test_two_step_switched_on_again_at_the_old_provider_stops_the_move(desk: Desk, client: Client) -> None:
    subscribe(desk, client)
    pay(desk, client)
    desk.change(f"/numbers/{client.phone}", two_step=True)
    assert error_of(desk.register(client)) == (400, 100, 2388001)
    desk.change(f"/numbers/{client.phone}", two_step=False)
    assert desk.register(client).status_code == 200


def test_a_number_that_is_in_the_account_already_does_not_move_into_it(desk: Desk, client: Client) -> None:
    row = desk.change(f"/numbers/{client.phone}", verified_name="Example Shoes")
    world = desk.runtime.world
    twin = desk.onboard(business={"id": client.business})
    world.records.numbers[twin.phone].digits = row["digits"]
    world.records.accounts[client.waba].number_ids.append(twin.phone)
    assert error_of(desk.register(client)) == (400, 100, 2388012)


def test_every_try_to_move_counts_against_the_ten(desk: Desk, client: Client) -> None:
    for _ in range(10):
        details(desk, client)
    assert error_of(desk.register(client)) == (400, 133016, None)


def test_a_moved_number_is_an_ordinary_one_afterwards(desk: Desk, client: Client) -> None:
    subscribe(desk, client)
    pay(desk, client)
    desk.register(client, pin="123456")
    desk.post(f"/{client.phone}/deregister", client.token)
    desk.advance(301)
    assert error_of(desk.register(client, pin="654321")) == (400, 133005, None)
    assert desk.register(client, pin="123456").status_code == 200


def test_a_number_that_works_here_for_somebody_else_moves_once_its_two_step_is_off(desk: Desk) -> None:
    old = desk.live_client(number="+15550100110")
    refused = desk.ask("POST", "/signups", {"number": "+15550100110"})
    assert refused.status_code == 409
    assert "2388001" in refused.get_json()["detail"]
    desk.change(f"/numbers/{old.phone}", two_step=False)
    new = desk.onboard(number="+15550100110")
    assert new.phone != old.phone
    subscribe(desk, new)
    pay(desk, new)
    desk.change(f"/numbers/{old.phone}", two_step=True)
    assert error_of(desk.register(new)) == (400, 100, 2388001)
    desk.change(f"/numbers/{old.phone}", two_step=False)
    assert desk.number(old, "status")["status"] == "CONNECTED", "the old provider works until the very moment"
    assert desk.register(new).status_code == 200
    assert desk.number(old, "status")["status"] == "MIGRATED"


def test_a_number_that_is_not_connected_anywhere_yet_cannot_move(world: World, desk: Desk) -> None:
    desk.onboard(number="+15550100110")
    popup = signup.begin(world, app_id=PARTNER.app_id, config_id=PARTNER.config_id)
    sam = next(person for person in signup.list_people(world) if person.name == "Sam Example")
    signup.allow(world, signup.log_in(world, popup, sam.id))
    with pytest.raises(PopupError) as refused:
        signup.enter_number(world, popup, "+15550100110")
    assert refused.value.error_id == "2388012"
