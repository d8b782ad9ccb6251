"""Each change of an incident is told once on every channel that wants it, and again only where it did not arrive."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.incidents.book import HOUSE, Problem, report, resolve
from app.incidents.models import IncidentChange
from app.mail.jobs import Postman
from app.runtime import Runtime
from app.upkeep.alerts.models import Notice
from app.upkeep.alerts.telling import Teller
from app.upkeep.alerts.told import list_told
from app.work import due
from tests.mail.conftest import PostOffice, office, posting
from tests.upkeep.alerts.conftest import Receiver

__all__ = ["office", "posting"]

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Telling = Callable[..., Runtime]


def told_at(rt: Runtime, *entries: str) -> Runtime:
    return replace(rt, settings=rt.settings.model_copy(update={"alert_urls": entries}))


def find(rt: Runtime, problem: Problem, now: datetime = NOON) -> str:
    with rt.db.write() as session:
        return report(session, HOUSE, problem, now=now).id


def tell_all(rt: Runtime, now: datetime = NOON) -> tuple[int, int]:
    teller = Teller(rt)
    with time_machine.travel(now, tick=False):
        return teller.hand_out("ann"), teller.tell("ann")


def notices(rt: Runtime) -> list[Notice]:
    with rt.db.read() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_a_webhook_hears_of_opening_worsening_and_the_end_and_of_nothing_twice(rt: Runtime, receiver: Receiver) -> None:
    rt = told_at(rt, receiver.url)
    find(rt, Problem("disk_filling", ["3 % of the disk are free."], "warning"))
    tell_all(rt)
    find(rt, Problem("disk_filling", ["2 % of the disk are free."], "warning"), NOON + MINUTE)
    tell_all(rt, NOON + MINUTE)
    find(rt, Problem("disk_filling", ["1 % of the disk is free."], "critical"), NOON + 2 * MINUTE)
    tell_all(rt, NOON + 2 * MINUTE)
    with rt.db.write() as session:
        resolve(session, "disk_filling", HOUSE, because="12 % are free.", now=NOON + 3 * MINUTE)
    tell_all(rt, NOON + 3 * MINUTE)
    tell_all(rt, NOON + 4 * MINUTE)
    assert [(one["title"], one["type"]) for one in receiver.heard] == [
        ("New: The disk is filling (This house)", "warning"),
        ("Worse: The disk is filling (This house)", "failure"),
        ("Over: The disk is filling (This house)", "success"),
    ]
    assert "1 % of the disk is free." in receiver.heard[1]["message"]
    assert "12 % are free." in receiver.heard[2]["message"]


def test_each_channel_hears_what_it_wants(rt: Runtime, receiver: Receiver) -> None:
    rt = told_at(rt, f"critical={receiver.url}/critical", f"key_old={receiver.url}/keys", f"notice={receiver.url}/all")
    find(rt, Problem("key_old", ["It is 400 days old."]))
    assert tell_all(rt) == (1, 2)


def test_a_channel_that_does_not_take_it_is_tried_again_and_given_up_in_the_end(
    rt: Runtime, receiver: Receiver
) -> None:
    rt = told_at(rt, receiver.url)
    receiver.status = 500
    find(rt, Problem("clock_stopped", ["No sign of life."]))
    now, pauses = NOON, []
    tell_all(rt)
    while (at := notices(rt)[0].due_at) is not None:
        pauses.append((at - now).total_seconds() / 60)
        now = at
        tell_all(rt, now)
    assert pauses == [0.5, 2, 10, 30, 120, 360, 720]
    row = notices(rt)[0]
    assert (row.given_up_at, row.told_at, row.trouble) == (now, None, "it did not take the alert")


def test_it_arrives_once_the_channel_is_back(rt: Runtime, receiver: Receiver) -> None:
    rt = told_at(rt, receiver.url)
    receiver.status = 503
    key = find(rt, Problem("clock_stopped", ["No sign of life."]))
    tell_all(rt)
    receiver.status = 200
    tell_all(rt, NOON + MINUTE)
    assert len(receiver.heard) == 1
    with rt.db.read() as session:
        (told,) = next(iter(list_told(session, key).values()))
    assert (told.state, told.at) == ("told", NOON + MINUTE)


def test_mail_goes_by_the_house_s_own_mail_server(posting: Runtime, office: PostOffice) -> None:
    rt = told_at(posting, "mail:ops@partner.example")
    key = find(rt, Problem("credit_missing", ["Meta names no credential."]))
    tell_all(rt)
    with rt.db.read() as session:
        assert [one.state for rows in list_told(session, key).values() for one in rows] == ["waiting"]
    with time_machine.travel(NOON + MINUTE, tick=False):
        Postman(rt).take("ann")
    (letter,) = office.box.letters
    assert letter["Subject"] == "New: Nobody pays for an account (This house)"
    with rt.db.read() as session:
        assert [one.state for rows in list_told(session, key).values() for one in rows] == ["told"]


def test_a_channel_that_was_taken_out_is_told_nothing(rt: Runtime, receiver: Receiver) -> None:
    find(rt, Problem("clock_stopped", ["No sign of life."]))
    with time_machine.travel(NOON, tick=False):
        Teller(told_at(rt, receiver.url)).hand_out("ann")
    tell_all(rt)
    assert receiver.heard == []
    assert notices(rt)[0].trouble == "the channel is no longer in ALERT_URLS"


def test_a_change_handed_out_by_two_is_one_notice_a_channel(rt: Runtime, receiver: Receiver) -> None:
    """The first died after it had added them and before it gave the change back."""
    rt = told_at(rt, receiver.url)
    find(rt, Problem("clock_stopped", ["No sign of life."]))
    tell_all(rt)
    with rt.db.write() as session:
        session.scalars(select(IncidentChange)).one().due_at = NOON
    tell_all(rt, NOON + MINUTE)
    assert len(notices(rt)) == len(receiver.heard) == 1


def test_a_teller_that_lost_its_lease_writes_nothing(rt: Runtime, receiver: Receiver) -> None:
    rt = told_at(rt, receiver.url)
    find(rt, Problem("clock_stopped", ["No sign of life."]))
    teller = Teller(rt)
    with time_machine.travel(NOON, tick=False):
        teller.hand_out("ann")
        with rt.db.write() as session:
            (key,) = due.claim(session, Notice, worker="bob", now=NOON, lease=MINUTE, most=1)
        teller._note(key, "ann", None)
    assert notices(rt)[0].told_at is None


@pytest.mark.parametrize("status", [301, 404])
def test_only_a_taken_alert_counts_as_told(rt: Runtime, receiver: Receiver, status: int) -> None:
    rt = told_at(rt, receiver.url)
    receiver.status = status
    find(rt, Problem("clock_stopped", ["No sign of life."]))
    tell_all(rt)
    assert notices(rt)[0].told_at is None
