"""A client, Meta's window and the console, all before one running house that the walks share."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.connect.client import Client
from tests.browser.connect.conftest import context
from tests.browser.walks.office import Office
from tests.journeys.conftest import Stage, stage

__all__ = ["context", "stage"]

_numbers = itertools.count(200)

Arrive = Callable[..., Client]


@pytest.fixture
def arrive(stage: Stage, context: BrowserContext) -> Arrive:
    """Makes a link for a client and opens its page; `order` is the link's."""

    def open_page(name: str, **order: Any) -> Client:
        link = stage.partner.make_link(name, contact={"name": "Alex Example", "email": "alex@bakery.example"}, **order)
        page = context.new_page()
        page.goto(link["url"])
        return Client(stage, link, page, number=f"+1 556 {next(_numbers)} 01")

    return open_page


@pytest.fixture
def office(stage: Stage, context: BrowserContext) -> Office:
    opened = Office(context.new_page(), stage.house.base_url)
    opened.sign_in(stage.house.demo["staff_email"], stage.house.demo["staff_password"])
    return opened
