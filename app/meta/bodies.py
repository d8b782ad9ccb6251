"""Reading the body of an answer with a bound on its time and its size."""

import json
from typing import Any

import requests
import urllib3

from app.kit import clock

LARGEST = 8 * 1024 * 1024


class TooSlow(urllib3.exceptions.HTTPError):
    """The body came drop by drop: each drop within the read timeout, the whole too late or too large."""


def read_body(response: requests.Response, *, longest: float) -> dict[str, Any] | None:
    """The JSON object in the body, or None when it holds none (HTML, nothing, half a JSON, a list).

    Reading ends `longest` seconds after it began, whatever the server does. `response` must be a streamed one.
    """
    try:
        reply = json.loads(_bytes_of(response, longest))
    except (ValueError, RecursionError):
        return None
    return reply if isinstance(reply, dict) else None


def _bytes_of(response: requests.Response, longest: float) -> bytes:
    ends = clock.monotonic() + longest
    body = bytearray()
    with response:
        # `read1` returns after one read of the socket; `read` and `iter_content` would wait for a full block, and
        # each byte of a slow server would start the read timeout anew.
        while piece := response.raw.read1(65536, decode_content=True):
            body += piece
            if len(body) > LARGEST or clock.monotonic() > ends:
                raise TooSlow
    return bytes(body)
