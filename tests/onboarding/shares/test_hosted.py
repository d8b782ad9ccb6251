"""Signups on Meta's own page: completed by `PARTNER_ADDED` where that is certain, whichever comes first."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from app.kit import clock
from app.onboarding.models import Onboarding, Signup, Step
from app.onboarding.shares import hosted, unclaimed
from app.onboarding.window.events import EndEvent
from tests.onboarding.journey import CONSENT, Client, Journey
from tests.onboarding.shares.test_partner_added import rows, tell


def go_hosted(journey: Journey, name: str = "Example Bakery", **order: Any) -> str:
    """A client presses “Meta's own page”; the key of the run that waits."""
    visit = journey.visit(name, **order)
    with journey.db.write() as session:
        return hosted.open_hosted(
            session, visit, journey.rt.settings, plan_asked="standard", consent=CONSENT, now=clock.now()
        )


def share(journey: Journey, **wish: Any) -> dict[str, Any]:
    """Somebody finishes Meta's own page; Meta itself tells nobody here, the test does."""
    return journey.world.signup(way="hosted", told=False, **wish)


def test_the_hosted_page_is_completed_by_it(journey: Journey) -> None:
    key = go_hosted(journey)
    journey.walker.take("worker-1")
    assert journey.progress(key).current is not None
    assert journey.states(key)["fetch"] == "waiting"
    done = share(journey)
    assert tell(journey, done["waba_id"], done["business_id"], at=clock.now())
    journey.walk()
    progress = journey.progress(key)
    assert (progress.state, progress.way, progress.plan) == ("connected", "hosted", "standard")
    assert (progress.waba_id, progress.phone_number_id) == (done["waba_id"], done["phone_number_ids"][0])
    assert rows(journey) == [(done["waba_id"], "joined")]
    assert journey.world.count("*/system_user_access_tokens") == 1
    assert journey.world.count("/oauth/access_token") == 0


def test_told_twice_it_is_joined_once(journey: Journey) -> None:
    key = go_hosted(journey)
    done = share(journey)
    now = clock.now()
    assert tell(journey, done["waba_id"], done["business_id"], at=now)
    assert not tell(journey, done["waba_id"], done["business_id"], at=now)
    assert not tell(journey, done["waba_id"], done["business_id"], at=now + timedelta(seconds=2))
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert rows(journey) == [(done["waba_id"], "joined")]


def test_a_share_told_before_the_opening_is_found_by_the_portfolio(journey: Journey) -> None:
    done = share(journey)
    tell(journey, done["waba_id"], done["business_id"])
    assert rows(journey) == [(done["waba_id"], None)]
    key = go_hosted(journey, prefill={"business": {"id": done["business_id"]}})
    journey.walk()
    assert journey.progress(key).state == "connected"
    assert rows(journey) == [(done["waba_id"], "joined")]


def test_a_share_told_before_the_opening_of_an_unknown_client_is_not_its(journey: Journey) -> None:
    done = share(journey)
    tell(journey, done["waba_id"], done["business_id"])
    key = go_hosted(journey)
    journey.walk(rounds=3)
    assert journey.states(key)["fetch"] == "waiting"
    assert rows(journey) == [(done["waba_id"], None)]


def test_a_share_that_may_be_anothers_is_joined_once_that_other_has_its_own(journey: Journey) -> None:
    key = go_hosted(journey)
    popup = journey.client("standard")
    done = share(journey)
    assert not tell(journey, done["waba_id"], done["business_id"], at=clock.now())
    journey.walk(rounds=2)
    assert journey.states(key)["fetch"] == "waiting"
    other = journey.post_code(popup, event=popup.event)
    journey.walk()
    assert journey.progress(other).state == "connected"
    assert journey.progress(key).state == "connected"
    assert journey.progress(key).waba_id == done["waba_id"]


def test_of_two_who_wait_nobody_is_guessed(journey: Journey) -> None:
    one, two = go_hosted(journey), go_hosted(journey, "Example Shoes")
    done = share(journey)
    assert not tell(journey, done["waba_id"], done["business_id"], at=clock.now())
    journey.walk(rounds=3)
    assert {journey.states(one)["fetch"], journey.states(two)["fetch"]} == {"waiting"}
    with journey.db.read() as session:
        (shown,) = unclaimed.list_unclaimed(session, now=clock.now() + timedelta(minutes=4))
    assert [one.client_name for one in shown.suggestions] == ["Example Shoes", "Example Bakery"]


def test_a_browser_cannot_name_the_account_of_a_hosted_signup(journey: Journey) -> None:
    """Its ids would go to Meta with the partner's own token."""
    victim = share(journey)
    key = go_hosted(journey)
    with journey.db.read() as session:
        run = session.get_one(Onboarding, key)
        signup = session.get_one(Signup, run.signup_id)
        browser_key, session_id = signup.browser_key, signup.session_id
    visit = journey.visit("Example Thief")
    mine = Client(replace(visit, session_id=session_id), victim, key=browser_key)
    assert journey.post_event(mine, EndEvent("FINISH", victim["waba_id"], None, victim["business_id"])) is None
    journey.walk(rounds=3)
    assert journey.states(key)["fetch"] == "waiting"
    assert journey.world.count("*/system_user_access_tokens") == 0


def test_who_goes_there_again_waits_with_the_same_run_and_who_comes_by_the_window_waits_no_more(
    journey: Journey,
) -> None:
    visit = journey.visit()

    def press() -> str:
        with journey.db.write() as session:
            return hosted.open_hosted(
                session, visit, journey.rt.settings, plan_asked="standard", consent=CONSENT, now=clock.now()
            )

    first = press()
    assert press() == first
    popup = Client(visit, journey.world.signup())
    by_window = journey.post_code(popup, event=popup.event)
    journey.walk()
    assert journey.progress(by_window).state == "connected"
    assert journey.progress(first).state == "replaced"
    assert journey.progress(first).replaced_by == journey.progress(by_window).reference


def test_a_run_that_waited_in_vain_goes_on_when_its_portfolio_shares_at_last(journey: Journey) -> None:
    done = share(journey)
    key = go_hosted(journey, prefill={"business": {"id": done["business_id"]}})
    journey.walker.take("worker-1")
    with journey.db.write() as session:
        long_ago = clock.now() - timedelta(hours=2)
        session.execute(update(Step).where(Step.onboarding_id == key).values(waiting_since=long_ago))
    journey.walk(rounds=2)
    assert journey.states(key)["fetch"] == "needs_client"
    assert tell(journey, done["waba_id"], done["business_id"], at=clock.now())
    journey.walk()
    assert journey.progress(key).state == "connected"
