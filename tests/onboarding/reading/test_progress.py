"""The read models: what page, console, API and command line show of one onboarding."""

import pytest
from sqlalchemy import update

from app.kit import clock
from app.kit.errors import NotFound
from app.meta.catalogue.lookup import FINDINGS
from app.onboarding.models import Step
from app.onboarding.reading.progress import list_calls, read_progress
from tests.onboarding.journey import Journey


def test_an_onboarding_is_found_by_key_and_by_reference(journey: Journey) -> None:
    key, _ = journey.begin()
    reference = journey.progress(key).reference
    assert journey.progress(reference).id == key


@pytest.mark.parametrize("which", ["onb_0000-0000", "", "'; --", "%"])
def test_what_is_not_there_is_not_found(journey: Journey, which: str) -> None:
    journey.begin()
    with journey.db.read() as session, pytest.raises(NotFound):
        read_progress(session, which)


def test_before_anything_is_known_the_plan_asked_for_is_drawn(journey: Journey) -> None:
    client = journey.client(asked="coexistence")
    progress = journey.progress(journey.post_code(client))
    assert [step.name for step in progress.steps] == ["exchange", "subscribe", "credit", "sync", "test"]
    assert (progress.plan, progress.plan_asked, progress.waba_id) == ("coexistence", "coexistence", None)
    assert [proof.seen_at for proof in progress.proofs] == [None] * 7
    assert progress.current is not None
    assert progress.current.name == "exchange"


def test_a_step_tells_the_places_of_those_it_waits_for(journey: Journey) -> None:
    client = journey.client()
    progress = journey.progress(journey.post_code(client))
    waits = {step.name: step.waits_for for step in progress.steps}
    assert waits == {
        "exchange": (),
        "subscribe": (1,),
        "credit": (1,),
        "register": (1,),
        "test": (2, 4),
    }
    journey.post_event(client)
    journey.walk()
    assert {step.waits_for for step in journey.progress(progress.id).steps} == {()}


def test_times_are_told_for_steps_proofs_and_the_whole(journey: Journey) -> None:
    before = clock.now()
    key, finished = journey.connect()
    progress = journey.progress(key)
    done = [step for step in progress.steps if step.state == "done"]
    assert all(step.started_at and step.ended_at and before < step.started_at <= step.ended_at for step in done)
    seen = [proof.seen_at for proof in progress.proofs if proof.seen_at]
    assert progress.connected_at == max(seen)
    assert before < progress.begun_at < min(seen)
    assert progress.display_phone_number is not None
    assert progress.step("nothing") is None
    assert finished["waba_id"] == progress.waba_id


def test_calls_are_listed_newest_first_with_trace_and_time_and_without_secrets(journey: Journey) -> None:
    key, _ = journey.connect()
    with journey.db.read() as session:
        calls = list_calls(session, key)
    assert [call.at for call in calls] == sorted((call.at for call in calls), reverse=True)
    assert {call.status for call in calls} == {200}
    assert {call.step_name for call in calls} == {"exchange", "subscribe", "credit", "register"}
    assert all(call.took_ms >= 0 and call.actor in {"client", "system"} for call in calls)
    assert all("EAA" not in str((call.request, call.reply, call.path)) for call in calls)


def test_a_failed_call_is_kept_with_metas_numbers(journey: Journey) -> None:
    error = {"message": "(#200) Permissions error", "code": 200, "fbtrace_id": "TraceX"}
    journey.world.fault("/*/whatsapp_credit_sharing_and_attach", {"status": 403, "body": {"error": error}})
    key, _ = journey.connect()
    with journey.db.read() as session:
        failed = [call for call in list_calls(session, key) if call.error]
    assert [(call.status, call.trace_id, call.step_name) for call in failed] == [(403, "TraceX", "credit")]
    current = journey.progress(key).current
    assert current is not None
    assert current.name == "credit"


@pytest.mark.parametrize("key", sorted(FINDINGS))
def test_every_finding_can_be_told_with_the_facts_it_is_given(journey: Journey, key: str) -> None:
    facts = {
        "scopes_missing": {"missing": "a"},
        "callback_differs": {"theirs": "{x}", "ours": "b"},
        "internal": {"error": "KeyError"},
        "kept_failing": {"last": "It broke."},
    }
    onboarding, _ = journey.begin()
    trouble = {"key": key, **({"facts": facts[key]} if key in facts else {})}
    with journey.db.write() as session:
        session.execute(update(Step).where(Step.name == "exchange").values(trouble=trouble, state="needs_us"))
    told = journey.progress(onboarding).step("exchange")
    assert told is not None
    assert told.trouble is not None
    assert told.trouble.key == key
    assert not {"{missing}", "{theirs}", "{ours}", "{error}", "{last}"} & set(told.trouble.meaning.split())
    assert all((told.trouble.meaning, told.trouble.who, told.trouble.client_meaning, told.trouble.client_do))
