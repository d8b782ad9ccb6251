"""Each look at Meta's window: light and dark, as wide as a popup and as a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.axe import violations
from tests.browser.shots import keep_shot


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def context(chromium: Browser, scheme: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    yield context
    context.close()


def look_at(window: Page, name: str, scheme: str) -> None:
    """0 axe violations and nothing to scroll sideways, at both widths."""
    for width, suffix in ((600, ""), (390, "-390")):
        window.set_viewport_size({"width": width, "height": 800})
        keep_shot(window, f"sandbox-dialog-{name}-{scheme}{suffix}")
        assert violations(window) == [], f"{name}, {scheme}, {width}"
        assert window.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than {width}"
