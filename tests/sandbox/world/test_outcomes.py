"""What becomes of accepted messages."""

import pytest

from sandbox.world import World
from sandbox.world.contacts import find_or_add_contact
from sandbox.world.outcomes import decide_outcome
from tests.sandbox.desk import Desk


@pytest.mark.parametrize(
    ("ending", "code"),
    [("0002", 131026), ("0003", 131047), ("0004", 131049), ("0005", 131050), ("0006", 131042), ("0008", 130472)],
)
def test_some_contacts_are_never_reached(desk: Desk, world: World, ending: str, code: int) -> None:
    client = desk.live_client()
    number, account = world.records.numbers[client.phone], world.records.accounts[client.waba]
    contact = find_or_add_contact(world, f"1555010{ending}")
    contact.windows[number.id] = world.now()
    outcome = decide_outcome(world, number, account, contact, "text")
    assert outcome.statuses == ("failed",)
    assert outcome.error is not None
    assert outcome.error["code"] == code
    assert outcome.error["error_data"]["details"]


def test_answers_beyond_a_thousand_a_month_cost(desk: Desk, world: World) -> None:
    client = desk.live_client()
    number, account = world.records.numbers[client.phone], world.records.accounts[client.waba]
    contact = find_or_add_contact(world, "15550100301")
    contact.windows[number.id] = world.now()
    prices = [decide_outcome(world, number, account, contact, "text").pricing for _ in range(1001)]
    assert [price["billable"] for price in prices].count(False) == 1000
    assert prices[-1] == {"billable": True, "pricing_model": "PMP", "category": "service", "type": "regular"}


def test_a_template_costs_at_once(desk: Desk, world: World) -> None:
    client = desk.live_client()
    number, account = world.records.numbers[client.phone], world.records.accounts[client.waba]
    outcome = decide_outcome(world, number, account, find_or_add_contact(world, "15550100301"), "template")
    assert outcome.statuses == ("sent", "delivered", "read")
    assert outcome.pricing["category"] == "utility"
    assert outcome.pricing["billable"] is True
