"""What may be kept of a call: everything but secrets and what people wrote to each other.

A request is cut by type: whatever is a `Secret` becomes a mark. A reply is cut by key, and every text in either is
searched for the secrets of the call. Loggers of the HTTP libraries print addresses, queries included, and one of
Meta's calls (debug_token) takes a token nowhere else: `silence_addresses` cuts the queries there.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.kit.secret import LONG_ENOUGH_TO_SHOW, Secret

CUT = "(secret)"
SECRET_KEYS = frozenset({"access_token", "appsecret_proof", "client_secret", "input_token", "pin", "verify_token"})
# `next` and `previous` are whole addresses that Meta builds with our token in them.
ADDRESS_KEYS = frozenset({"next", "previous"})
LOGGERS = (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)

_QUERY = re.compile(r"\?[^\s\"'<>]+")


def secrets_in(value: Any) -> Iterator[Secret]:
    """Every secret of a request, however deep."""
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from secrets_in(item)


def shown_request(value: Any, secrets: Iterable[Secret]) -> Any:
    """A request as it may be stored: secrets marked, the words of a message counted instead of quoted."""
    return _without(_marked(value), tuple(secret.reveal() for secret in secrets))


def shown_reply(value: Any, secrets: Iterable[Secret]) -> Any:
    """A reply as it may be stored."""
    return _without(value, tuple(secret.reveal() for secret in secrets))


def without_secrets(text: str | None, secrets: Iterable[Secret]) -> str | None:
    """`text` with every one of `secrets` cut out of it."""
    return None if text is None else _cut(text, tuple(secret.reveal() for secret in secrets))


def silence_addresses() -> None:
    """Make the loggers of the HTTP libraries leave out queries at every level. May be called again at will."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_without_query)


def _marked(value: Any) -> Any:
    if isinstance(value, Secret):
        return CUT
    if isinstance(value, Mapping):
        return {key: _counted(item) if key in {"body", "text"} else _marked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(item) for item in value]
    return value


def _counted(value: Any) -> Any:
    return f"({len(value)} characters)" if isinstance(value, str) else _marked(value)


def _without(value: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(value, Mapping):
        return {key: CUT if _is_secret(key, item) else _without(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, secrets) for item in value]
    return _cut(value, secrets) if isinstance(value, str) else value


def _is_secret(key: str, value: Any) -> bool:
    return key in SECRET_KEYS or (key in ADDRESS_KEYS and isinstance(value, str))


def _cut(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        # The six digits of a PIN may well stand inside an id; alone they are the PIN.
        edge = r"\b" if len(secret) < LONG_ENOUGH_TO_SHOW else ""
        text = re.sub(f"{edge}{re.escape(secret)}{edge}", CUT, text)
    return text


def _without_query(record: logging.LogRecord) -> bool:
    text = record.getMessage()
    if "?" in text:
        record.msg, record.args = _QUERY.sub("?…", text), ()
    return True
