"""What Meta says otherwise than we, in the console."""

from datetime import timedelta

from sqlalchemy import select

from app.kit import clock
from app.runtime import Runtime
from app.upkeep.check.models import AccountCheck, Fact
from tests.console.staff import Desk
from tests.factories.checks import add_checked, add_fact

NOBODY = "019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010"


def test_the_list_shows_what_differs_and_who_puts_it_right(desk: Desk, rt: Runtime) -> None:
    at = clock.now() - timedelta(hours=3)
    account, number = add_checked(rt.db, at=at)
    add_fact(rt.db, account, "quality", "RED", number_id=number, at=at, severity="urgent")
    add_fact(rt.db, account, "owner", "2730", ours="2729063490586005", at=at)
    page = desk.get("/console/checks").text
    assert page.index("RED") < page.index("2730"), "the worst comes first"
    assert "1 of 1 accounts have been compared with Meta" in page
    assert "Take over" in page
    only = desk.get("/console/checks?who=staff").text
    assert "2730" in only
    assert "RED" not in only


def test_without_any_drift_the_page_says_so(desk: Desk, rt: Runtime) -> None:
    assert "No account has been compared with Meta yet." in desk.get("/console/checks").text
    add_checked(rt.db, at=clock.now())
    assert "are the same" in desk.get("/console/checks").text


def test_an_account_shows_both_values_and_what_was_repaired(desk: Desk, rt: Runtime) -> None:
    at = clock.now() - timedelta(hours=3)
    account, _ = add_checked(rt.db, at=at)
    add_fact(rt.db, account, "callback", "https://elsewhere.example/hook", ours="https://us.example/hook", at=at)
    add_fact(
        rt.db, account, "subscription", True, ours=True, at=at, verdict="ok", repair="done", was=False, repaired_at=at
    )
    page = desk.get(f"/console/checks/{account}").text
    assert "https://elsewhere.example/hook" in page
    assert "https://us.example/hook" in page
    assert "was no" in page
    assert "Check now" in page


def test_check_now_and_repair_are_wishes_a_worker_carries_out(desk: Desk, rt: Runtime) -> None:
    at = clock.now() - timedelta(hours=3)
    account, _ = add_checked(rt.db, at=at)
    fact = add_fact(rt.db, account, "subscription", False, ours=True, at=at)
    assert desk.post(f"/console/checks/{account}/run").status_code == 303
    assert "checks" in rt.wakes.rung  # type: ignore[attr-defined]
    answer = desk.post(f"/console/checks/{account}/repair", fact=fact)
    assert answer.headers["Location"] == f"/console/checks/{account}"
    assert "Being repaired" in desk.get(f"/console/checks/{account}").text
    with rt.db.read() as session:
        row = session.get_one(Fact, fact)
        assert row.repair == "wanted"
        assert str(row.repaired_by).startswith("staff ")
        due_at = session.scalars(select(AccountCheck.due_at)).one()
    assert due_at is not None
    assert due_at <= clock.now()


def test_what_is_not_there_is_not_found_and_what_is_not_ours_is_said(desk: Desk, rt: Runtime) -> None:
    assert desk.get("/console/checks/nothing").status_code == 404
    assert desk.get(f"/console/checks/{NOBODY}").status_code == 404
    assert desk.post(f"/console/checks/{NOBODY}/run").status_code == 404
    account, number = add_checked(rt.db, at=clock.now())
    assert desk.post(f"/console/checks/{account}/repair", fact="x").status_code == 404
    fact = add_fact(rt.db, account, "quality", "RED", number_id=number, at=clock.now())
    desk.post(f"/console/checks/{account}/repair", fact=fact)
    assert "We cannot put this right ourselves." in desk.get(f"/console/checks/{account}").text
