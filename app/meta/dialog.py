"""Meta's signup window, asked with a plain GET and no sign-in: does it refuse before it asks anybody anything?

Practice, not documentation: Meta promises nothing about these pages. A refusal that can be recognised is believed; a
page without one proves nothing, because most of Meta's checks come after the sign-in. The words are those integrators
report; to teach a new one, one line in `REFUSALS`.
"""

from collections.abc import Mapping
from html import unescape
from typing import Literal
from urllib.parse import urlencode, urlsplit

import requests
import urllib3

from app.meta.errors import MetaUnreachable
from app.meta.wire import LOOPBACK, was_written

Refusal = Literal["app", "config", "domain", "redirect"]

LARGEST = 256 * 1024
# Looked for in the text of the page, small letters, the first that fits. An address that Meta repeats in a link holds
# none of them.
REFUSALS: tuple[tuple[str, Refusal], ...] = (
    ("invalid app id", "app"),
    ("config_id is not", "config"),
    ("invalid config_id", "config"),
    ("unknown host domain", "domain"),
    ("javascript sdk host domain", "domain"),
    ("url blocked", "redirect"),
    ("white-listed in the app", "redirect"),
    ("whitelisted in the app", "redirect"),
    ("domain of this url isn't included", "redirect"),
)


def popup(page_origin: str) -> str:
    """The address that Meta's SDK names as its way back when `page_origin` opens the window."""
    back = urlencode({"cb": "f0", "domain": urlsplit(page_origin).hostname or "", "origin": page_origin})
    return f"https://staticxx.facebook.com/x/connect/xd_arbiter/?version=46#{back}"


def ask(
    window_url: str, version: str, *, app_id: str, config_id: str, redirect_uri: str, timeout: tuple[float, float]
) -> Refusal | None:
    """What the window of `window_url` (Meta's web origin) refuses at once; None when it shows no such refusal.

    `redirect_uri` is an address of ours, or `popup(…)`. Raises `MetaUnreachable` without an answer or with a 5xx.
    """
    query = {
        "client_id": app_id,
        "app_id": app_id,
        "config_id": config_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "override_default_response_type": "true",
        "display": "popup",
    }
    try:
        status, page = _get(f"{window_url}/{version}/dialog/oauth", query, timeout)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as lost:
        raise MetaUnreachable(request_written=was_written(lost)) from None
    if status >= 500:
        raise MetaUnreachable(request_written=True, status=status)
    return next((refusal for words, refusal in REFUSALS if words in page), None)


def _get(address: str, query: Mapping[str, str], timeout: tuple[float, float]) -> tuple[int, str]:
    """Status and the beginning of the page, in small letters. Where it leads on to is not followed."""
    with requests.Session() as session:
        session.trust_env = urlsplit(address).hostname not in LOOPBACK
        # Meta answers what is no browser with a page of its own.
        session.headers["User-Agent"] = "Mozilla/5.0 (compatible; Gangway)"
        session.headers["Accept-Language"] = "en"
        with session.get(address, params=query, timeout=timeout, allow_redirects=False, stream=True) as answer:
            page = answer.raw.read(LARGEST, decode_content=True)
            return answer.status_code, unescape(page.decode("utf-8", "replace")).lower()
