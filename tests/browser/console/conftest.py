"""The console served to a real browser, with the local Meta behind it and a worker beside it, in one process."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from app.access.sessions import add_session
from app.access.staff import get_by_email
from app.factory import create_app
from app.kit import clock
from app.runtime import Runtime
from tests.console.staff import add_robin
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


@dataclass
class House:
    """Where the console is, and the world behind it."""

    url: str
    rt: Runtime
    journey: Journey

    def sign_in(self, context: BrowserContext) -> None:
        """Without typing a password."""
        with self.rt.db.write() as session:
            robin = get_by_email(session, "robin@partner.example")
            _, secret = add_session(session, robin, address=None, user_agent=None, now=clock.now())
        context.add_cookies([{"name": "gangway-staff", "value": secret.reveal(), "url": self.url}])


@pytest.fixture
def house(journey: Journey, quick_hashing: None) -> Iterator[House]:
    server = make_server("localhost", 0, lambda *_: [], threaded=True)
    url = f"http://localhost:{server.server_port}"
    rt = replace(journey.rt, settings=journey.rt.settings.model_copy(update={"public_url": url}))
    server.app = create_app(rt)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    add_robin(rt)
    yield House(url, rt, journey)
    server.shutdown()
    server.server_close()


@pytest.fixture
def worker(journey: Journey) -> Iterator[None]:
    """Walks whatever is due, as the worker process does, until the test ends."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(0.05):
            journey.walker.take("worker-1")

    thread = threading.Thread(target=work)
    thread.start()
    yield
    ended.set()
    thread.join()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    opened = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when its console shows an error or a breach of the content policy."""
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield opened
    assert wrong == []
