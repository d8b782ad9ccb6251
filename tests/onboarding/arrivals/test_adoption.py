"""Adopting accounts that were shared before, against the local Meta."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.audit.store import SYSTEM
from app.clients.models import Client
from app.kit import clock
from app.kit.errors import InvalidInput
from app.onboarding.arrivals import adoption
from app.onboarding.arrivals.adoption import Adopted, Order
from app.onboarding.arrivals.beginnings import ClientChoice
from app.onboarding.ledger.desk import retry_step
from app.onboarding.models import Onboarding
from app.onboarding.shares import partner_added
from app.onboarding.shares.shared_accounts import list_shared
from app.onboarding.shares.shares import Share
from tests.onboarding.journey import Journey


def adopt(journey: Journey, *orders: Order) -> tuple[Adopted, ...]:
    return adoption.adopt(journey.rt, orders, actor=SYSTEM, now=clock.now())


def keys_of(journey: Journey, waba_id: str) -> list[str]:
    with journey.db.read() as session:
        found = select(Onboarding.id).where(Onboarding.waba_id == waba_id).order_by(Onboarding.id)
        return list(session.scalars(found))


def count(journey: Journey, table: Any) -> int:
    with journey.db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_dry_run_tells_the_steps_and_changes_nothing(journey: Journey) -> None:
    shared = journey.world.share(numbers=[{}, {"status": "PENDING"}])
    writes = journey.world.count("*", "POST")
    (seen,) = adoption.preview(journey.rt, [Order(shared["waba_id"], share_credit=True)])
    assert [(step.step, step.changes) for step in seen.steps] == [
        ("fetch", False),
        ("subscribe", True),
        ("credit", True),
        ("register", True),
        ("confirm", False),
    ]
    assert seen.client == "new: Example Existing Customer"
    assert journey.world.count("*", "POST") == writes
    assert count(journey, Onboarding) == 0
    assert count(journey, Client) == 0


def test_all_numbers_come_aboard_and_connected_ones_are_not_registered(journey: Journey) -> None:
    shared = journey.world.share(numbers=[{}, {"status": "PENDING"}])
    (done,) = adopt(journey, Order(shared["waba_id"], share_credit=True))
    assert done.outcome == "begun"
    journey.walk()

    runs = [journey.progress(key) for key in keys_of(journey, shared["waba_id"])]
    assert sorted(run.plan for run in runs) == ["registered", "standard"]
    assert {run.phone_number_id for run in runs} == set(shared["phone_number_ids"])
    assert {run.state for run in runs} == {"connected"}
    assert {run.client_name for run in runs} == {"Example Existing Customer"}
    assert runs[0].reference == done.reference
    assert runs[0].way == "adopted"
    assert [step.name for step in runs[0].steps][:3] == ["fetch", "subscribe", "credit"]
    assert journey.world.effects("registered") == 1
    assert journey.world.effects("credit_attached", "credit_shared_and_attached") <= 1


def test_credit_is_left_out_unless_it_was_asked_for(journey: Journey) -> None:
    shared = journey.world.share()
    adopt(journey, Order(shared["waba_id"]))
    journey.walk()
    (key,) = keys_of(journey, shared["waba_id"])
    assert journey.states(key) == {"fetch": "done", "subscribe": "done", "confirm": "done", "test": "needs_client"}
    assert journey.progress(key).state == "connected"
    assert journey.world.show("accounts", shared["waba_id"])["primary_funding_id"] is None


def test_an_account_that_pays_itself_keeps_paying_itself(journey: Journey) -> None:
    shared = journey.world.share(account={"funding": "own"})
    before = journey.world.show("accounts", shared["waba_id"])["primary_funding_id"]
    adopt(journey, Order(shared["waba_id"], share_credit=True))
    journey.walk()
    (key,) = keys_of(journey, shared["waba_id"])
    assert "credit" not in journey.states(key)
    assert journey.world.show("accounts", shared["waba_id"])["primary_funding_id"] == before


def test_who_begins_to_pay_in_between_is_not_overruled_until_a_person_asks(journey: Journey) -> None:
    shared = journey.world.share()
    adopt(journey, Order(shared["waba_id"], share_credit=True))
    journey.world.change(f"accounts/{shared['waba_id']}", funding="own", silent=True)
    journey.walk()
    (key,) = keys_of(journey, shared["waba_id"])
    step = journey.progress(key).step("credit")
    assert step is not None
    assert step.trouble is not None
    assert (step.state, step.trouble.key, step.trouble.button) == ("needs_us", "paid_otherwise", "share_credit")
    assert journey.world.count("*whatsapp_credit_sharing*") == 0


def test_adopting_twice_makes_nothing_double(journey: Journey) -> None:
    shared = journey.world.share()
    (first,) = adopt(journey, Order(shared["waba_id"]))
    (again,) = adopt(journey, Order(shared["waba_id"]))
    assert (again.outcome, again.reference) == ("under_way", first.reference)
    journey.walk()
    (late,) = adopt(journey, Order(shared["waba_id"]))
    assert (late.outcome, late.reference) == ("held", first.reference)
    assert count(journey, Onboarding) == 1
    assert count(journey, Client) == 1


def test_what_an_unfinished_signup_is_just_bringing_is_not_adopted(journey: Journey) -> None:
    client = journey.client()
    journey.post_event(client)
    (in_window,) = adopt(journey, Order(client.finished["waba_id"]))
    assert in_window.outcome == "under_way"
    key = journey.post_code(client)
    (under_way,) = adopt(journey, Order(client.finished["waba_id"]))
    assert (under_way.outcome, under_way.reference) == ("under_way", journey.progress(key).reference)
    journey.walk()
    (held,) = adopt(journey, Order(client.finished["waba_id"]))
    assert held.outcome == "held"
    assert count(journey, Onboarding) == 1


def test_accounts_of_one_portfolio_come_to_one_client(journey: Journey) -> None:
    first = journey.world.share()
    second = journey.world.share(business={"id": first["business_id"]})
    done = adopt(journey, Order(first["waba_id"]), Order(second["waba_id"]))
    assert [one.outcome for one in done] == ["begun", "begun"]
    third = journey.world.share(business={"id": first["business_id"]})
    journey.walk()
    adopt(journey, Order(third["waba_id"]))
    journey.walk()
    assert count(journey, Client) == 1
    assert {journey.progress(key).state for key in keys_of(journey, third["waba_id"])} == {"connected"}


def test_the_client_may_be_chosen_by_the_partners_own_key_or_named_anew(journey: Journey) -> None:
    visit = journey.visit("Example Bakery", external_ref="crm-1")
    one, two = journey.world.share(), journey.world.share()
    adopt(journey, Order(one["waba_id"], client=ClientChoice(external_ref="crm-1", name="Never Renamed")))
    adopt(journey, Order(two["waba_id"], client=ClientChoice(name="Example Tailor")))
    journey.walk()
    (first,) = keys_of(journey, one["waba_id"])
    (second,) = keys_of(journey, two["waba_id"])
    assert journey.progress(first).client_id == visit.client.id
    assert journey.progress(first).client_name == "Example Bakery"
    assert journey.progress(second).client_name == "Example Tailor"


def test_a_portfolio_of_several_clients_wants_one_named(journey: Journey) -> None:
    first = journey.world.share()
    second = journey.world.share(business={"id": first["business_id"]})
    adopt(journey, Order(first["waba_id"], client=ClientChoice(name="Example One")))
    adopt(journey, Order(second["waba_id"], client=ClientChoice(external_ref="crm-2", name="Example Two")))
    journey.walk()
    third = journey.world.share(business={"id": first["business_id"]})
    (refused,) = adopt(journey, Order(third["waba_id"]))
    assert refused.outcome == "refused"
    assert refused.words == "Several clients have accounts of this portfolio (Example One, Example Two). Name one."
    (seen,) = adoption.preview(journey.rt, [Order(third["waba_id"])])
    assert seen.why_not == refused.words


def test_a_number_added_later_comes_to_whoever_holds_the_account(journey: Journey) -> None:
    shared = journey.world.share()
    adopt(journey, Order(shared["waba_id"]))
    journey.walk()
    grown = journey.world.share(
        business={"id": shared["business_id"]}, account={"id": shared["waba_id"]}, numbers=[{}], told=False
    )
    (seen,) = list_shared(journey.rt).offers
    assert seen.verdict == "new_numbers"
    (done,) = adopt(journey, Order(shared["waba_id"], client=ClientChoice(name="Somebody Else")))
    assert done.outcome == "begun"
    journey.walk()
    runs = [journey.progress(key) for key in keys_of(journey, shared["waba_id"])]
    assert sorted(str(run.phone_number_id) for run in runs) == sorted(grown["phone_number_ids"])
    assert {run.state for run in runs} == {"connected"}
    assert count(journey, Client) == 1


def test_an_account_without_a_token_waits_for_the_client(journey: Journey) -> None:
    shared = journey.world.share(app_installed=False)
    (done,) = adopt(journey, Order(shared["waba_id"]))
    journey.walk()
    progress = journey.progress(str(done.reference))
    step = progress.step("fetch")
    assert step is not None
    assert step.trouble is not None
    assert (step.state, step.trouble.key, step.trouble.code, step.trouble.subcode) == (
        "needs_client",
        "token_not_handed_over",
        100,
        33,
    )
    assert step.trouble.button == "connect_again"
    (again,) = adopt(journey, Order(shared["waba_id"]))
    assert (again.outcome, again.reference) == ("under_way", done.reference)


def test_once_the_client_has_let_us_in_try_again_goes_on(journey: Journey) -> None:
    shared = journey.world.share(app_installed=False)
    (done,) = adopt(journey, Order(shared["waba_id"]))
    journey.walk()
    journey.world.share(business={"id": shared["business_id"]}, account={"id": shared["waba_id"]}, numbers=[])
    with journey.db.write() as session:
        retry_step(session, str(done.reference), "fetch", actor=SYSTEM, now=clock.now())
    journey.walk()
    assert journey.progress(str(done.reference)).state == "connected"


def test_two_who_adopt_at_once_begin_one_onboarding(journey: Journey) -> None:
    shared = journey.world.share()
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(adopt, journey, Order(shared["waba_id"])) for _ in range(2)]
    outcomes = sorted(one.outcome for future in both for one in future.result())
    assert outcomes == ["begun", "under_way"]
    assert count(journey, Onboarding) == 1
    assert count(journey, Client) == 1


def test_two_accounts_of_one_portfolio_adopted_at_once_come_to_one_client(journey: Journey) -> None:
    first = journey.world.share()
    second = journey.world.share(business={"id": first["business_id"]})
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(adopt, journey, Order(shared["waba_id"])) for shared in (first, second)]
    assert [one.outcome for future in both for one in future.result()] == ["begun", "begun"]
    assert count(journey, Client) == 1


def test_that_meta_tells_of_the_share_once_more_is_kept_with_the_first_step(journey: Journey) -> None:
    shared = journey.world.share()
    adopt(journey, Order(shared["waba_id"]))
    journey.walk()
    now = clock.now()
    with journey.db.write() as session:
        partner_added.seen(session, Share("PARTNER_ADDED", shared["waba_id"], shared["business_id"]), at=now, now=now)
    (key,) = keys_of(journey, shared["waba_id"])
    step = journey.progress(key).step("fetch")
    assert step is not None
    assert step.evidence["partner_added"]["business_id"] == shared["business_id"]


@pytest.mark.parametrize("kind", ["business_id", "phone_number_ids"])
def test_what_is_no_shared_account_is_refused(journey: Journey, kind: str) -> None:
    shared = journey.world.share()
    wrong = shared[kind] if kind == "business_id" else shared[kind][0]
    (done,) = adopt(journey, Order(wrong))
    assert (done.outcome, done.words) == ("refused", "No account of this id is shared with our portfolio.")
    assert count(journey, Onboarding) == 0


def test_orders_are_bounded_and_name_each_account_once(journey: Journey) -> None:
    for orders in ([], [Order("1"), Order("1")], [Order(str(key)) for key in range(51)]):
        with pytest.raises(InvalidInput, match="accounts"):
            adoption.preview(journey.rt, orders)


def test_who_adopted_is_kept(journey: Journey) -> None:
    shared = journey.world.share()
    adopt(journey, Order(shared["waba_id"], share_credit=True))
    with journey.db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.adopted")).one()
    assert entry.facts["waba_id"] == shared["waba_id"]
    assert entry.facts["share_credit"] is True


def test_an_account_another_client_brought_meanwhile_is_not_taken(journey: Journey) -> None:
    first = journey.world.share()
    (done,) = adopt(journey, Order(first["waba_id"]))
    key, _ = journey.begin(account_id=first["waba_id"], business={"id": first["business_id"]})
    with journey.db.write() as session:
        session.get_one(Onboarding, journey.progress(str(done.reference)).id).due_at = None
    journey.walker.take("worker-1")
    assert journey.progress(key).waba_id == first["waba_id"]
    with journey.db.write() as session:
        session.get_one(Onboarding, journey.progress(str(done.reference)).id).due_at = clock.now()
    journey.walk()
    step = journey.progress(str(done.reference)).step("fetch")
    assert step is not None
    assert step.trouble is not None
    assert (step.state, step.trouble.key) == ("needs_us", "account_of_other_client")
    assert "Example Bakery" in step.trouble.meaning
