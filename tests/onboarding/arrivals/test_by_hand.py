"""Entering a client by hand, against the local Meta."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.audit.store import Actor
from app.clients.models import Client
from app.credentials.models import Credential
from app.kit import clock
from app.kit.errors import Conflict, InvalidInput, Unavailable
from app.kit.secret import Secret
from app.models import Base
from app.onboarding.arrivals import by_hand
from app.onboarding.arrivals.beginnings import ClientChoice
from app.onboarding.arrivals.by_hand import Entered, Entry
from app.onboarding.models import Onboarding
from tests.onboarding.journey import Journey

ROBIN = Actor("staff", "01a213a1-0000-7000-8000-000000000001")


def token_of(journey: Journey, finished: dict[str, Any]) -> Secret:
    return journey.rt.meta.oauth.exchange(Secret(finished["code"]))


def enter(journey: Journey, token: Secret, account_id: str, **more: Any) -> Entered:
    return by_hand.enter(journey.rt, Entry(account_id, **more), token=token, actor=ROBIN, now=clock.now())


def faults(refused: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    return [(fault.field, fault.rule) for fault in refused.value.faults]


def count(journey: Journey, table: Any) -> int:
    with journey.db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def everything_kept(journey: Journey) -> Iterator[str]:
    with journey.db.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                yield repr(tuple(row))


def test_a_client_entered_by_hand_is_walked_to_the_end(journey: Journey) -> None:
    finished = journey.world.signup()
    entered = enter(journey, token_of(journey, finished), finished["waba_id"], client=ClientChoice(name="Example Spa"))
    journey.walk()
    progress = journey.progress(entered.onboarding_id)
    assert (progress.way, progress.plan, progress.state) == ("by_hand", "standard", "connected")
    assert progress.client_name == "Example Spa"
    assert [step.name for step in progress.steps] == ["inspect", "subscribe", "credit", "register", "test"]
    assert progress.phone_number_id == finished["phone_number_id"]
    assert journey.world.effects("registered") == 1


def test_all_numbers_come_or_the_one_that_was_named(journey: Journey) -> None:
    finished = journey.world.signup("several", accounts=[3])
    token = token_of(journey, finished)
    named = finished["phone_number_ids"][1]
    entered = enter(journey, token, finished["waba_id"], number_id=named)
    journey.walk()
    assert count(journey, Onboarding) == 1
    assert journey.progress(entered.onboarding_id).phone_number_id == named
    enter(journey, token, finished["waba_id"])
    journey.walk()
    with journey.db.read() as session:
        numbers = session.scalars(select(Onboarding.phone_number_id).where(Onboarding.ended_at.is_(None))).all()
    assert sorted(map(str, numbers)) == sorted(finished["phone_number_ids"])


def test_without_our_line_nothing_is_shared(journey: Journey) -> None:
    finished = journey.world.signup()
    entered = enter(journey, token_of(journey, finished), finished["waba_id"], share_credit=False)
    journey.walk()
    assert "credit" not in journey.states(entered.onboarding_id)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("business_id", "is the id of a business portfolio; the account’s own id stands in WhatsApp Manager"),
        (
            "phone_number_id",
            "is the id of a phone number; the account’s own id stands above it in WhatsApp Manager",
        ),
    ],
)
def test_another_id_in_the_accounts_place_is_told_by_what_it_is(journey: Journey, kind: str, words: str) -> None:
    finished = journey.world.signup()
    with pytest.raises(InvalidInput) as refused:
        enter(journey, token_of(journey, finished), finished[kind])
    assert faults(refused) == [("account_id", words)]
    assert count(journey, Onboarding) == count(journey, Client) == count(journey, Credential) == 0


def test_an_account_the_token_does_not_reach_is_refused(journey: Journey) -> None:
    finished, other = journey.world.signup(), journey.world.signup()
    with pytest.raises(InvalidInput, match="account_id: is not among the accounts this token reaches"):
        enter(journey, token_of(journey, finished), other["waba_id"])


def test_a_number_of_another_account_is_refused(journey: Journey) -> None:
    finished, other = journey.world.signup(), journey.world.signup()
    with pytest.raises(InvalidInput, match="number_id: is not a number of this account"):
        enter(journey, token_of(journey, finished), finished["waba_id"], number_id=other["phone_number_id"])
    assert count(journey, Onboarding) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"revoked_subcode": 467}, "token: is not valid"),
        ({"expires_in": 3600}, "token: ends within a day"),
        ({"scopes": ["whatsapp_business_management"]}, "token: lacks the permission whatsapp_business_messaging"),
    ],
)
def test_a_token_that_would_break_later_is_refused(journey: Journey, change: dict[str, Any], words: str) -> None:
    finished = journey.world.signup()
    token = token_of(journey, finished)
    journey.world.change("tokens", token=token.reveal(), **change)
    with pytest.raises(InvalidInput, match=words):
        enter(journey, token, finished["waba_id"])
    assert count(journey, Credential) == 0


def test_something_that_is_no_token_is_refused(journey: Journey) -> None:
    with pytest.raises(InvalidInput, match="token: is not valid"):
        enter(journey, Secret("EAAmadeupmadeup"), "5241")


def test_a_token_that_ends_is_taken_with_a_warning(journey: Journey) -> None:
    finished = journey.world.signup(token_ttl="60d")
    entered = enter(journey, token_of(journey, finished), finished["waba_id"])
    assert len(entered.warnings) == 1
    assert "A new one must be entered before then" in entered.warnings[0]


def test_the_token_is_in_no_row_log_or_error(journey: Journey) -> None:
    finished = journey.world.signup()
    token = token_of(journey, finished)
    with structlog.testing.capture_logs() as logs:
        with pytest.raises(InvalidInput) as refused:
            enter(journey, token, finished["business_id"])
        enter(journey, token, finished["waba_id"])
        journey.walk()
    assert token.reveal() not in repr(logs) + str(refused.value) + "".join(everything_kept(journey))


def test_who_entered_it_is_kept(journey: Journey) -> None:
    finished = journey.world.signup()
    entered = enter(journey, token_of(journey, finished), finished["waba_id"])
    with journey.db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "onboarding.entered_by_hand")).one()
    assert (entry.actor_kind, entry.actor_id, entry.subject_id) == ("staff", ROBIN.id, entered.onboarding_id)
    assert entry.facts == {"reference": entered.reference, "waba_id": finished["waba_id"], "number_id": None}


def test_a_known_client_gets_a_new_token_and_the_older_run_ends(journey: Journey) -> None:
    key, finished = journey.connect()
    again = journey.world.signup(business={"id": finished["business_id"]}, account_id=finished["waba_id"], told=False)
    entered = enter(journey, token_of(journey, again), finished["waba_id"], number_id=finished["phone_number_id"])
    journey.walk()
    assert journey.progress(entered.onboarding_id).client_name == "Example Bakery"
    assert journey.progress(entered.onboarding_id).plan == "registered"
    assert journey.progress(key).state == "replaced"


def test_the_account_of_another_client_is_not_taken_from_it(journey: Journey) -> None:
    _, finished = journey.connect()
    again = journey.world.signup(business={"id": finished["business_id"]}, account_id=finished["waba_id"])
    with pytest.raises(Conflict, match=r"Example Bakery has this account already\. Choose that client\."):
        enter(
            journey,
            token_of(journey, again),
            finished["waba_id"],
            client=ClientChoice(external_ref="crm-9", name="Example Spa"),
        )
    assert count(journey, Client) == 1


def test_while_meta_does_not_answer_nothing_is_kept(journey: Journey) -> None:
    finished = journey.world.signup()
    token = token_of(journey, finished)
    journey.world.fault("*debug_token", {"status": 503, "body": {"error": {"code": 2, "message": "down"}}})
    with pytest.raises(Unavailable, match="Nothing was kept"):
        enter(journey, token, finished["waba_id"])
    assert count(journey, Onboarding) == 0
