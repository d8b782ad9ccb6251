from app.kit.secret import Secret
from app.meta.client import Meta
from tests.meta.local_graph import LocalGraph, reply


def test_fields_may_be_plain_names_or_missing(local: LocalGraph, meta: Meta) -> None:
    rows = [
        {"object": "whatsapp_business_account", "fields": ["messages", "account_update"]},
        {"object": "page", "active": False},
    ]
    local.answers(reply({"data": rows}))
    named, bare = meta.subscriptions.list_of("1234567890", Secret("1234567890|test_app_secret"))
    assert (named.fields, named.active, named.callback_url) == ({"messages", "account_update"}, False, None)
    assert (bare.object, bare.fields) == ("page", frozenset())
