"""Many accounts side by side: one that is slow or broken holds up nobody, and none is done by two."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditEntry
from app.audit.store import Actor
from app.kit import clock
from app.numbers.models import Account, Number
from app.onboarding.models import Act
from app.runtime import Runtime
from app.upkeep.check.acting import repair
from app.upkeep.check.jobs import Checks, make_rows
from app.upkeep.check.models import AccountCheck, Fact
from app.upkeep.check.rows import look_soon
from tests.onboarding.mortal import Fate, mortal
from tests.upkeep.check.conftest import Client, Rounds
from tests.waiting import until

HTML = {"html": 502}


def checked(rt: Runtime) -> dict[str, bool]:
    with rt.db.read() as session:
        rows = session.execute(select(Account.waba_id, AccountCheck.checked_at).join(AccountCheck)).all()
    return {waba_id: at is not None for waba_id, at in rows}


@pytest.mark.parametrize(
    "day",
    [{"delay_ms": 3000, "status": 503}, {"status": 500, "body": ""}, HTML, {"half": True}, {"drop": "before"}],
    ids=["slow", "500", "html", "half", "dropped"],
)
def test_a_bad_day_of_one_account_is_its_own(rounds: Rounds, day: dict[str, Any]) -> None:
    bad, good = rounds.connect(), rounds.connect()
    rounds.world.fault(f"/{bad.waba_id}", day)
    rounds.make_due()
    checks = rounds.new_checks()
    checks.take("worker-1")
    checks.wait_until_idle()
    assert checked(rounds.rt) == {bad.waba_id: False, good.waba_id: True}
    with rounds.rt.db.read() as session:
        row = session.scalars(select(AccountCheck).where(AccountCheck.account_id == bad.account_id)).one()
        found = session.scalars(select(Fact.verdict).where(Fact.account_id == bad.account_id)).all()
    assert (row.failures, row.leased_by) == (1, None)
    assert str(row.trouble).startswith("account: ")
    assert row.due_at is not None
    assert timedelta(minutes=1) < row.due_at - clock.now() < timedelta(minutes=4)
    # What the other calls told is kept: one call's bad day is not the whole account's.
    assert set(found) == {"ok"}
    rounds.world.clear_faults()
    rounds.check()
    assert checked(rounds.rt)[bad.waba_id]


def test_two_checkers_at_once_ask_about_each_account_once(rounds: Rounds) -> None:
    clients = [rounds.connect() for _ in range(4)]
    rounds.make_due()
    before = len(rounds.world.calls())
    both = [rounds.new_checks(), rounds.new_checks()]
    threads = [threading.Thread(target=one.take, args=(f"worker-{place}",)) for place, one in enumerate(both)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in both:
        one.wait_until_idle()
    paths = Counter(call["path"] for call in rounds.world.calls()[before:])
    assert {paths[f"/{client.waba_id}"] for client in clients} == {1}
    assert all(checked(rounds.rt).values())


def test_an_account_that_was_taken_away_is_not_checked_and_its_troubles_are_closed(
    rounds: Rounds, client: Client
) -> None:
    rounds.world.change(f"numbers/{client.phone_number_id}", status="BANNED")
    rounds.check()
    assert rounds.open_incidents() == {"number_restricted": ("number", "urgent")}
    with rounds.rt.db.write() as session:
        session.execute(update(Account).values(ended_at=clock.now()))
    before = len(rounds.world.calls())
    rounds.check()
    assert len(rounds.world.calls()) == before
    assert (rounds.row().due_at, rounds.facts(), rounds.open_incidents()) == (None, {}, {})
    assert make_rows(rounds.rt) == 0
    with rounds.rt.db.write() as session:
        assert look_soon(session, [client.waba_id], now=clock.now()) is False


def test_a_client_that_came_back_is_checked_again(rounds: Rounds, client: Client) -> None:
    with rounds.rt.db.write() as session:
        session.execute(update(AccountCheck).values(due_at=None))
    assert make_rows(rounds.rt) == 1
    assert rounds.row().due_at is not None
    assert make_rows(rounds.rt) == 0


def test_an_onboarding_under_way_is_not_checked(rounds: Rounds) -> None:
    rounds.journey.begin()
    assert make_rows(rounds.rt) == 0


def test_a_number_of_ours_that_ended_is_forgotten(rounds: Rounds, client: Client) -> None:
    with rounds.rt.db.write() as session:
        session.execute(update(Number).values(ended_at=clock.now()))
    rounds.check()
    assert {fact.subject_kind for fact in rounds.facts().values()} == {"account"}


def test_a_dead_token_makes_the_rest_unknown_and_repairs_nothing(rounds: Rounds, client: Client) -> None:
    rounds.world.change(f"accounts/{client.waba_id}", subscribed=False)
    rounds.world.change("tokens", account_id=client.waba_id, revoked_subcode=460)
    before = rounds.world.count("*/subscribed_apps")
    rounds.check()
    assert {fact.verdict for fact in rounds.facts().values()} == {"unknown"}
    assert rounds.open_incidents() == {}
    assert rounds.world.count("*/subscribed_apps") == before
    assert "190/460" in str(rounds.row().trouble)


def test_our_own_dead_token_leaves_unknown_who_is_on_the_account_and_nothing_else(
    rounds: Rounds, client: Client
) -> None:
    rounds.world.change(f"accounts/{client.waba_id}", subscribed=False)
    rounds.world.change("tokens", user_id=rounds.world.partner.admin_user_id, revoked_subcode=467)
    rounds.checks.append(Checks(rounds.rt))
    rounds.checks.reverse()
    rounds.check()
    facts = rounds.facts()
    assert {name for name, fact in facts.items() if fact.verdict == "unknown"} == {"system_user"}
    assert (facts["subscription"].verdict, facts["subscription"].repair) == ("ok", "done")


def test_meta_asking_us_to_wait_is_heard_for_this_account_alone(rounds: Rounds) -> None:
    busy, other = rounds.connect(), rounds.connect()
    limit = {"error": {"message": "(#80007) Rate limit hit", "code": 80007}}
    usage = f'{{"{busy.waba_id}":[{{"type":"whatsapp_business_management","estimated_time_to_regain_access":40}}]}}'
    rounds.world.fault(
        f"/{busy.waba_id}",
        {"status": 429, "body": limit, "headers": {"X-Business-Use-Case-Usage": usage}},
    )
    rounds.check()
    with rounds.rt.db.read() as session:
        rows = {row.account_id: row for row in session.scalars(select(AccountCheck))}
    due_at = rows[busy.account_id].due_at
    assert due_at is not None
    assert timedelta(minutes=39) < due_at - clock.now() < timedelta(minutes=41)
    assert rows[other.account_id].checked_at is not None
    assert rounds.world.count(f"/{busy.waba_id}/message_templates", "GET") == 0


def test_an_hour_that_is_nearly_used_up_is_left_to_the_client(rounds: Rounds, client: Client) -> None:
    usage = f'{{"{client.waba_id}":[{{"type":"whatsapp_business_management","call_count":95}}]}}'
    body = {"id": client.waba_id, "name": "Example Bakery"}
    rounds.world.fault(
        f"/{client.waba_id}", {"status": 200, "body": body, "headers": {"X-Business-Use-Case-Usage": usage}}
    )
    before = rounds.world.count(f"/{client.waba_id}/*", "GET")
    rounds.check()
    assert rounds.world.count(f"/{client.waba_id}/*", "GET") == before
    due_at = rounds.row().due_at
    assert due_at is not None
    assert due_at - clock.now() > timedelta(minutes=55)


def end_leases(rounds: Rounds) -> None:
    with rounds.rt.db.write() as session:
        session.execute(update(AccountCheck).values(leased_until=clock.now() - timedelta(seconds=1)))


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("change", "call", "fact", "effect"),
    [
        ({"subscribed": False}, "POST /subscribed_apps", "subscription", "subscribed"),
        ({"funding": None}, "POST /whatsapp_credit_sharing_and_attach", "credit", "credit_attached"),
    ],
    ids=["subscription", "credit"],
)
def test_killed_around_a_repair_the_next_check_goes_on_and_nothing_is_done_twice(
    rounds: Rounds, client: Client, change: dict[str, Any], call: str, fact: str, effect: str, moment: str
) -> None:
    rounds.world.change(f"accounts/{client.waba_id}", **change)
    before = sum(one["effect"] is not None and effect in one["effect"] for one in rounds.world.calls())
    rounds.make_due()
    dying = mortal(rounds.rt, Fate(at=call, moment=moment))
    checks = Checks(dying)
    checks.take("worker-1")
    checks.wait_until_idle()
    assert rounds.fact(fact).repair == "begun"
    end_leases(rounds)
    with rounds.rt.db.write() as session:
        # As if the patience with what was asked for had passed.
        session.execute(update(Act).values(at=Act.at if moment == "after" else clock.now() - timedelta(hours=1)))
    rounds.check()
    row = rounds.fact(fact)
    assert (row.verdict, row.repair) == ("ok", "done")
    after = sum(one["effect"] is not None and effect in one["effect"] for one in rounds.world.calls())
    assert after - before == 1
    checks.close()
    dying.close()


def test_news_that_come_while_it_is_checked_are_looked_at_after_it(rounds: Rounds, client: Client) -> None:
    before = rounds.world.count(f"/{client.waba_id}", "GET")
    rounds.world.fault(f"/{client.waba_id}/subscribed_apps", {"delay_ms": 15_000})
    rounds.make_due()
    checks = rounds.checks[0]
    checks.take("worker-1")
    # The check has begun once its first question is answered; the second is held back until the news are written.
    assert until(lambda: rounds.world.count(f"/{client.waba_id}", "GET") > before)
    with rounds.rt.db.write() as session:
        assert look_soon(session, [client.waba_id], now=clock.now())
    rounds.world.clear_faults()
    checks.wait_until_idle()
    due_at = rounds.row().due_at
    assert due_at is not None
    assert due_at - clock.now() < timedelta(minutes=1)


def test_a_person_has_somebody_elses_payment_replaced_by_our_line(rounds: Rounds, client: Client) -> None:
    rounds.world.change(f"accounts/{client.waba_id}", funding="own")
    rounds.check()
    row = rounds.fact("credit")
    assert (row.verdict, row.repair, row.repair_trouble) == ("drift", "refused", "somebody else pays; a person decides")
    with rounds.rt.db.write() as session:
        assert repair(session, client.account_id, row.id, actor=Actor("staff", "robin"), now=clock.now()) == "wanted"
    rounds.check()
    with rounds.rt.db.read() as session:
        said = session.scalars(select(AuditEntry).where(AuditEntry.action.like("fact.%repaired"))).all()
    assert (said[-1].actor_kind, said[-1].actor_id, said[-1].facts["fact"]) == ("staff", "robin", "credit")


def test_a_repair_that_is_refused_opens_the_incident_and_is_tried_again_the_next_time(
    rounds: Rounds, client: Client
) -> None:
    refused = {"error": {"message": "(#200) Permissions error", "code": 200}}
    rounds.world.fault("*/subscribed_apps", {"status": 403, "body": refused}, method="POST")
    rounds.world.change(f"accounts/{client.waba_id}", subscribed=False)
    rounds.check()
    row = rounds.fact("subscription")
    assert (row.verdict, row.repair) == ("drift", "refused")
    assert "error 200" in str(row.repair_trouble)
    assert rounds.open_incidents() == {"subscription_lost": ("account", "urgent")}
    rounds.world.clear_faults()
    rounds.check()
    assert rounds.fact("subscription").verdict == "ok"
    assert rounds.open_incidents() == {}
