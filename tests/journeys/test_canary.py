"""Canaries: every secret has a value one can search for, a day goes wrong at DEBUG, and then everything is searched.

Searched are the logs of all processes, every answer that any door gave, and every file the product keeps: database,
write-ahead log, wake-ups. Only the four files that exist to hold secrets on a developer's machine are left out.
"""

import base64
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from sqlalchemy import select

from app.build import build
from app.credentials.models import Credential
from bench.partner import is_connected, step
from bench.stack import stack
from bench.visitor import Visitor
from config import Settings
from tests.journeys.conftest import Stage, stage_of
from tests.waiting import until

pytestmark = pytest.mark.stack

MEANT_TO_HOLD = {"keys.env", "sandbox.json", "run.env", "demo.json"}
SEARCHED_ALONE = {"run.log"}


def made_up(name: str) -> str:
    return f"{name}Canary{secrets.token_hex(12)}"


@dataclass
class Day:
    """One house, what is secret in it, and everything that was answered."""

    stage: Stage
    canaries: dict[str, str]
    answers: list[str] = field(default_factory=list)

    def say(self, method: str, path: str, **more: object) -> requests.Response:
        reply = requests.request(method, f"{self.stage.house.base_url}{path}", timeout=60, **more)  # type: ignore[arg-type]
        self.keep(reply)
        return reply

    def keep(self, reply: requests.Response) -> None:
        self.answers.append(f"{reply.status_code} {dict(reply.headers)} {reply.text}")


@pytest.fixture(scope="module")
def day() -> Iterator[Day]:
    """A house whose secrets are canaries, after a day on which everything went wrong that can."""
    given = {
        "SANDBOX_APP_SECRET": made_up("appsecret"),
        "SANDBOX_VERIFY_TOKEN": made_up("verifytoken"),
        "SANDBOX_ADMIN_TOKEN": "EAA" + made_up("admintoken"),
        "SANDBOX_EMPLOYEE_TOKEN": "EAA" + made_up("employeetoken"),
        "SECRET_KEYS": made_up("secretkey") + "0" * 32,
        "CREDENTIAL_KEYS": base64.urlsafe_b64encode(b"CanaryCanary" + secrets.token_bytes(20)).decode(),
    }
    with stack(LOG_LEVEL="DEBUG", **given) as house:
        here = Day(stage_of(house), dict(given))
        here.canaries |= {name: house.demo[name] for name in ("api_key", "staff_password")}
        here.canaries["demo link"] = house.demo["connect_url"].rpartition("/")[2]
        live_through(here)
        here.canaries |= sealed_values(here)
        yield here


def live_through(day: Day) -> None:
    all_goes_well(day)
    meta_refuses(day)
    strangers_knock(day)


def all_goes_well(day: Day) -> None:
    for plan in ("standard", "coexistence"):
        visitor = open_link(day, f"Example {plan}")
        popup = day.stage.meta.sign_up(plan)
        day.canaries[f"code of {plan}"] = popup.code
        reference = visitor.give_code(popup.code, popup.event)
        day.stage.partner.wait(reference, is_connected)
        day.stage.meta.write(str(popup.phone_number_id), "447700900555", visitor.test_message())
        day.answers += [visitor.read_page(), json.dumps(day.stage.partner.read(reference))]
        day.keep(visitor.say("exchange-token", code=popup.code))


def meta_refuses(day: Day) -> None:
    """Refused, HTML for JSON, a cut connection, and a token repeated in an error text, as Graph does at times."""
    stage, token = day.stage, day.canaries["SANDBOX_ADMIN_TOKEN"]
    echo = {"error": {"message": f"Malformed access token {token}", "type": "OAuthException", "code": 200}}
    faults = [
        stage.meta.fault(path="*/whatsapp_credit_sharing_and_attach", action={"status": 400, "body": echo}, times=1),
        stage.meta.fault(path="/debug_token", action={"html": 502}, times=1),
        stage.meta.fault(path="*/subscribed_apps", action={"drop": "before"}, times=1),
        stage.meta.fault(path="*/register", action={"status": 500, "body": {}}, times=1),
    ]
    visitor = open_link(day, "Example trouble")
    popup = stage.meta.sign_up("standard")
    day.canaries["code of trouble"] = popup.code
    reference = visitor.give_code(popup.code, popup.event)
    found = stage.partner.wait(reference, lambda seen: step(seen, "credit")["state"] == "attention", seconds=90)
    day.answers += [visitor.read_page(), json.dumps(found)]
    for fault in faults:
        stage.meta.lift(fault)

    garbage = open_link(day, "Example garbage")
    day.canaries["garbage code"] = made_up("garbagecode")
    day.keep(garbage.say("exchange-token", code=day.canaries["garbage code"]))


def strangers_knock(day: Day) -> None:
    """Whatever a stranger offers as a secret may be somebody's: it must not be kept either."""
    offered = {
        name: made_up(name) for name in ("password", "apikey", "signature", "linktoken", "verifyword", "bodyword")
    }
    day.canaries |= {f"offered {name}": value for name, value in offered.items()}
    page = day.say("GET", "/console/sign-in")
    csrf = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    day.say(
        "POST",
        "/console/sign-in",
        cookies=page.cookies.get_dict(),
        data={"csrf_token": csrf, "email": "staff@example.com", "password": offered["password"]},
    )
    day.say("GET", "/v1/onboardings", headers={"Authorization": f"Bearer {offered['apikey']}"})
    day.say("GET", f"/connect/{offered['linktoken'] * 2}")
    hook = "/api/webhooks/whatsapp"
    day.say("POST", hook, data=b"{}", headers={"X-Hub-Signature-256": f"sha256={offered['signature']}"})
    day.say(
        "GET", hook, params={"hub.mode": "subscribe", "hub.verify_token": offered["verifyword"], "hub.challenge": "1"}
    )
    day.say("POST", "/v1/links", data=b'{"client_name": "' + offered["bodyword"].encode() * 9000)
    day.say("POST", "/api/integrations/whatsapp/exchange-token", json={"code": offered["bodyword"]})


def open_link(day: Day, client: str) -> Visitor:
    link = day.stage.partner.make_link(client)
    day.canaries[f"link of {client}"] = str(link["url"]).rpartition("/")[2]
    visitor = Visitor(link["url"])
    visitor.open_window("standard")
    return visitor


def sealed_values(day: Day) -> dict[str, str]:
    """What the vault holds: tokens and PINs, opened as the product itself opens them."""
    pairs = (line.partition("=") for line in day.stage.house.env_file.read_text().splitlines())
    values = {name.lower(): value for name, _, value in pairs}
    rt = build(Settings(_env_file=None, **{name: values[name] for name in Settings.model_fields if name in values}))
    try:
        with rt.db.read() as session:
            rows = session.scalars(select(Credential)).all()
            return {f"{row.kind} {row.id}": rt.vault.open_one(session, row.id).reveal() for row in rows}
    finally:
        rt.close()


def shapes_of(name: str, secret: str) -> set[bytes]:
    """How a secret may look when it has leaked: as it is, in an address, in base64.

    Six digits are found in any heap of times and ids, so a PIN is looked for beside its name.
    """
    plain = secret.encode()
    if name.startswith("pin "):
        return {b"pin" + between + plain for between in (b"=", b": ", b'": "', b'\\": \\"', b"': '")}
    encoded = (base64.b64encode(plain), base64.urlsafe_b64encode(plain))
    return {plain, quote(secret, safe="").encode(), *(text.rstrip(b"=") for text in encoded)}


def leaks(day: Day, where: bytes) -> list[str]:
    return [name for name, secret in day.canaries.items() if any(shape in where for shape in shapes_of(name, secret))]


def test_the_day_had_enough_secrets_to_look_for(day: Day) -> None:
    kinds = {name.split()[0] for name in day.canaries}
    assert {"SANDBOX_APP_SECRET", "business_token", "pin", "code", "link", "offered", "api_key"} <= kinds
    assert all(len(secret) >= 6 for secret in day.canaries.values())


def test_no_secret_is_in_any_log(day: Day) -> None:
    # The supervisor's own greeting says the demo sign-in on purpose; its lines carry no name of a process.
    said = day.stage.house.log_path.read_bytes().splitlines()
    log = b"\n".join(line for line in said if b" | " in line)
    assert log.count(b'"level": "debug"') + log.count(b'"level": "info"') > 20, "the processes have said something"
    assert leaks(day, log) == []


def test_no_secret_is_in_any_answer(day: Day) -> None:
    assert len(day.answers) > 10
    found = {answer[:120]: leaks(day, answer.encode()) for answer in day.answers}
    assert {answer: names for answer, names in found.items() if names} == {}


def test_no_secret_is_in_any_file_the_product_keeps(day: Day) -> None:
    files = [path for path in day.stage.house.data_dir.rglob("*") if is_kept(path)]
    assert {"gangway.db", "wakes.db"} <= {path.name for path in files}
    found = {path.name: leaks(day, path.read_bytes()) for path in files}
    assert {name: names for name, names in found.items() if names} == {}


def is_kept(path: Path) -> bool:
    return path.is_file() and path.name not in MEANT_TO_HOLD | SEARCHED_ALONE


def test_the_search_would_find_a_leak(day: Day) -> None:
    """A canary that sings in the dark is no use: each shape is found where it is planted."""
    secret = day.canaries["SANDBOX_ADMIN_TOKEN"]
    for shape in shapes_of("SANDBOX_ADMIN_TOKEN", secret):
        # The token of our system user is known by two names: as the setting that seeds it, and as the sealed row.
        found, sealed = leaks(day, b"before " + shape + b" after")
        assert (found, sealed.split()[0]) == ("SANDBOX_ADMIN_TOKEN", "partner_token")
    assert until(lambda: day.stage.house.run.poll() is None, seconds=1)
