from dataclasses import replace
from typing import Any

import pytest

from app.upkeep.doctor.facts import Door
from app.upkeep.doctor.rules import notifications
from app.upkeep.doctor.verdicts import verdict
from tests.upkeep.doctor.healthy import (
    CALLBACK,
    HEALTHY,
    NOON,
    SILENT,
    SUBSCRIPTION,
    of_house,
    of_meta,
    of_ours,
)  # fmt: skip

NO_ANSWER = verdict("unchecked", because="Meta gave no answer in time")
NOBODY = verdict("unchecked", because="the app has no callback yet")
HOME = "https://connect.partner.example"
PAGES = replace(SUBSCRIPTION, object="page", callback_url="https://other.example/pages")


@pytest.mark.parametrize(
    ("door", "said"),
    [
        (Door("ours"), verdict("ok", address=HOME)),
        (Door("other_token"), verdict("ok", address=HOME)),
        (Door("silent", "no connection"), verdict("silent", address=CALLBACK, why="no connection")),
        (Door("status", "404"), verdict("status", address=CALLBACK, status="404")),
        (
            Door("redirect", "https://x.example/"),
            verdict("redirect", address=CALLBACK, to="https://x.example/"),
        ),
        (Door("another"), verdict("another", address=CALLBACK)),
    ],
)
def test_the_public_address_leads_to_us(door: Door, said: object) -> None:
    assert notifications.public_address(of_house(door=door), NOON) == said


def test_this_machine_alone_is_no_public_address_except_beside_a_local_meta() -> None:
    alone = of_ours(loopback=True, public_url="http://localhost:5000")
    assert notifications.public_address(alone, NOON) == verdict("loopback", address="http://localhost:5000")
    beside = replace(alone, ours=replace(alone.ours, rehearsal=True))
    assert notifications.public_address(beside, NOON) == verdict("rehearsal", address="http://localhost:5000")
    silent = replace(beside, house=replace(beside.house, door=Door("another")))
    assert notifications.public_address(silent, NOON).case == "another"


def test_the_door_knows_our_verify_token() -> None:
    assert notifications.verify_token(HEALTHY, NOON) == verdict("ok")
    assert notifications.verify_token(of_house(door=Door("other_token")), NOON) == verdict("differs")


@pytest.mark.parametrize(
    ("subscriptions", "said"),
    [
        ((SUBSCRIPTION,), verdict("ok", ours=CALLBACK)),
        ((PAGES, SUBSCRIPTION), verdict("ok", ours=CALLBACK)),
        ((), verdict("missing", ours=CALLBACK)),
        ((PAGES,), verdict("missing", ours=CALLBACK)),
        ((replace(SUBSCRIPTION, callback_url=None),), verdict("missing", ours=CALLBACK)),
        ((replace(SUBSCRIPTION, active=False),), verdict("inactive", ours=CALLBACK)),
        (
            (replace(SUBSCRIPTION, callback_url="https://a:b@other.example/x?y=z", active=False),),
            verdict("differs", ours=CALLBACK, theirs="https://other.example/x?…"),
        ),
        (SILENT, NO_ANSWER),
    ],
)
def test_the_apps_callback_is_ours(subscriptions: Any, said: object) -> None:
    assert notifications.callback(of_meta(subscriptions=subscriptions), NOON) == said


def hears(*fields: str) -> Any:
    return of_meta(subscriptions=(PAGES, replace(SUBSCRIPTION, fields=frozenset(fields))))


def test_account_update_is_heard_by_itself() -> None:
    assert notifications.account_update(hears("account_update"), NOON) == verdict("ok")
    assert notifications.account_update(hears("messages", "history"), NOON) == verdict("missing")
    assert notifications.account_update(of_meta(subscriptions=(PAGES,)), NOON) == NOBODY
    assert notifications.account_update(of_meta(subscriptions=SILENT), NOON) == NO_ANSWER


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (("account_update", "messages", "history"), verdict("ok", count=3)),
        (("messages", "history", "flows"), verdict("ok", count=3)),
        (("account_update", "messages"), verdict("missing", missing="history")),
        (("account_update", "history"), verdict("must_be_heard", missing="messages")),
        ((), verdict("must_be_heard", missing="messages, history")),
    ],
)
def test_every_other_field_is_heard(fields: tuple[str, ...], said: object) -> None:
    assert notifications.webhook_fields(hears(*fields), NOON) == said


def test_fields_of_nobody_are_not_judged() -> None:
    assert notifications.webhook_fields(of_meta(subscriptions=()), NOON) == NOBODY
    assert notifications.webhook_fields(of_meta(subscriptions=SILENT), NOON) == NO_ANSWER
