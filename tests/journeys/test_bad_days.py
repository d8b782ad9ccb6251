"""Bad days of a house that stands through them: Meta refuses, a part does not answer."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from bench.partner import is_connected, step
from bench.stack import ROOT, Stack
from bench.staff import Staff
from tests.journeys.conftest import Stage
from tests.waiting import until

pytestmark = pytest.mark.stack

CREDIT_REFUSED = {"status": 400, "body": {"error": {"message": "(#200) No.", "type": "OAuthException", "code": 200}}}


def test_a_refused_credit_line_stops_nothing_else_and_staff_repair_it(stage: Stage) -> None:
    visitor = stage.open_link("Example credit")
    visitor.open_window("standard")
    popup = stage.meta.sign_up("standard")
    fault = stage.meta.fault(path="*/whatsapp_credit_sharing_and_attach", action=CREDIT_REFUSED)
    try:
        reference = visitor.give_code(popup.code, popup.event)
        stuck = stage.partner.wait(
            reference,
            lambda seen: step(seen, "credit")["state"] == "attention" and step(seen, "register")["state"] == "done",
        )
    finally:
        stage.meta.lift(fault)
    error = step(stuck, "credit")["error"]
    assert (stuck["status"], error["code"], error["who"]) == ("needs_partner", 200, "partner")
    assert error["meaning"]
    assert error["action"]

    staff = Staff(stage.house.base_url, stage.house.demo["staff_email"], stage.house.demo["staff_password"])
    staff.press(f"/console/onboardings/{reference}", "/steps/credit/retry")
    repaired = stage.partner.wait(reference, is_connected)
    assert step(repaired, "credit")["attempts"] == 2


def test_ready_means_that_every_part_answers(stage: Stage) -> None:
    house = stage.house
    assert requests.get(f"{house.base_url}/healthz", timeout=10).status_code == 200
    assert until(lambda: readiness(house) == (200, {"ok": True, "silent": []}), seconds=60)
    with stopped(house.pid_of("worker")):
        assert until(lambda: readiness(house)[0] == 503, seconds=60)
    assert until(lambda: readiness(house)[0] == 200, seconds=60)
    with stopped(house.pid_of("meta")):
        assert until(lambda: readiness(house) == (503, {"ok": False, "silent": ["also 1"]}), seconds=60)
    assert until(lambda: readiness(house)[0] == 200, seconds=60)


def test_the_doctor_finds_the_house_in_order_and_a_worker_that_stands_still(stage: Stage) -> None:
    assert until(lambda: doctor(stage.house) == (0, []), seconds=120)
    with stopped(stage.house.pid_of("worker")):
        assert until(lambda: doctor(stage.house) == (1, ["worker.silent"]), seconds=120)


def doctor(house: Stack) -> tuple[int, list[str]]:
    """Exit code and broken findings of `flask doctor`, typed beside the running house."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "doctor", "--json"]
    env = {**house.env, "ENV_FILE": str(house.env_file)}
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
    findings = json.loads(ran.stdout)["findings"]
    return ran.returncode, [finding["id"] for finding in findings if finding["state"] == "broken"]


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """The process stands still, as one that hangs does, until the block ends."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def readiness(house: Stack) -> tuple[int, object]:
    reply = requests.get(f"{house.base_url}/readyz", timeout=30)
    return reply.status_code, reply.json()
