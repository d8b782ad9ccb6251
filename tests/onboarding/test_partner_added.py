from datetime import UTC, datetime

from app.onboarding import partner_added
from tests.onboarding.journey import Journey

AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def tell(journey: Journey, waba_id: str) -> bool:
    with journey.db.write() as session:
        return partner_added.seen(session, waba_id=waba_id, business_id="2729063490586005", at=AT, now=AT)


def test_it_confirms_the_onboardings_of_that_account(journey: Journey) -> None:
    key, finished = journey.connect()
    other, _ = journey.connect()
    assert not tell(journey, finished["waba_id"])
    step = journey.progress(key).step("exchange")
    assert step is not None
    assert step.evidence["partner_added"] == {"at": "2026-11-02T12:00:00+00:00", "business_id": "2729063490586005"}
    untouched = journey.progress(other).step("exchange")
    assert untouched is not None
    assert "partner_added" not in untouched.evidence
    assert journey.progress(key).state == "connected"


def test_without_an_onboarding_of_ours_it_changes_nothing(journey: Journey) -> None:
    key, _ = journey.begin()
    assert not tell(journey, "524126980791429")
    assert journey.progress(key).state == "open"
