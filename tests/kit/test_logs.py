"""Nothing secret is logged, in whatever shape it comes; what is harmless stays readable."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import structlog

from app.kit.logs import leave_stdout_alone, redact, start_logging
from app.kit.secret import Secret

TOKEN = "EAAGcanary0PX4ZCpsBAJ"
CODE = "AQBcanarycode123456"
APP_TOKEN = "1234567890|canary_app_secret_0123"
API_KEY = "gw_live_canary0123456789"
LINK = "canarylink_0123456789-abcdefg"

CUT = [
    f"token {TOKEN} was refused",
    f"Authorization: Bearer {LINK}",
    f"authorization: bearer {TOKEN}",
    f"Authorization: OAuth {TOKEN}",
    f"GET /debug_token?input_token={APP_TOKEN}&x=1",
    f"GET /debug_token?access_token={CODE}",
    f"access_token%3D{CODE}",
    f'{{"access_token": "{CODE}", "token_type": "bearer"}}',
    f'{{"access_token":"{CODE}"}}',
    f"{{'access_token': '{CODE}'}}",
    f"{{'client_secret': '{CODE}'}}",
    f'{{"pin": "{CODE}"}}',
    f'{{"pin":"{CODE}","messaging_product":"whatsapp"}}',
    f"{{'pin': '{CODE}'}}",
    f"appsecret_proof={CODE}",
    f"client_secret={CODE}",
    f"fb_exchange_token={CODE}",
    f"?hub.mode=subscribe&hub.verify_token={CODE}",
    f"/oauth/access_token?code={CODE}&client_id=1",
    f"pin={CODE}",
    f"/connect/{LINK}",
    f"GET https://partner.example/connect/{LINK}?x=1 HTTP/1.1",
    f"key {API_KEY} is unknown",
    APP_TOKEN,
    f"could not connect to postgresql+psycopg://gangway:{CODE}@db.example:5432/gangway",
    f"redis://:{CODE}@cache.example:6379/0",
]


@pytest.mark.parametrize("line", CUT)
def test_every_shape_of_a_secret_is_cut(line: str) -> None:
    assert "canary" not in redact(line)


HARMLESS = [
    "GET /connect/c/01a1f967-6a31-745d-86d6-481cf1ee07f1/exchange",
    "/connect/static/connect-page-with-a-long-name.js",
    "onboarding 01a1f967-6a31-745d-86d6-481cf1ee07f1",
    '{"error": {"code": 100, "error_subcode": 36007}}',
    "Meta refused the request (error 133005, HTTP 400, trace AbCdEf1GhIjKlMnOpQ)",
    "waba 524126980791429 of 2729063490586005",
    "http://localhost:5000/api/webhooks/whatsapp",
]


@pytest.mark.parametrize("line", HARMLESS)
def test_what_is_no_secret_stays_readable(line: str) -> None:
    assert redact(line) == line


def test_what_surrounds_a_secret_stays() -> None:
    assert redact(f"GET /debug_token?input_token={CODE}&fields=id") == "GET /debug_token?input_token=…cut&fields=id"


@dataclass
class Order:
    """An object somebody passed instead of its id."""

    token: str


class Failure(Exception):
    """An error whose text quotes what it should not."""


Logs = Callable[[], list[dict[str, object]]]


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Logs]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    start_logging("INFO")

    def read() -> list[dict[str, object]]:
        text = out.getvalue()
        assert "canary" not in text
        return [json.loads(line) for line in text.splitlines()]

    yield read
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


SHAPES: list[object] = [
    TOKEN,
    f"Bearer {LINK}",
    TOKEN.encode(),
    [TOKEN],
    (TOKEN, [TOKEN]),
    {TOKEN},
    {"inner": {"access_token": CODE}},
    {"headers": [{"Authorization": CODE}]},
    {TOKEN: 1},
    Order(TOKEN),
    Failure(f"refused {TOKEN}"),
    Secret(TOKEN),
]


@pytest.mark.parametrize("value", SHAPES, ids=lambda value: type(value).__name__)
def test_a_field_of_any_type_is_searched(logs: Logs, value: object) -> None:
    structlog.get_logger("test").info("something_happened", fact=value)
    (line,) = logs()
    assert (line["event"], line["level"], line["logger"]) == ("something_happened", "info", "test")
    assert "timestamp" in line


@pytest.mark.parametrize(
    "name",
    ["token", "access_token", "app_secret", "password", "Authorization", "cookie", "api_key", "code", "pin", "CODE"],
)
def test_a_field_named_like_a_secret_is_cut_whatever_it_holds(logs: Logs, name: str) -> None:
    structlog.get_logger("test").info("something_happened", **{name: "canary"})
    (line,) = logs()
    assert line[name] == "…cut"


@pytest.mark.parametrize("name", ["token_kind", "api_key_id", "error_code", "postcode", "pinned"])
def test_names_that_only_look_alike_are_kept(logs: Logs, name: str) -> None:
    structlog.get_logger("test").info("something_happened", **{name: "kept"})
    (line,) = logs()
    assert line[name] == "kept"


def test_numbers_booleans_and_nothing_keep_their_type(logs: Logs) -> None:
    structlog.get_logger("test").info("something_happened", count=3, share=0.5, ok=True, gone=None)
    (line,) = logs()
    assert (line["count"], line["share"], line["ok"], line["gone"]) == (3, 0.5, True, None)


def test_an_exception_is_logged_without_the_secret_in_its_text(logs: Logs) -> None:
    try:
        raise Failure(f"refused {TOKEN}")
    except Failure:
        structlog.get_logger("test").exception("it_failed")
        logging.getLogger("library").exception("it failed with %s", TOKEN)
    ours, theirs = logs()
    assert "Failure" in str(ours["exception"])
    assert "Failure" in str(theirs)
    assert (theirs["logger"], theirs["level"]) == ("library", "error")


def test_lines_of_libraries_are_searched_with_their_arguments_and_extras(logs: Logs) -> None:
    logging.getLogger("library").warning("sent %s to %s", TOKEN, "somewhere", extra={"access_token": CODE})
    (line,) = logs()
    assert line["event"] == "sent EAA…cut to somewhere"
    assert line["access_token"] == "…cut"


@pytest.mark.parametrize("name", ["urllib3.connectionpool", "sqlalchemy.engine", "huey", "requests", "apscheduler"])
def test_libraries_that_print_whole_addresses_and_values_are_kept_quiet(
    name: str, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", logging.getLogger().handlers[0].stream)  # type: ignore[attr-defined]
    start_logging("DEBUG")
    logging.getLogger(name).info("GET /debug_token?input_token=%s", TOKEN)
    logging.getLogger(name).warning("worth knowing")
    assert [line["event"] for line in logs()] == ["worth knowing"]
    start_logging("ERROR")
    assert not logging.getLogger(name).isEnabledFor(logging.WARNING)


def test_facts_bound_to_a_request_are_on_every_line(logs: Logs) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-1", password="canary"):
        structlog.get_logger("test").info("something_happened")
    (line,) = logs()
    assert (line["request_id"], line["password"]) == ("r-1", "…cut")


def test_below_the_wanted_level_nothing_is_written(logs: Logs) -> None:
    structlog.get_logger("test").debug("too_fine")
    assert logs() == []


def test_a_command_keeps_its_result_apart_from_what_is_logged(logs: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    aside = io.StringIO()
    ours = logging.getLogger().handlers[0]
    assert isinstance(ours, logging.StreamHandler)
    # pytest has put a stream of its own in that place since the handler was made
    monkeypatch.setattr(sys, "stdout", ours.stream)
    monkeypatch.setattr(sys, "stderr", aside)
    leave_stdout_alone()
    structlog.get_logger("x").info("told", number=1)
    assert logs() == []
    assert json.loads(aside.getvalue())["event"] == "told"
