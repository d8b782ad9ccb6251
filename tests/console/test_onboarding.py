import re
from datetime import timedelta

from sqlalchemy import select

from app.access.models import StaffSession
from app.audit.store import list_of
from app.kit import clock
from app.onboarding.models import Step
from tests.conftest import Rings
from tests.console.staff import Desk
from tests.factories.onboardings import LIVE, SAY_HI, add_call, add_onboarding, add_stuck


def state_of(desk: Desk, onboarding_id: str, name: str) -> str:
    with desk.rt.db.read() as session:
        return session.scalars(select(Step.state).where(Step.onboarding_id == onboarding_id, Step.name == name)).one()


def actions_on(desk: Desk, onboarding_id: str) -> list[tuple[str, str, str | None]]:
    with desk.rt.db.read() as session:
        return [
            (entry.action, entry.actor_kind, entry.actor_id) for entry in list_of(session, "onboarding", onboarding_id)
        ]


def test_a_stuck_onboarding_says_what_it_means_who_acts_and_what_to_do(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    page = desk.get(f"/console/onboardings/{row.reference}").text
    card = page[page.index('id="desk-credit"') :]
    for words in (
        "Meta will not share our credit line",
        "Step 3 · 4 tries",
        "Us</span>",
        "What it means",
        "Our system user may not share the credit line",
        "What to do",
        "accept the credit terms in Business settings",
        "Fz71LpQ0wYd",
        "<b>200</b>",
    ):
        assert words in card, words


def test_the_page_is_found_by_key_too_and_a_stranger_is_a_page_of_its_own(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    assert desk.get(f"/console/onboardings/{row.id}").status_code == 200
    missing = desk.get("/console/onboardings/onb_2222-2222")
    assert missing.status_code == 404
    assert "text/html" in missing.content_type
    for strange in ("%00%00", "..", "x", "a" * 60, "%27%20OR%201=1", "%E2%82%AC" * 8):
        assert desk.get(f"/console/onboardings/{strange}").status_code == 404, strange
        assert desk.post(f"/console/onboardings/{strange}/steps/credit/retry").status_code == 404, strange


def test_try_again_makes_the_step_due_rings_and_is_written_down(desk: Desk, rings: Rings) -> None:
    row = add_stuck(desk.rt)
    answer = desk.post(f"/console/onboardings/{row.reference}/steps/credit/retry")
    assert (answer.status_code, answer.location) == (303, f"/console/onboardings/{row.reference}")
    assert state_of(desk, row.id, "credit") == "not_started"
    assert rings.rung == ["onboardings"]
    assert [(action, kind) for action, kind, _ in actions_on(desk, row.id)] == [("step.retried", "staff")]
    page = desk.get(answer.location).text
    assert "Trying again." in page
    assert "Robin Example pressed Try again" in page


def test_a_click_that_comes_too_late_is_told_and_changes_nothing(desk: Desk, rings: Rings) -> None:
    row = add_onboarding(desk.rt, proofs=LIVE)
    answer = desk.post(f"/console/onboardings/{row.reference}/steps/credit/retry")
    assert answer.status_code == 303
    assert "cannot be tried again: it is done" in desk.get(answer.location).text
    assert rings.rung == []
    assert actions_on(desk, row.id) == []


def test_steps_and_onboardings_that_are_not_there_are_not_found(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    assert desk.post(f"/console/onboardings/{row.reference}/steps/sync/retry").status_code == 404
    assert desk.post("/console/onboardings/onb_2222-2222/steps/credit/retry").status_code == 404
    assert desk.post("/console/onboardings/onb_2222-2222/waive", reason="long enough").status_code == 404


def test_the_test_message_is_skipped_with_a_reason_that_is_kept(desk: Desk, rings: Rings) -> None:
    row = add_stuck(desk.rt)
    reason = "Tested by phone <with> the client"
    answer = desk.post(f"/console/onboardings/{row.reference}/waive", reason=reason)
    assert answer.status_code == 303
    assert state_of(desk, row.id, "test") == "skipped"
    assert rings.rung == ["onboardings"]
    page = desk.get(answer.location).text
    assert "Robin Example skipped the test message" in page
    assert "Tested by phone &lt;with&gt; the client" in page


def test_a_reason_too_short_is_asked_for_again_with_what_was_typed(desk: Desk, rings: Rings) -> None:
    row = add_stuck(desk.rt)
    answer = desk.post(f"/console/onboardings/{row.reference}/waive", reason="no")
    assert answer.status_code == 422
    assert "The reason must have 5 to 500 characters." in answer.text
    assert re.search(r"<textarea[^>]*aria-invalid=\"true\"[^>]*>no</textarea>", answer.text)
    assert re.search(r'<details class="ask" id="skip" open>', answer.text)
    assert state_of(desk, row.id, "test") == "needs_client"
    assert rings.rung == []


def test_a_test_that_is_settled_already_cannot_be_skipped(desk: Desk, rings: Rings) -> None:
    row = add_onboarding(desk.rt, proofs=LIVE)
    answer = desk.post(f"/console/onboardings/{row.reference}/waive", reason="long enough")
    assert "The test message is settled already." in desk.get(answer.location).text
    assert state_of(desk, row.id, "test") == "done"
    assert rings.rung == []


def test_what_cannot_be_pressed_says_why(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    page = desk.get(f"/console/onboardings/{row.reference}").text
    assert re.search(r'aria-disabled="true" aria-describedby="why-skip-credit">Skip with reason', page)
    assert 'id="why-skip-credit">Skip with reason is off: only the test message can be left out.' in page
    assert 'aria-disabled="true" aria-describedby="why-retry-test"' in page


def test_proofs_are_counted_and_have_times(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    page = desk.get(f"/console/onboardings/{row.reference}").text
    assert "4 of 7" in page
    proofs = page[page.index('id="proofs"') : page.index('id="names"')]
    assert proofs.count("<time ") == 4
    assert proofs.count("not seen") == 3


def test_calls_open_to_request_and_reply_without_secrets_or_markup(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    add_call(desk.rt, row, reply={"error": {"message": "<script>alert(1)</script>", "code": 200, "error_subcode": 33}})
    add_call(desk.rt, row, step="subscribe", method="GET", path="524126980791429/subscribed_apps", status=200, reply={})
    page = desk.get(f"/console/onboardings/{row.reference}").text
    calls = page[page.index('id="calls"') : page.index('id="timeline"')]
    assert "Tries of step 3" in calls
    assert "400 · code 200/33" in calls
    assert '<span class="cut">secret</span>' in calls
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in calls
    assert "<script>alert" not in calls
    assert "subscribed_apps" not in calls
    everything = desk.get(f"/console/onboardings/{row.reference}?calls=all").text
    assert "subscribed_apps" in everything
    assert "All Graph calls" in everything


def test_a_call_without_an_answer_says_so(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    add_call(desk.rt, row, status=None, error="Meta did not answer in time")
    calls = desk.get(f"/console/onboardings/{row.reference}").text
    assert "no answer" in calls
    assert "No answer</span> Meta did not answer in time" in calls


def test_the_timeline_filters_by_kind(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    add_call(desk.rt, row, reply={"id": "1"}, status=200)

    def lines(address: str) -> str:
        page = desk.get(address).text
        return page[page.index('<ol class="tl">') :]

    everything = lines(f"/console/onboardings/{row.reference}")
    assert "Proof: token valid" in everything
    assert "Step 1: exchange the code, done" in everything
    assert "whatsapp_credit_sharing_and_attach" not in everything
    assert "whatsapp_credit_sharing_and_attach" in lines(f"/console/onboardings/{row.reference}?show=all")
    assert "Nothing of this kind yet." in lines(f"/console/onboardings/{row.reference}?show=staff")
    proofs = lines(f"/console/onboardings/{row.reference}?show=proof")
    assert "Proof: token valid" in proofs
    assert "Step 1" not in proofs
    assert "POST 1972385232742146" in lines(f"/console/onboardings/{row.reference}?show=call")
    assert "Step 1" in lines(f"/console/onboardings/{row.reference}?show=nonsense")


def test_the_page_asks_for_news_only_while_something_may_come(desk: Desk) -> None:
    stuck, done = add_stuck(desk.rt), add_onboarding(desk.rt, "Live Ltd", proofs=LIVE)
    assert (
        f'data-poll="/console/onboardings/{stuck.reference}/now"'
        in desk.get(f"/console/onboardings/{stuck.reference}").text
    )
    page = desk.get(f"/console/onboardings/{done.reference}").text
    assert "data-poll" not in page
    assert "The client is live." in page


def test_news_are_sent_once_and_then_again_only_when_something_changed(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    address = f"/console/onboardings/{row.reference}/now"
    first = desk.get(address)
    assert first.status_code == 200
    assert first.text.lstrip().startswith("<main")
    tag = first.headers["ETag"]
    assert desk.get(address, **{"If-None-Match": tag}).status_code == 304
    add_call(desk.rt, row, reply={}, status=200)
    assert desk.get(address, **{"If-None-Match": tag}).status_code == 200


def test_asking_for_news_keeps_no_session_alive(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    with desk.rt.db.write() as session:
        session.scalars(select(StaffSession)).one().seen_at = clock.now() - timedelta(hours=2)
    assert desk.get(f"/console/onboardings/{row.reference}/now").status_code == 200
    with desk.rt.db.read() as session:
        assert session.scalars(select(StaffSession)).one().seen_at < clock.now() - timedelta(hours=1)
    assert desk.get(f"/console/onboardings/{row.reference}").status_code == 200
    with desk.rt.db.read() as session:
        assert session.scalars(select(StaffSession)).one().seen_at > clock.now() - timedelta(minutes=1)


def test_when_the_session_has_ended_the_script_is_told_that_nothing_is_there(nobody: Desk) -> None:
    row = add_onboarding(nobody.rt, states=("done",) * 4 + ("needs_client",), troubles={"test": SAY_HI})
    answer = nobody.get(f"/console/onboardings/{row.reference}/now")
    assert answer.status_code == 404
    assert "Example Bakery" not in answer.text


def test_no_page_is_kept_by_a_cache(desk: Desk) -> None:
    row = add_stuck(desk.rt)
    assert desk.get(f"/console/onboardings/{row.reference}").headers["Cache-Control"] == "no-store"
