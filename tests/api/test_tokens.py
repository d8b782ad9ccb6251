"""`/v1/onboardings/{reference}/token`: how a token stands, and never the token."""

from tests.api.program import Program
from tests.factories.onboardings import LIVE, add_onboarding
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


def test_a_token_is_told_by_its_last_four_characters_and_its_end(program: Program, journey: Journey) -> None:
    key, finished = journey.connect(token_ttl="60d")
    answer = program.get(f"/v1/onboardings/{journey.progress(key).reference}/token")
    body = answer.get_json()
    assert answer.status_code == 200
    assert (body["kind"], body["state"], body["never_ends"], body["tries"]) == ("business_token", "alive", False, [])
    assert body["ends_at"] is not None
    assert len(body["last_four"]) == 4
    with journey.db.read() as session:
        held = journey.rt.vault.open_current(
            session,
            kind="business_token",
            client_id=journey.progress(key).client_id,
            subject=finished["waba_id"],
        )
    assert held is not None
    assert held.secret.last_four == body["last_four"]
    assert held.secret.reveal() not in answer.text


def test_an_onboarding_without_a_watched_token_has_none(program: Program) -> None:
    row = add_onboarding(program.rt, proofs=LIVE)
    assert program.get(f"/v1/onboardings/{row.reference}/token").status_code == 404
