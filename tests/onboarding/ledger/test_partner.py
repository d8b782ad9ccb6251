"""What Meta says of our own system user, asked rarely."""

import pytest

from app.kit import clock
from app.onboarding.ledger.partner import Partner
from tests.onboarding.conftest import MakeWalker, with_settings
from tests.onboarding.journey import Journey


def test_the_role_is_read_and_remembered(journey: Journey) -> None:
    partner = Partner(journey.rt)
    assert {partner.role(journey.rt.meta) for _ in range(3)} == {"ADMIN"}
    assert journey.world.count("/*/system_users", "GET") == 1


@pytest.mark.parametrize(("after", "asked"), [(599.0, 1), (600.0, 2)])
def test_the_memory_lasts_ten_minutes(
    journey: Journey, monkeypatch: pytest.MonkeyPatch, after: float, asked: int
) -> None:
    partner, spans = Partner(journey.rt), [1000.0]
    monkeypatch.setattr(clock, "monotonic", lambda: spans[-1])
    partner.role(journey.rt.meta)
    spans.append(1000.0 + after)
    partner.role(journey.rt.meta)
    assert journey.world.count("/*/system_users", "GET") == asked


def test_an_employee_is_known_as_one(as_employee: Journey) -> None:
    assert Partner(as_employee.rt).role(as_employee.rt.meta) == "EMPLOYEE"


def test_a_user_meta_does_not_list_is_taken_for_the_weaker_role(journey: Journey, new_walker: MakeWalker) -> None:
    stranger = with_settings(journey, new_walker, meta_system_user_id="999999999999999")
    assert Partner(stranger.rt).role(stranger.rt.meta) == "EMPLOYEE"
