"""What axe finds wrong with a page. Its half a megabyte is read by a page once, however often that is looked at."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_SCRIPT = Axe().axe_script
# Only what is wrong is told: what is right would be most of the answer.
_RUN = "axe.run({resultTypes: ['violations']}).then((found) => found.violations)"


def violations(page: Page) -> list[tuple[str, list[Any]]]:
    """Each broken rule, and the places where it is broken."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in page.evaluate(_RUN)]
