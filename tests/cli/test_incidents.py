"""`flask incidents`: what is open, one with its history, and the channels."""

from dataclasses import replace

import pytest

from app.factory import create_app
from app.incidents.book import HOUSE, Problem, report
from app.kit import clock
from app.runtime import Runtime
from tests.cli.conftest import Run
from tests.upkeep.alerts.conftest import Receiver, receiver

__all__ = ["receiver"]

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def test_what_is_open_is_listed_and_shown(run: Run, rt: Runtime) -> None:
    assert "No incidents." in run("incidents", "list").stderr
    with rt.db.write() as session:
        key = report(session, HOUSE, Problem("clock_stopped", ["No sign of life."]), now=clock.now()).id
    listed = run("incidents", "list").stdout
    assert key in listed
    assert "critical" in listed
    assert "No sign of life." in listed
    shown = run("incidents", "show", key)
    assert "opened" in shown.stdout
    assert "Start the clock process." in shown.stderr
    assert run("incidents", "show", "nothing").exit_code == 1


def test_channels_are_listed_and_tried(rt: Runtime, receiver: Receiver) -> None:
    told = (receiver.url, "tyop=mail:ops@partner.example")
    app = create_app(replace(rt, settings=rt.settings.model_copy(update={"alert_urls": told})))
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["incidents", "channels"])
    assert "warning and worse" in listed.stdout
    assert "tyop is neither" in listed.stderr
    key = listed.stdout.splitlines()[1].split()[0]
    assert "Told: json 127.0.0.1." in runner.invoke(args=["incidents", "try", key]).stderr
    receiver.status = 500
    refused = runner.invoke(args=["incidents", "try", key])
    assert (refused.exit_code, "did not take the alert" in refused.stderr) == (1, True)
    assert runner.invoke(args=["incidents", "try", "nobody"]).exit_code == 1
