"""The funnel for programs: counts, where windows were left, who stopped, and Meta's weekly limit."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.api.program import Program, faults_of
from tests.factories.links import LIVE, add_link, add_onboarding_of, add_opening

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=3)
ERROR = {
    "kind": "CANCEL",
    "error_message": "You have no permission for this resource.",
    "error_id": "3441038",
    "session_id": "f34b51dab5e0498",
}


def ask(program: Program, **query: str) -> dict[str, Any]:
    answer = program.get("/v1/funnel", **query)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    return told


@pytest.fixture
def two_clients(program: Program) -> str:
    """One is live, one got an error; the key of the latter's link."""
    db = program.rt.db
    live = add_link(db, "Sample Florist", at=EARLIER, opened_at=EARLIER)
    signup = add_opening(db, live, at=EARLIER, event={"kind": "FINISH"}, code_at=EARLIER)
    add_onboarding_of(db, live, at=EARLIER, signup=signup, proofs=LIVE, first_step_done_at=EARLIER)
    left = add_link(
        db,
        at=EARLIER,
        opened_at=EARLIER,
        external_ref="crm-20418",
        contact_name="Alex Example",
        contact_email="alex@bakery.example",
        language="pt_BR",
    )
    add_opening(db, left, at=EARLIER, event=ERROR)
    return left.id


@time_machine.travel(NOW, tick=False)
def test_everything_is_told_with_what_metas_support_asks_for(program: Program, two_clients: str) -> None:
    told = ask(program)
    counts = {"made": 2, "opened": 2, "window": 2, "finished": 1, "connected": 1, "live": 1}
    assert (told["plan"], told["week"], told["counts"]) == (None, None, counts)
    assert told["weeks"][0] == {"week": "2026-11-16", "counts": counts}
    assert len(told["weeks"]) == 12
    assert told["plans"] == [{"plan": "standard", "counts": counts}]
    assert told["left"] == [{"ending": "not_an_admin", "says": "Not an admin of the portfolio", "count": 1}]
    (stopped,) = told["stopped"]
    assert stopped | {"client": {**stopped["client"], "id": ""}} == {
        "link_id": two_clients,
        "client": {
            "id": "",
            "name": "Example Bakery",
            "external_ref": "crm-20418",
            "contact": {"name": "Alex Example", "email": "alex@bakery.example", "language": "pt-BR"},
        },
        "stage": "window",
        "plan": "standard",
        "since": "2026-11-20T09:00:00Z",
        "opening": {
            "opened_at": "2026-11-20T09:00:00Z",
            "plan": "standard",
            "event": "CANCEL",
            "screen": None,
            "error_id": "3441038",
            "error_message": "You have no permission for this resource.",
            "session_id": "f34b51dab5e0498",
            "ending": "not_an_admin",
            "says": "Not an admin of the portfolio",
            "do": "Ask who has full control of the client’s portfolio and send the new link to that person.",
        },
        "onboarding": None,
    }
    assert told["next"] is None
    assert told["weekly_limit"] == {"used": 1, "limit": 10, "left": 9, "opens_at": None}


@time_machine.travel(NOW, tick=False)
def test_a_plan_a_week_and_a_stage_choose(program: Program, two_clients: str) -> None:
    add_link(program.rt.db, "Looked", at=EARLIER, opened_at=EARLIER)
    assert ask(program, plan="none")["counts"]["made"] == 1
    assert ask(program, plan="none")["plans"][1] == {
        "plan": None,
        "counts": {"made": 1, "opened": 1, "window": 0, "finished": 0, "connected": 0, "live": 0},
    }
    assert ask(program, week="2026-11-09")["counts"]["made"] == 0
    assert [row["client"]["name"] for row in ask(program, stage="opened")["stopped"]] == ["Looked"]
    first = ask(program, limit="1")
    assert [row["client"]["name"] for row in first["stopped"]] == ["Looked"]
    assert [row["link_id"] for row in ask(program, limit="1", before=first["next"])["stopped"]] == [two_clients]


@pytest.mark.parametrize(
    ("query", "field", "rule"),
    [
        ({"plan": "hosted"}, "plan", "must be one of standard, coexistence"),
        ({"week": "2026-11-17"}, "week", "must be a Monday"),
        ({"week": "soon"}, "week", "must be a day like 2026-11-16"),
        ({"week": "2026-11-16T00:00:00Z"}, "week", "must be a day like 2026-11-16"),
        ({"stage": "live"}, "stage", "must be 'made', 'opened', 'window'"),
        ({"before": "x"}, "before", "shape"),
        ({"limit": "101"}, "limit", "must be 100 or less"),
        ({"month": "11"}, "month", "is not a field of this door"),
    ],
)
def test_each_wrong_wish_is_named(program: Program, query: dict[str, str], field: str, rule: str) -> None:
    assert rule in faults_of(program.get("/v1/funnel", **query))[field]
