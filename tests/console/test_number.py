"""What staff do for a client's number, against the local Meta: code, PIN, and the look at the PIN we hold."""

import re
from html import unescape

from app.audit.store import list_of
from app.kit.secret import Secret
from tests.connect.aboard import OLD_PIN, bring_aboard, code_of
from tests.connect.visitor import make_link
from tests.console.staff import Desk
from tests.factories.onboardings import LIVE, add_onboarding
from tests.onboarding.conftest import journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey

__all__ = ["journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


def page_of(desk: Desk, journey: Journey, key: str) -> str:
    return unescape(desk.get(f"/console/onboardings/{journey.progress(key).reference}").text)


def reasons(journey: Journey, key: str, action: str) -> list[str]:
    with journey.db.read() as session:
        return [
            str(entry.facts.get("reason")) for entry in list_of(session, "onboarding", key) if entry.action == action
        ]


def held_pin(journey: Journey, key: str) -> Secret:
    progress = journey.progress(key)
    with journey.db.read() as session:
        held = journey.rt.vault.open_current(
            session, kind="pin", client_id=progress.client_id, subject=str(progress.phone_number_id)
        )
    assert held is not None
    return held.secret


def test_staff_ask_for_a_code_and_enter_it_for_the_client(desk: Desk, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1], "unverified")
    base = f"/console/onboardings/{key}"
    assert "Ask for a code" in page_of(desk, journey, key)

    assert desk.post(f"{base}/code", method="SMS").status_code == 303
    page = page_of(desk, journey, key)
    assert "1 of 5 in 12 h" in page
    assert "Off until" in page
    refused = desk.post(f"{base}/code/enter", code="12")
    assert (refused.status_code, "The code must be six digits." in refused.text) == (422, True)
    assert desk.post(f"{base}/code/enter", code=code_of(journey, key)).status_code == 303
    journey.walk()

    page = page_of(desk, journey, key)
    assert "Robin Example asked for a code" in page
    assert "Robin Example entered the code" in page
    assert "Ask for a code is off: the number is confirmed." in page
    assert journey.states(key)["register"] == "done"


def test_staff_enter_the_pin_and_it_is_tried_once(desk: Desk, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1], number="+1 555 010 0182")
    base = f"/console/onboardings/{key}"
    page = page_of(desk, journey, key)
    assert "1 of 10 in 72 h" in page
    assert "Two-step is off" in page

    assert desk.post(f"{base}/pin", pin="12345").status_code == 422
    assert desk.post(f"{base}/pin", pin=OLD_PIN).status_code == 303
    journey.walk()

    page = page_of(desk, journey, key)
    assert journey.states(key)["register"] == "done"
    assert "Enter PIN is off: this number is registered already." in page
    assert "Robin Example entered the PIN of the number" in page
    assert OLD_PIN not in page


def test_a_pin_is_shown_once_for_a_reason_that_is_kept(desk: Desk, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1])
    pin = held_pin(journey, key).reveal()
    base = f"/console/onboardings/{key}"
    assert pin not in page_of(desk, journey, key).replace(str(journey.progress(key).phone_number_id), "")

    without = desk.post(f"{base}/pin/reveal", reason="no")
    shown = desk.post(f"{base}/pin/reveal", reason="The client moves to another provider")

    assert without.status_code == 303
    assert f'translate="no">{pin}</p>' in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert reasons(journey, key, "pin.revealed") == ["The client moves to another provider"]
    assert "Robin Example looked at the PIN" in page_of(desk, journey, key)
    assert desk.get(f"{base}/pin/reveal").status_code == 405


def test_a_pin_that_meta_never_took_is_not_shown(desk: Desk, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1], number="+1 555 010 0182")

    assert "Show the PIN is off: we hold none that Meta has accepted." in page_of(desk, journey, key)
    answer = desk.post(f"/console/onboardings/{key}/pin/reveal", reason="long enough")

    assert answer.status_code == 303
    assert reasons(journey, key, "pin.revealed") == []


def test_nobody_but_staff_gets_at_a_pin(nobody: Desk, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1])
    for door in ("pin/reveal", "pin", "code", "code/enter", "two-step-off"):
        answer = nobody.post(f"/console/onboardings/{key}/{door}", reason="long enough")
        assert (answer.status_code, "/console/sign-in" in answer.location) == (303, True), door
    assert reasons(journey, key, "pin.revealed") == []


def test_siblings_lead_to_one_another_and_a_replaced_run_to_the_newer(desk: Desk, journey: Journey) -> None:
    key = bring_aboard(journey, make_link(journey.rt)[1], "several")
    (sibling, *_) = journey.progress(key).siblings
    assert f"/console/onboardings/{sibling.reference}" in page_of(desk, journey, key)

    first = bring_aboard(journey, make_link(journey.rt, external_ref="crm-1")[1], number="+1 555 010 0110")
    ids = journey.progress(first)
    business: dict[str, object] = {"id": ids.business_id}
    newer = bring_aboard(
        journey,
        make_link(journey.rt, external_ref="crm-1")[1],
        number="+1 555 010 0110",
        business=business,
        account_id=ids.waba_id,
    )

    page = page_of(desk, journey, first)
    assert "A newer one of the same number counts:" in page
    assert f'href="/console/onboardings/{journey.progress(newer).reference}"' in page
    assert "This run was replaced" in page


def test_the_list_is_filtered_by_plan_and_way(desk: Desk) -> None:
    add_onboarding(desk.rt, "Example Bakery", proofs=LIVE)
    add_onboarding(desk.rt, "Sample Florist", plan="coexistence", proofs=LIVE)

    def clients(query: str) -> list[str]:
        page = desk.get(f"/console/onboardings?{query}").text
        return sorted(re.findall(r'<a class="k"[^>]*>(.*?)</a>', page))

    assert clients("plan=coexistence") == ["Sample Florist"]
    assert clients("way=popup") == ["Example Bakery", "Sample Florist"]
    assert clients("way=hosted") == []
    assert clients("plan=nonsense") == ["Example Bakery", "Sample Florist"]
