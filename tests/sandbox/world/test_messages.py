"""Receiving, quoting, and one thread."""

from typing import Any

from sandbox.world import Notice, World
from sandbox.world.messages import list_thread, receive, send
from tests.sandbox.desk import Desk


def test_a_reply_quotes_who_wrote_the_quoted_message(desk: Desk, world: World) -> None:
    client = desk.live_client(number="+15550100110")
    number, account = world.records.numbers[client.phone], world.records.accounts[client.waba]
    heard: list[Notice] = []
    world.on_notice(heard.append)
    asked = receive(world, number, "+15550100301", content={"body": "hi"})
    answered = send(
        world, number, account, world.records.contacts["15550100301"], type_="text", content={"body": "hello"}
    )
    for quoted in (asked.id, answered.id):
        receive(world, number, "15550100301", content={"body": "thanks"}, reply_to=quoted)
    messages: list[dict[str, Any]] = [n.value["messages"][0] for n in heard if "messages" in n.value]
    assert "context" not in messages[0]
    assert messages[1]["context"] == {"from": "15550100301", "id": asked.id}
    assert messages[2]["context"] == {"from": "15550100110", "id": answered.id}
    thread = list_thread(world, number.id, "15550100301")
    assert [message.direction for message in thread] == ["in", "out", "in", "in"]
    assert list_thread(world, number.id, "15550100302") == []


def test_a_contact_has_another_id_in_every_portfolio(desk: Desk, world: World) -> None:
    clients = [desk.live_client(), desk.live_client()]
    heard: list[Notice] = []
    world.on_notice(heard.append)
    for client in [*clients, clients[0]]:
        receive(world, world.records.numbers[client.phone], "+5511988887777", content={"body": "oi"})
    ids = [notice.value["contacts"][0]["user_id"] for notice in heard]
    assert ids[0] == ids[2] != ids[1]
    assert all(user_id.startswith("BR.") for user_id in ids)
