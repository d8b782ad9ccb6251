"""Keeps a picture of a page where `SHOTS_DIR` names a folder for people to look at; else does nothing."""

import os
from pathlib import Path

from playwright.sync_api import Page

FOLDER = os.environ.get("SHOTS_DIR")


def keep_shot(page: Page, name: str) -> None:
    """Writes `<SHOTS_DIR>/<name>.png` of the whole page."""
    if FOLDER:
        folder = Path(FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)
