"""A client in front of a real browser: the whole house behind the page, Meta's window played by the local Meta."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext

from tests.browser.connect.client import Client
from tests.journeys.conftest import Stage, stage

__all__ = ["stage"]

_numbers = itertools.count(200)

NewClient = Callable[..., Client]


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def new_client(stage: Stage, context: BrowserContext) -> NewClient:
    """Makes a link and opens its page; `order` is the link's."""

    def open_page(*, known: bool = True, **order: Any) -> Client:
        contact = {"name": "Alex Example", "email": "alex@bakery.example"} if known else {}
        link = stage.partner.make_link("Example Bakery", contact=contact, **order)
        page = context.new_page()
        page.goto(link["url"])
        return Client(stage, link, page, number=f"+1 554 {next(_numbers)} 01")

    return open_page


@pytest.fixture
def play(stage: Stage) -> Iterator[Callable[..., None]]:
    """Changes how Meta's window brings its result (`order`, `report_as`, `forge`); afterwards it is as before."""

    def change(**tricks: Any) -> None:
        requests.post(f"{stage.house.sandbox_url}/_sandbox/dialog", json=tricks, timeout=10).raise_for_status()

    yield change
    change(order="message_first", report_as="CANCEL", forge=False)
    stage.meta.lift_all()
