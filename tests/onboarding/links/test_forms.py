from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.errors import InvalidInput
from app.onboarding.links.forms import EXAMPLE, read_order

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def test_the_example_is_a_good_order() -> None:
    order = read_order(EXAMPLE)
    assert order.client_name == "Example Bakery"
    assert order.language == "pt_BR"
    assert order.life == timedelta(days=30)
    assert order.prefill["business"] == {"name": "Example Bakery Ltd", "website": "https://bakery.example"}
    assert order.return_urls == {"success": "https://crm.example/clients/20418"}


def test_a_name_is_enough() -> None:
    order = read_order({"client_name": "  Example Bakery "})
    assert order.client_name == "Example Bakery"
    assert tuple(order.plans) == ("standard", "coexistence", "from_provider")
    assert (order.prefill, order.return_urls, order.contact_email) == ({}, {}, None)


def test_a_plan_named_twice_counts_once() -> None:
    assert tuple(read_order({"client_name": "X", "plans": ["standard", "standard"]}).plans) == ("standard",)


@pytest.mark.parametrize("wish", ["en", "es-MX", "pt_BR", "pt-br", "ES"])
def test_languages_are_understood_as_people_write_them(wish: str) -> None:
    assert read_order({"client_name": "X", "contact": {"language": wish}}).language in {"en", "es", "pt_BR"}


@pytest.mark.parametrize(
    "address",
    ["https://crm.example", "https://crm.example:8443/x?y=z#w", "http://localhost:3000/", "http://127.0.0.1/"],
)
def test_safe_return_addresses_are_taken_as_they_are(address: str) -> None:
    assert read_order({"client_name": "X", "return_urls": {"failure": address}}).return_urls == {"failure": address}


@given(st.dictionaries(st.sampled_from([*EXAMPLE, "other"]), JSON))
def test_whatever_arrives_is_an_order_or_a_refusal(given_order: dict[str, object]) -> None:
    faults: object = ()
    order = None
    try:
        order = read_order(given_order)
    except InvalidInput as refused:
        faults = refused.faults
    assert bool(faults) is (order is None)
    if order is not None:
        assert order.client_name
        assert timedelta(days=1) <= order.life <= timedelta(days=90)
