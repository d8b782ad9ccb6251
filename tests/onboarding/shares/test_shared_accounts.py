"""Looking at what is shared with us, against the local Meta."""

import pytest

from app.onboarding.shares import shared_accounts
from app.onboarding.shares.shared_accounts import list_shared
from sandbox.runtime import build_runtime
from sandbox.server import create_app
from tests.onboarding.journey import Journey


def test_what_nobody_holds_is_listed_with_owner_numbers_and_who_pays(journey: Journey) -> None:
    shared = journey.world.share(business={"name": "Example Florist"}, account={"name": "Florist", "currency": "EUR"})
    key, finished = journey.connect()

    page = list_shared(journey.rt)
    (seen,) = page.offers
    assert (seen.waba_id, seen.account.name, seen.account.currency) == (shared["waba_id"], "Florist", "EUR")
    assert (seen.account.owner_business_name, seen.verdict) == ("Example Florist", "free")
    assert [one.status for one in seen.numbers] == ["CONNECTED"]
    # Meta's page wants the client's own token for this question, and a strict Meta refuses ours.
    assert (seen.subscribed, seen.funding) == (None, "nobody")
    assert (page.after, page.in_time) == (None, True)

    everything = {one.waba_id: one for one in list_shared(journey.rt, held_too=True).offers}
    ours = everything[finished["waba_id"]]
    assert ours.holder is not None
    assert (ours.verdict, ours.holder.client_name) == ("held", "Example Bakery")
    assert ours.funding == "ours"
    assert journey.progress(key).reference == ours.holder.reference


def test_where_meta_answers_our_own_token_the_subscription_is_known_too(journey: Journey) -> None:
    journey.world.listener.app = create_app(build_runtime(journey.world.partner, strict=False))
    journey.world.share()
    journey.connect()
    seen = {one.verdict: one.subscribed for one in list_shared(journey.rt, held_too=True).offers}
    assert seen == {"free": False, "held": True}


def test_what_meta_does_not_say_in_time_is_not_known(journey: Journey) -> None:
    journey.world.listener.app = create_app(build_runtime(journey.world.partner, strict=False))
    journey.world.share(told=False)
    journey.world.fault("*subscribed_apps", {"delay_ms": 2500})
    (seen,) = list_shared(journey.rt, seconds=1.0).offers
    assert (seen.subscribed, seen.verdict) == (None, "free")


def test_a_list_that_takes_too_long_says_where_it_goes_on(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_accounts, "ENOUGH", 100)
    for _ in range(27):
        journey.world.share(told=False)
    page = list_shared(journey.rt, seconds=0.0)
    assert (len(page.offers), page.in_time) == (25, False)
    assert page.after is not None
    assert len(list_shared(journey.rt, after=page.after).offers) == 2


def test_a_long_list_comes_page_by_page(journey: Journey) -> None:
    for _ in range(27):
        journey.world.share(told=False)
    first = list_shared(journey.rt)
    assert (len(first.offers), first.in_time) == (25, True)
    assert first.after is not None
    rest = list_shared(journey.rt, after=first.after)
    assert (len(rest.offers), rest.after) == (2, None)
    assert {one.waba_id for one in first.offers}.isdisjoint(one.waba_id for one in rest.offers)
