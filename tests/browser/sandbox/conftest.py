"""A running local Meta and, at another origin, a page that opens its signup window."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sandbox.listener import Listener
from sandbox.runtime import Runtime, build_runtime
from sandbox.server import create_app
from sandbox.world.seed import Partner
from tests.waiting import until

APP_ID = "2811"
CONFIG_ID = "2822"

OPENER = """<!doctype html><html lang="en"><title>A client's page</title>
<button id="go">Connect WhatsApp</button>
<script>
  window.messages = []; window.answers = [];
  const place = () => messages.length + answers.length;
  window.addEventListener("message", (e) => messages.push({ origin: e.origin, data: e.data, at: place() }));
  window.fbAsyncInit = () => FB.init({ appId: "%(app)s", version: "v25.0" });
  window.options = { config_id: "%(config)s", response_type: "code", override_default_response_type: true, extras: {} };
  document.getElementById("go").addEventListener("click", () =>
    FB.login((answer) => answers.push({ ...answer, at: place() }), options));
</script>
<script async defer crossorigin="anonymous" src="%(meta)s/en_US/sdk.js"></script>"""


@dataclass
class Stage:
    """The running world, where it serves, and where the opener's page is."""

    runtime: Runtime
    meta: str
    opener: str


@pytest.fixture
def stage() -> Iterator[Stage]:
    partner = Partner(app_id=APP_ID, config_id=CONFIG_ID)
    listener = Listener("127.0.0.1", 0)
    meta = f"http://localhost:{listener.server_port}"
    runtime = build_runtime(partner, url=meta)
    listener.app = create_app(runtime)
    page = (OPENER % {"app": APP_ID, "config": CONFIG_ID, "meta": meta}).encode()
    opener = ThreadingHTTPServer(("127.0.0.1", 0), _page_handler(page))
    origin = f"http://localhost:{opener.server_port}"
    runtime.world.records.apps[APP_ID].domains = (origin,)
    for server in (listener, opener):
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield Stage(runtime, meta, origin)
    for server in (listener, opener):
        server.shutdown()
        server.server_close()


def _page_handler(page: bytes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            # What a signup page says of itself: its popups may keep it as their opener.
            self.send_header("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads it."""

    return Handler


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    yield context
    context.close()


@pytest.fixture
def opener(context: BrowserContext, stage: Stage) -> Page:
    """The client's page with the SDK loaded."""
    page = context.new_page()
    page.goto(stage.opener)
    page.wait_for_function("window.FB")
    return page


def open_window(opener: Page) -> Page:
    """Clicks the page's button and returns the signup window."""
    with opener.expect_popup() as popup:
        opener.get_by_role("button", name="Connect WhatsApp").click()
    window = popup.value
    see(window, "log_in")
    return window


def see(window: Page, screen: str) -> None:
    """Waits until the window shows this screen."""
    window.locator(f'body[data-screen="{screen}"][data-ready]').wait_for()


def press(window: Page, *keys: str) -> None:
    """Press these keys, once the screen has put its focus where it begins."""
    expect(window.locator(":focus")).to_have_count(1)
    for key in keys:
        window.keyboard.press(key)


def go_on(window: Page, screen: str) -> None:
    """Continue, and wait for the next screen."""
    window.get_by_role("button", name="Continue", exact=True).click()
    see(window, screen)


def walk_to(window: Page, last: str, *, number: str = "+1 555 010 0110") -> None:
    """Goes the ordinary way, as Sam who has no portfolio yet, until the window shows `last`."""
    window.get_by_label("Continue as Sam Example").check()
    steps = {
        "permissions": lambda: go_on(window, "permissions"),
        "number": lambda: go_on(window, "number"),
        "code": lambda: (window.get_by_label("Phone number").fill(number), go_on(window, "code")),
        "portfolio": lambda: (
            window.get_by_label("One-time code").fill(window.locator("#hint-code").inner_text()),
            go_on(window, "portfolio"),
        ),
        "account": lambda: (window.get_by_label("Business name").fill("Example Shoes"), go_on(window, "account")),
        "review": lambda: go_on(window, "review"),
        "success": lambda: go_on(window, "success"),
    }
    for screen, step in steps.items():
        step()
        if screen == last:
            return


def answers(opener: Page) -> list[dict[str, Any]]:
    """What FB.login's callback was given so far."""
    given: list[dict[str, Any]] = opener.evaluate("answers")
    return given


def end_events(opener: Page) -> list[dict[str, Any]]:
    """The WA_EMBEDDED_SIGNUP messages so far, parsed, each with its `origin` and its place `at` among all arrivals."""
    found: list[dict[str, Any]] = opener.evaluate(
        """() => messages.filter((m) => typeof m.data === "string" && m.data.includes("WA_EMBEDDED_SIGNUP"))
                 .map((m) => ({ origin: m.origin, at: m.at, ...JSON.parse(m.data) }))"""
    )
    return found


def wait_for_answer(opener: Page) -> dict[str, Any]:
    """FB.login's answer, once there is one."""
    assert until(lambda: answers(opener)), "FB.login never answered"
    return answers(opener)[0]


def wait_for_event(opener: Page) -> dict[str, Any]:
    """The end event, once there is one."""
    assert until(lambda: end_events(opener)), "no end event came"
    return end_events(opener)[0]
