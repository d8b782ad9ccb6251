"""The token's card on an onboarding's page: its end and what was tried, never the token."""

from html import unescape

from tests.console.staff import Desk
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


def test_staff_see_how_a_token_stands_and_never_the_token(desk: Desk, journey: Journey) -> None:
    key, finished = journey.connect(token_ttl="60d")
    progress = journey.progress(key)
    page = unescape(desk.get(f"/console/onboardings/{progress.reference}").text)
    with journey.db.read() as session:
        held = journey.rt.vault.open_current(
            session, kind="business_token", client_id=progress.client_id, subject=finished["waba_id"]
        )
    assert held is not None
    assert "The token" in page
    assert f"…{held.secret.last_four}" in page
    assert held.secret.reveal() not in page
