"""How Meta's window goes."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Error, Page, TimeoutError


@contextmanager
def closing(window: Page) -> Iterator[None]:
    """What is done in the block closes the window; leaves it once the window is gone.

    The window may be gone before the driver has heard that its press arrived, and the driver calls that an error. So
    its word does not count here; that the window closes does.
    """
    try:
        yield
    except Error as error:
        if isinstance(error, TimeoutError):
            raise
    if not window.is_closed():
        window.wait_for_event("close")
