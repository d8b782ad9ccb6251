"""Coexistence for life: paused and resumed without loss, and ended once, against the local Meta."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.store import list_of
from app.kit import clock
from app.numbers.models import Account, AccountEvent
from app.onboarding.life import account_life
from app.onboarding.reading.progress import Progress
from tests.onboarding.journey import Client, Journey


def in_a_moment(seconds: float = 1) -> datetime:
    """Meta's time of an event: whole seconds, here a little later than what the test did before."""
    return clock.now().replace(microsecond=0) + timedelta(seconds=seconds)


def tell(journey: Journey, event: str, waba_id: str, *, at: datetime | None = None, **more: Any) -> bool:
    now = clock.now()
    with journey.db.write() as session:
        verb = getattr(account_life, event)
        return bool(verb(session, waba_id=waba_id, at=at or in_a_moment(), now=now, **more))


def off(journey: Journey, finished: dict[str, Any], at: datetime | None = None) -> None:
    journey.world.happen(finished["waba_id"], "offboard", silent=True)
    assert not tell(journey, "offboarded", finished["waba_id"], at=at)


def back(journey: Journey, finished: dict[str, Any], at: datetime | None = None) -> bool:
    journey.world.happen(finished["waba_id"], "reconnect", silent=True)
    return tell(journey, "reconnected", finished["waba_id"], at=at)


def gone(journey: Journey, finished: dict[str, Any], **more: Any) -> bool:
    journey.world.happen(finished["waba_id"], "partner_removed", silent=True)
    return tell(journey, "removed", finished["waba_id"], **more)


def opens(journey: Journey, progress: Progress) -> bool:
    with journey.db.read() as session:
        found = [
            journey.rt.vault.open_current(
                session, kind="business_token", client_id=progress.client_id, subject=str(subject)
            )
            for subject in (progress.waba_id, progress.id)
        ]
    return any(found)


def history(journey: Journey, key: str) -> list[str]:
    with journey.db.read() as session:
        return [entry.action for entry in reversed(list_of(session, "onboarding", key))]


def again(journey: Journey, client: Client, plan: str = "coexistence", **wish: Any) -> tuple[str, dict[str, Any]]:
    """The same client goes through another signup."""
    later = Client(client.visit, journey.world.signup(plan, **wish))
    return journey.post_code(later, event=later.event), later.finished


def test_the_answer_is_held_while_the_phone_app_is_off_and_sent_when_it_is_back(journey: Journey) -> None:
    key, finished = journey.connect("coexistence")
    word = journey.progress(key).test_word
    assert journey.write_in(finished, word)
    off(journey, finished)
    progress = journey.progress(key)
    assert progress.state == "paused"
    assert progress.paused_at is not None
    journey.walker.take("w")
    test = journey.progress(key).step("test")
    assert test is not None
    assert (test.state, test.condition) == ("waiting", "account_paused")
    assert journey.world.count("/*/messages") == 0
    assert back(journey, finished, at=in_a_moment(2))
    journey.walker.take("w")
    assert journey.world.count("/*/messages") == 1
    assert journey.progress(key).paused_at is None
    assert history(journey, key)[-2:] == ["account.paused", "account.resumed"]


def test_token_and_subscription_stay_and_nothing_is_synced_anew(journey: Journey) -> None:
    key, finished = journey.connect("coexistence")
    subscribed, synced = journey.world.count("/*/subscribed_apps"), journey.world.count("/*/smb_app_data")
    off(journey, finished)
    assert opens(journey, journey.progress(key))
    assert journey.world.count("/*/subscribed_apps", "DELETE") == 0
    back(journey, finished, at=in_a_moment(2))
    journey.walk()
    assert (journey.world.count("/*/subscribed_apps"), journey.world.count("/*/smb_app_data")) == (subscribed, synced)
    assert journey.progress(key).state == "connected"


def test_a_sync_that_was_not_asked_for_yet_waits_for_the_phone_app(journey: Journey) -> None:
    journey.world.fault("/*/subscribed_apps", {"status": 500, "body": None}, times=1)
    key, finished = journey.begin("coexistence")
    journey.walker.take("w")
    off(journey, finished)
    journey.hurry()
    journey.walker.take("w")
    sync = journey.progress(key).step("sync")
    assert sync is not None
    assert (sync.state, sync.condition) == ("waiting", "account_paused")
    assert journey.world.count("/*/smb_app_data") == 0
    assert back(journey, finished, at=in_a_moment(2))
    journey.walk()
    assert journey.world.count("/*/smb_app_data") == 2
    assert journey.progress(key).state == "connected"


def test_an_older_word_never_undoes_a_newer_one(journey: Journey) -> None:
    key, finished = journey.connect("coexistence")
    first, second = in_a_moment(5), in_a_moment(9)
    tell(journey, "reconnected", finished["waba_id"], at=second)
    tell(journey, "offboarded", finished["waba_id"], at=first)
    assert journey.progress(key).state == "connected"
    tell(journey, "offboarded", finished["waba_id"], at=in_a_moment(20))
    tell(journey, "reconnected", finished["waba_id"], at=second)
    assert journey.progress(key).state == "paused"


def test_a_removal_ends_the_run_retires_its_token_and_says_why(journey: Journey) -> None:
    key, finished = journey.connect("coexistence")
    assert not gone(journey, finished, because="PRIMARY_INACTIVITY", by="SYSTEM")
    progress = journey.progress(key)
    assert progress.state == "removed"
    assert progress.removal is not None
    assert (progress.removal.because, progress.removal.by) == ("PRIMARY_INACTIVITY", "SYSTEM")
    assert not opens(journey, progress)
    assert history(journey, key)[-1] == "account.removed"
    assert journey.hurry() == 0


def test_whoever_writes_afterwards_wakes_nobody(journey: Journey) -> None:
    key, finished = journey.connect("coexistence")
    word, number = journey.progress(key).test_word, journey.number_of(finished)
    gone(journey, finished)
    assert not journey.hear(number, word)
    assert journey.states(key)["test"] == "needs_client"


def test_a_removal_told_twice_or_late_is_told_once(journey: Journey) -> None:
    key, finished = journey.connect("coexistence")
    at = in_a_moment()
    gone(journey, finished, at=at)
    tell(journey, "removed", finished["waba_id"], at=at)
    tell(journey, "removed", finished["waba_id"], at=at - timedelta(minutes=5))
    assert history(journey, key).count("account.removed") == 1
    with journey.db.read() as session:
        assert session.scalars(select(AccountEvent.at)).all() == [at]


def test_a_removal_between_the_window_and_the_first_step_ends_the_run(journey: Journey) -> None:
    client = journey.client("coexistence")
    key = journey.post_code(client, event=client.event)
    gone(journey, client.finished, because="ACCOUNT_DISCONNECTED", by="USER")
    journey.walk()
    progress = journey.progress(key)
    assert progress.state == "removed"
    assert not opens(journey, progress)
    assert journey.world.count("/*/smb_app_data") == 0


def test_a_removal_that_is_heard_before_the_window_has_spoken_ends_in_connect_again(journey: Journey) -> None:
    client = journey.client("coexistence")
    key = journey.post_code(client)
    gone(journey, client.finished)
    journey.post_event(client)
    journey.walk()
    trouble = journey.progress(key).step("exchange")
    assert trouble is not None
    assert (journey.progress(key).state, trouble.state) == ("stopped", "needs_client")
    assert journey.world.count("/*/register") == 0


def test_a_removal_while_the_steps_run_stops_the_walker_at_its_next_deed(journey: Journey) -> None:
    key, finished = journey.begin()
    journey.world.fault("/*/subscribed_apps", {"delay_ms": 50}, times=1)
    journey.walker.take("w")
    gone(journey, finished)
    journey.walk()
    assert journey.progress(key).state == "removed"


def test_a_removal_of_an_account_we_never_had_is_harmless(journey: Journey) -> None:
    assert not tell(journey, "removed", "524126980791429")
    assert not tell(journey, "offboarded", "524126980791429")
    assert not tell(journey, "reconnected", "524126980791429")


def test_a_new_signup_after_a_removal_begins_anew_and_old_news_leave_it_alone(journey: Journey) -> None:
    client = journey.client("coexistence", number="+1 555 010 0170")
    first = journey.post_code(client, event=client.event)
    journey.walk()
    at = in_a_moment(0)
    gone(journey, client.finished, at=at)
    key, finished = again(journey, client, number="+1 555 010 0170", business={"id": client.finished["business_id"]})
    # The owner has set the app up again before coming back.
    back_on = {"status": "CONNECTED", "platform_type": "CLOUD_API", "silent": True}
    journey.world.change(f"numbers/{journey.number_of(finished)}", **back_on)
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert journey.progress(first).state == "removed"
    tell(journey, "removed", finished["waba_id"], at=at - timedelta(seconds=10))
    assert journey.progress(key).state == "connected"
    assert opens(journey, journey.progress(key))


def test_the_older_shape_ends_one_number_and_leaves_its_neighbour_the_token(journey: Journey) -> None:
    numbers = ["+1 555 010 0110", "+1 555 010 0210"]
    key, finished = journey.connect("several", accounts=[numbers])
    (sibling,) = journey.progress(key).siblings
    assert sibling.display_phone_number is not None
    tell(journey, "removed", finished["waba_id"], number="15550100110")
    ended, kept = sorted([key, sibling.id], key=lambda one: journey.progress(one).state != "removed")
    assert (journey.progress(ended).state, journey.progress(kept).state) == ("removed", "connected")
    assert journey.progress(ended).display_phone_number == "+1 555-010-0110"
    assert journey.progress(ended).removal is not None
    assert opens(journey, journey.progress(kept))


def test_a_number_that_is_none_ends_nothing(journey: Journey) -> None:
    key, finished = journey.connect()
    tell(journey, "removed", finished["waba_id"], number="none")
    assert journey.progress(key).state == "connected"


def test_an_app_that_was_taken_off_ends_the_run_as_well(journey: Journey) -> None:
    key, finished = journey.connect()
    journey.world.happen(finished["waba_id"], "app_uninstalled", silent=True)
    tell(journey, "uninstalled", finished["waba_id"])
    progress = journey.progress(key)
    assert progress.state == "removed"
    assert progress.removal is not None
    assert progress.removal.because == "APP_UNINSTALLED"
    assert not opens(journey, progress)


def test_another_clients_account_is_left_alone(journey: Journey) -> None:
    key, finished = journey.connect("coexistence")
    other, _ = journey.connect("coexistence", number="+1 555 010 0270")
    gone(journey, finished)
    assert (journey.progress(key).state, journey.progress(other).state) == ("removed", "connected")
    with journey.db.read() as session:
        assert len(session.scalars(select(Account).where(Account.ended_at.is_not(None))).all()) == 1


@pytest.mark.parametrize("plan", ["standard", "coexistence"])
def test_an_ended_run_cannot_be_tried_again(journey: Journey, plan: str) -> None:
    key, finished = journey.connect(plan)
    gone(journey, finished)
    journey.hurry()
    journey.walk()
    assert journey.progress(key).state == "removed"
