"""The claim on a code: one request exchanges it, and a claim whose holder died ends by itself."""

from datetime import timedelta

import pytest

from app.kit import clock
from app.kit.errors import Conflict
from app.onboarding.window.code_exchange import claim_code, get_signup
from tests.onboarding.journey import Journey


@pytest.mark.parametrize(("after", "free"), [(0.0, False), (59.999, False), (60.0, True), (3600.0, True)])
def test_a_claim_lasts_a_minute(journey: Journey, after: float, free: bool) -> None:
    client, now = journey.client(), clock.now()
    assert claim_code(journey.rt, client.visit, browser_key=client.key, event=None, now=now) is None
    later = now + timedelta(seconds=after)
    if not free:
        with pytest.raises(Conflict):
            claim_code(journey.rt, client.visit, browser_key=client.key, event=None, now=later)
        return
    assert claim_code(journey.rt, client.visit, browser_key=client.key, event=None, now=later) is None
    with journey.db.write() as session:
        assert get_signup(session, client.visit, client.key).code_at == later


def test_the_event_that_came_with_the_code_is_kept_even_if_the_code_is_lost(journey: Journey) -> None:
    client = journey.client()
    claim_code(journey.rt, client.visit, browser_key=client.key, event=client.event, now=clock.now())
    with journey.db.write() as session:
        event = get_signup(session, client.visit, client.key).event
    assert event is not None
    assert event["waba_id"] == client.finished["waba_id"]
