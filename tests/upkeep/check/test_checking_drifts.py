"""The drift table: every fact we hold is changed at Meta, found, shown, repaired where it is ours, and closed again."""

from typing import Any

import pytest

from app.audit.store import SYSTEM
from app.kit import clock
from app.upkeep.check.acting import repair
from app.upkeep.check.facts import FACTS
from tests.upkeep.check.conftest import Client, Rounds
from tests.upkeep.check.drifts import DRIFTS, Drift

OURS = {"subscription", "callback", "number_callback", "system_user", "credit"}


def change(rounds: Rounds, client: Client, drift: Drift, fields: dict[str, Any]) -> None:
    if drift.door == "DELETE":
        rounds.world.take_out(client.phone_number_id)
        return
    if drift.fact == "owner":
        fields = {"owner_business_id": rounds.world.share()["business_id"]}
    rounds.world.change(drift.door.format(**vars(client)), **fields)


def test_the_table_changes_every_fact_and_says_who_repairs_it() -> None:
    assert {drift.fact for drift in DRIFTS} | {"system_user"} == set(FACTS)
    assert {name for name, fact in FACTS.items() if fact.repairs == "ours"} == OURS


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.name)
def test_a_fact_changed_at_meta_is_found_shown_and_repaired_where_it_is_ours(
    rounds: Rounds, client: Client, drift: Drift
) -> None:
    if drift.fact == "limit":
        rounds.world.change(f"businesses/{client.business_id}", messaging_limit="TIER_10K")
        rounds.check()
    before = clock.now()
    change(rounds, client, drift, drift.change)
    rounds.check()
    row = rounds.fact(drift.fact)
    assert (row.subject_kind, row.account_id, row.since >= before) == (drift.subject, client.account_id, True)
    if drift.repaired:
        assert (row.verdict, row.repair, row.was, row.repaired_by) == ("ok", "done", drift.shows, "system")
        assert row.repaired_at is not None
        assert drift.after == "paid" or row.metas == drift.after
        assert rounds.open_incidents() == {}
        return
    if drift.fact == "owner":
        assert row.metas not in {client.business_id, None}
    else:
        assert row.metas == drift.shows
    assert row.verdict == "drift"
    found = rounds.open_incidents()
    if drift.incident is None:
        assert found == {}
    else:
        kind, severity = drift.incident
        assert found == {kind: (drift.subject, severity)}
    if drift.back:
        change(rounds, client, drift, drift.back)
        rounds.check()
        assert rounds.fact(drift.fact).verdict == "ok"
        assert rounds.open_incidents() == {}


def test_a_system_user_that_was_taken_off_is_put_on_again(as_employee: Any, new_rounds: Any) -> None:
    rounds = new_rounds(as_employee)
    client = rounds.connect()
    rounds.check()
    assert rounds.fact("system_user").verdict == "ok"
    rounds.world.change(f"accounts/{client.waba_id}", assigned=False)
    rounds.check()
    row = rounds.fact("system_user")
    assert (row.verdict, row.repair, row.was, row.metas) == ("ok", "done", False, True)
    assert list(rounds.world.show("accounts", client.waba_id)["assigned"]) == [rounds.world.partner.employee_user_id]


def test_a_system_user_that_meta_will_not_put_on_again_is_somebodys_task(as_employee: Any, new_rounds: Any) -> None:
    rounds = new_rounds(as_employee)
    client = rounds.connect()
    rounds.check()
    rounds.world.change(f"accounts/{client.waba_id}", assigned=False)
    no = {"status": 403, "body": {"error": {"message": "(#200) Permissions error", "code": 200}}}
    rounds.world.fault(f"/{client.waba_id}/assigned_users", no, method="POST")
    rounds.check()
    assert rounds.fact("system_user").repair == "refused"
    assert rounds.open_incidents() == {"system_user_missing": ("account", "warning")}
    rounds.world.clear_faults()
    rounds.check()
    assert rounds.open_incidents() == {}


def test_what_is_taken_over_from_meta_closes_its_incident(rounds: Rounds, client: Client) -> None:
    rounds.world.change(f"accounts/{client.waba_id}", currency="EUR")
    rounds.check()
    assert rounds.open_incidents() == {"account_differs": ("account", "notice")}
    with rounds.rt.db.write() as session:
        repair(session, client.account_id, rounds.fact("currency").id, actor=SYSTEM, now=clock.now())
    rounds.check()
    assert rounds.open_incidents() == {}
