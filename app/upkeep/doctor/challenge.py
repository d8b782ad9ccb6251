"""Our own challenge: a question to our callback address that only this installation can answer.

`GET <callback>?hub.mode=gangway&hub.challenge=<nonce>` gives two digests over the nonce, keyed with SECRET_KEYS: one
says "this is the installation you are", the other "and it knows the same META_VERIFY_TOKEN". The nonce is random and
used once, the answer is of use for nothing else, and no secret travels. Anybody may ask; nobody learns anything.
"""

import hashlib
import hmac
import re
from typing import Literal

from config import Settings

MODE = "gangway"
_NONCE = re.compile(r"[A-Za-z0-9_-]{43}")


def is_nonce(text: str) -> bool:
    """Whether `text` has the shape of `app.kit.ids.unguessable()`; nothing else is signed."""
    return _NONCE.fullmatch(text) is not None


def answer(settings: Settings, nonce: str) -> str:
    """What this installation says to a nonce."""
    return _answer(settings, nonce, settings.secret_keys[0].get_secret_value())


def read_answer(settings: Settings, nonce: str, told: str) -> Literal["another", "other_token", "ours"]:
    """Who answered. A process that still signs with an older of our SECRET_KEYS counts as ours."""
    for key in settings.secret_keys:
        expected = _answer(settings, nonce, key.get_secret_value())
        if hmac.compare_digest(told.encode(), expected.encode()):
            return "ours"
        if hmac.compare_digest(told.partition(".")[0].encode(), expected.partition(".")[0].encode()):
            return "other_token"
    return "another"


def _answer(settings: Settings, nonce: str, key: str) -> str:
    here = _digest(key, "installation", settings.callback_url, nonce)
    knows = _digest(key, "verify token", settings.meta_verify_token.get_secret_value(), nonce)
    return f"{here}.{knows}"


def _digest(key: str, *parts: str) -> str:
    # The length before each part keeps two lists of parts from meaning the same bytes.
    message = "".join(f"{len(part)}:{part}" for part in ("gangway doctor", *parts))
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()
