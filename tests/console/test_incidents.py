"""Incidents in the console: the list, one with its runbook and history, who is on it, and the trial of a channel."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app.access.models import Staff
from app.factory import create_app
from app.incidents.book import HOUSE, Problem, Subject, report, resolve
from app.incidents.kinds import KINDS
from app.kit import clock
from app.runtime import Runtime
from tests.console.staff import Desk
from tests.upkeep.alerts.conftest import Receiver, receiver

__all__ = ["receiver"]

BAKERY = Subject("account", "acc-1", "Example <Bakery>")


def find(rt: Runtime, problem: Problem, subject: Subject = BAKERY) -> str:
    with rt.db.write() as session:
        return report(session, subject, problem, now=clock.now()).id


def test_open_incidents_are_counted_and_listed_worst_first(desk: Desk, rt: Runtime) -> None:
    find(rt, Problem("quality_dropped", ["GREEN to YELLOW"]))
    find(rt, Problem("clock_stopped", ["No sign of life."]), HOUSE)
    page = desk.get("/console/incidents").text
    assert 'Incidents <b class="n-count">2</b>' in page
    assert page.index("No clock runs") < page.index("The quality of a number has dropped")
    assert "Example &lt;Bakery&gt; · GREEN to YELLOW" in page


def test_without_any_the_page_says_what_it_is_for_and_that_nobody_is_told(desk: Desk) -> None:
    page = desk.get("/console/incidents").text
    assert "Nothing is wrong." in page
    assert "Nobody is told" in page


def test_one_shows_what_to_do_its_runbook_and_what_happened(desk: Desk, rt: Runtime) -> None:
    key = find(rt, Problem("credit_missing", ["Meta names no credential."]))
    page = desk.get(f"/console/incidents/{key}").text
    assert "Attach our credit line again" in page
    assert "<code>primary_funding_id</code>" in page
    assert "No channel wants it." in page


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_runbook_that_its_page_shows(desk: Desk, rt: Runtime, kind: str) -> None:
    page = desk.get(f"/console/incidents/{find(rt, Problem(kind, ['It is so.']))}").text
    assert f"docs/runbooks/{kind}.md" in page
    assert "What to do" in page
    assert "It is over when" in page


def test_somebody_takes_it_on_and_lets_it_go(desk: Desk, rt: Runtime) -> None:
    key = find(rt, Problem("token_dead", ["190"]))
    desk.post(f"/console/incidents/{key}/assign", who="me")
    assert "Robin Example is on it." in desk.get(f"/console/incidents/{key}").text
    assert "Robin Example" in desk.get("/console/incidents").text
    desk.post(f"/console/incidents/{key}/assign", who="nobody")
    assert "I take it on" in desk.get(f"/console/incidents/{key}").text


def test_what_is_over_is_kept_and_cannot_be_taken_on(desk: Desk, rt: Runtime) -> None:
    key = find(rt, Problem("token_dead", ["190"]))
    with rt.db.write() as session:
        resolve(session, "token_dead", BAKERY, because="The client connected again.", now=clock.now() + timedelta(1))
    assert "Nothing is wrong." in desk.get("/console/incidents").text
    assert "A client’s token" in desk.get("/console/incidents?show=over").text.replace("&#39;", "’")
    assert "The client connected again." in desk.get(f"/console/incidents/{key}").text
    desk.post(f"/console/incidents/{key}/assign", who="me")
    assert "This incident is over." in desk.get(f"/console/incidents/{key}").text


@pytest.mark.parametrize("key", ["nothing", "019aa5c1-7d3a-7a54-8c1e-5b0f6a2d9e10", "%00"])
def test_what_is_not_there_is_not_found(desk: Desk, key: str) -> None:
    assert desk.get(f"/console/incidents/{key}").status_code == 404


def test_a_channel_is_tried_at_the_press_of_a_button(rt: Runtime, robin: Staff, receiver: Receiver) -> None:
    desk = with_channels(rt, robin, receiver.url, "tyop=mail:ops@partner.example")
    page = desk.get("/console/incidents").text
    assert "json 127.0.0.1" in page
    assert "entry 2: tyop is neither a severity nor a kind of incident" in page
    key = page.split("/console/incidents/channels/")[1].split("/")[0]
    desk.post(f"/console/incidents/channels/{key}/try")
    assert [one["title"] for one in receiver.heard] == ["Example Partner: alerts arrive"]
    receiver.status = 500
    desk.post(f"/console/incidents/channels/{key}/try")
    assert "it did not take the alert" in desk.get("/console/incidents").text


def with_channels(rt: Runtime, robin: Staff, *entries: str) -> Desk:
    told = replace(rt, settings=rt.settings.model_copy(update={"alert_urls": entries}))
    app: Flask = create_app(told)
    return Desk.of(app, told, robin)
