"""`make screenshots`: the pictures of docs/images, taken from the running product in Debian's Chromium.

Light and dark, at the width of a desk and of a phone. Look at them before you commit them.
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.local_meta import LocalMeta
from bench.partner import Partner, is_connected, is_live
from bench.stack import ROOT, Stack, stack
from bench.visitor import Visitor

FOLDER = ROOT / "docs/images"
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
CONTACT = "447700900" + "555"  # a number that Ofcom keeps for stories


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    name: str
    width: int
    height: int
    scheme: str


LOOKS = (Look("light", 1280, 900, "light"), Look("dark", 1280, 900, "dark"), Look("phone", 390, 844, "light"))


def main() -> int:
    path = shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        print("Chromium is needed; on Debian: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with stack() as house, sync_playwright() as playwright:
        addresses = bring_aboard(house)
        browser = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        for look in LOOKS:
            take(browser, look, house, addresses)
        browser.close()
    return 0


def bring_aboard(house: Stack) -> dict[str, str]:
    """One client live, one waiting for its test message; the addresses worth a picture."""
    meta, partner = LocalMeta(house.sandbox_url), Partner(house.base_url, house.demo["api_key"])
    contact = {"name": "Alex Example", "email": "alex@example.com"}
    pages: dict[str, str] = {"before": house.demo["connect_url"]}
    references: dict[str, str] = {}
    for name, client in (("live", "Example Florist"), ("test", "Example Garage")):
        link = partner.make_link(client, contact=contact)
        visitor = Visitor(link["url"])
        visitor.open_window("standard")
        popup = meta.sign_up("standard", business={"name": client})
        references[name] = visitor.give_code(popup.code, popup.event)
        partner.wait(references[name], is_connected)
        pages[name] = link["url"]
        if name == "live":
            meta.write(str(popup.phone_number_id), CONTACT, visitor.test_message())
            partner.wait(references[name], is_live)
    pages["console"] = f"{house.base_url}/console/onboardings"
    pages["timeline"] = f"{house.base_url}/console/onboardings/{references['live']}"
    pages["local-meta"] = house.sandbox_url
    return pages


def take(browser: Browser, look: Look, house: Stack, addresses: dict[str, str]) -> None:
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme="dark" if look.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    sign_in(page, house)
    for name, address in addresses.items():
        page.goto(address)
        page.wait_for_load_state("load")
        page.screenshot(path=FOLDER / f"{name}-{look.name}.png")
    context.close()


def sign_in(page: Page, house: Stack) -> None:
    page.goto(f"{house.base_url}/console/sign-in")
    page.fill('input[name="email"]', house.demo["staff_email"])
    page.fill('input[name="password"]', house.demo["staff_password"])
    page.press('input[name="password"]', "Enter")
    page.wait_for_url("**/console/onboardings**")


if __name__ == "__main__":
    sys.exit(main())
