"""How a client's page is looked at: light and dark, as wide as a desk and as a phone; and what is wrong with it."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.shots import keep_shot

LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "390": ("light", 390), "320": ("dark", 320)}


def dress(page: Page, look: str) -> None:
    """What is loaded from now on has this look; what is there already takes it at once, without fading over."""
    scheme, width = LOOKS[look]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})


def faults(page: Page) -> list[Any]:
    """What axe finds wrong, and a sideways scroll if there is one."""
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    # A card hides what is too wide for it, so that the page does not scroll and yet something is cut off.
    cut = page.evaluate(
        "[...document.querySelectorAll('.card, .err, .way, .note')]"
        ".filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.className)"
    )
    return [*violations(page), *cut, *(["scrolls sideways"] if wide else [])]


def look_well(page: Page, name: str) -> None:
    """The page as it stands has no fault in light, in dark and on a phone; it is not loaded anew for that."""
    for look in ("dark", "390", "light"):
        dress(page, look)
        look_once(page, f"{name}-{look}")


def look_once(page: Page, name: str) -> None:
    """The page has no fault in the look it has now."""
    keep_shot(page, name)
    assert faults(page) == [], name
