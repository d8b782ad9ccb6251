"""Logs: one JSON line an event, a constant name, facts as fields, ids instead of objects. Redaction happens here."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# What must not be logged, whatever the field is called: Meta's tokens, our API keys, link tokens in addresses, app
# tokens, and anything handed over as a bearer. A last net; no room of ours logs such a value on purpose.
_SECRET_SHAPES = (
    (re.compile(r"EAA[A-Za-z0-9_-]{8,}"), "EAA…cut"),
    (re.compile(r"gw_live_\w+"), "gw_live_…cut"),
    (re.compile(r"(/connect/)(?!c/|static/|csp-reports)[A-Za-z0-9_-]{20,}"), r"\1…cut"),
    (re.compile(r"(?i)((?:bearer|oauth|basic)\s+)[A-Za-z0-9_.~+/=|-]{8,}"), r"\1…cut"),
    (re.compile(r"\b\d{5,}\|[A-Za-z0-9_-]{8,}"), "…cut"),
    (
        re.compile(
            r"(?i)((?:access_token|input_token|appsecret_proof|client_secret|fb_exchange_token|hub\.verify_token)"
            r"(?:=|%3D|[\"']?: ?[\"']?))[^&\s\"',}]+"
        ),
        r"\1…cut",
    ),
    (re.compile(r"(?i)(\b(?:code|pin)=)[^&\s\"',}]+"), r"\1…cut"),
    # A code or PIN as text in JSON; the code of an error is a number there and stays.
    (re.compile(r"(?i)([\"'](?:code|pin)[\"']: ?[\"'])[^\"']+"), r"\1…cut"),
    # The password in the address of a database or a Redis.
    (re.compile(r"(://[^/\s:@]*:)[^@/\s]+(?=@)"), r"\1…cut"),
)
_SECRET_NAMES = re.compile(r"(?i)(secret|token|password|authorization|cookie|api_key|^code$|^pin$)")
_HARMLESS_NAMES = {"token_kind", "api_key_id", "token_id", "verify_token_ok"}


def redact(text: str) -> str:
    """The text with everything cut that has the shape of a secret."""
    for shape, stand_in in _SECRET_SHAPES:
        text = shape.sub(stand_in, text)
    return text


def start_logging(level: str) -> None:
    """Send our own events and those of libraries to standard output as JSON lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _cut_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # urllib3 writes whole addresses at DEBUG, and debug_token has its token there; SQLAlchemy and Huey repeat values;
    # AWS's library writes down whole answers, and one of them is a master key.
    for name in ("urllib3", "requests", "sqlalchemy", "huey", "apscheduler", "boto3", "botocore"):
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), logging.WARNING))


def leave_stdout_alone() -> None:
    """Send to standard error what goes to standard output: a command's result is read there, by programs too."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stdout:
            handler.setStream(sys.stderr)


def _cut_secrets(_logger: object, _method: str, facts: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in list(facts):
        if not name.startswith("_"):  # structlog's own, which are never written
            facts[redact(name)] = _cut(name, facts.pop(name))
    return facts


def _cut(name: str, value: object) -> object:
    if _SECRET_NAMES.search(name) and name not in _HARMLESS_NAMES:
        return "…cut"
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {redact(str(key)): _cut(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cut("", inner) for inner in value]
    # Anything else would be turned into text later, behind our back: errors and objects quote what they hold.
    return redact(str(value))
