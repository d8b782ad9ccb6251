from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.transport import Call
from tests.meta.local_graph import LocalGraph, reply


def test_all_pages_of_numbers_are_read_in_metas_order(local: LocalGraph, meta: Meta, token: Secret) -> None:
    more = {"cursors": {"after": "A"}, "next": "https://graph.facebook.com/v25.0/5241/phone_numbers?after=A"}
    local.answers(
        reply({"data": [{"id": "1"}, {"id": "2"}], "paging": more}),
        reply({"data": [{"id": "3"}], "paging": {"cursors": {"after": "B"}}}),
    )
    assert [number.id for number in meta.numbers.list_of("5241", token)] == ["1", "2", "3"]
    assert [seen.query.get("after") for seen in local.seen] == [None, "A"]


def test_what_meta_does_not_say_of_a_number_is_none(local: LocalGraph, meta: Meta, token: Secret) -> None:
    local.answers(reply({"id": "1"}))
    number = meta.numbers.get("1", token)
    assert (number.is_on_biz_app, number.status, number.throughput) == (None, None, None)
    assert number.webhook_configuration.application is None


def test_the_pin_of_a_registration_is_sent_and_not_recorded(local: LocalGraph, meta: Meta, token: Secret) -> None:
    calls: list[Call] = []
    local.answers(reply({"success": True}))
    meta.recording(calls.append).numbers.register("1", token, pin=Secret("482913"))
    assert local.only.json == {"messaging_product": "whatsapp", "pin": "482913"}
    assert calls[0].request == {"messaging_product": "whatsapp", "pin": "(secret)"}
    assert "482913" not in repr(calls)
