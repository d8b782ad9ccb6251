"""Unclaimed accounts in the console."""

from sqlalchemy import select

from app.audit.store import SYSTEM
from app.clients.models import Client
from app.kit import clock
from app.onboarding.links.links import LinkOrder, create_link
from app.onboarding.models import Onboarding, UnclaimedAccount
from app.onboarding.shares.hosted import begin_run
from app.runtime import Runtime
from tests.api.test_unclaimed import entry
from tests.console.staff import Desk

__all__ = ["entry"]


def wait_for_an_account(rt: Runtime) -> tuple[str, str]:
    """A client that waits on Meta's own page: its key, and the reference of its run."""
    with rt.db.write() as session:
        made = create_link(session, LinkOrder("Example Shoes"), actor=SYSTEM, now=clock.now())
        run = begin_run(session, rt.settings, client_id=made.client.id, actor=SYSTEM, now=clock.now())
        return made.client.id, run.reference


def test_the_side_bar_counts_them_and_the_list_shows_them(desk: Desk, entry: str) -> None:
    page = desk.get("/console/unclaimed").text
    assert 'Unclaimed <b class="n-count">1</b>' in page
    assert "Example Bakery Ltd" in page
    assert f"/console/unclaimed/{entry}" in page


def test_without_any_the_page_says_what_it_is_for(desk: Desk) -> None:
    page = desk.get("/console/unclaimed").text
    assert "Every account that was shared with us has its client." in page
    assert "n-count" not in page


def test_an_entry_is_attached_to_who_waits_on_metas_own_page(desk: Desk, rt: Runtime, entry: str) -> None:
    client_id, reference = wait_for_an_account(rt)
    page = desk.get(f"/console/unclaimed/{entry}").text
    assert f'value="{reference}"' in page
    answer = desk.post(f"/console/unclaimed/{entry}/attach", whose=reference, client="")
    assert answer.headers["Location"] == f"/console/onboardings/{reference}"
    with rt.db.read() as session:
        (run,) = session.scalars(select(Onboarding)).all()
    assert (run.client_id, run.event_kind) == (client_id, "PARTNER_ADDED")
    again = desk.post(f"/console/unclaimed/{entry}/attach", whose=reference, client="")
    assert again.headers["Location"] == f"/console/onboardings/{reference}"
    assert "Settled" in desk.get(f"/console/unclaimed/{entry}").text


def test_a_client_is_made_with_the_name_in_the_field(desk: Desk, rt: Runtime, entry: str) -> None:
    assert 'value="Example Bakery"' in desk.get(f"/console/unclaimed/{entry}").text
    assert desk.post(f"/console/unclaimed/{entry}/make-client", name="Example Flowers").status_code == 303
    with rt.db.read() as session:
        assert session.scalars(select(Client.name)).all() == ["Example Flowers"]


def test_a_reason_too_short_is_told_at_its_field(desk: Desk, rt: Runtime, entry: str) -> None:
    answer = desk.post(f"/console/unclaimed/{entry}/refuse", reason="no")
    assert answer.status_code == 422
    assert "This must have 5 to 500 characters." in answer.text
    assert desk.post(f"/console/unclaimed/{entry}/refuse", reason="Nobody of ours").status_code == 303
    with rt.db.read() as session:
        assert session.scalars(select(UnclaimedAccount.settled_as)).one() == "refused"


def test_a_client_nobody_knows_is_told_at_its_field(desk: Desk, entry: str) -> None:
    answer = desk.post(f"/console/unclaimed/{entry}/attach", whose="other", client="nobody")
    assert answer.status_code == 422
    assert "This is no client’s id, reference or name." in answer.text.replace("&#39;", "’")


def test_strangers_and_impossible_keys_see_nothing(desk: Desk, nobody: Desk, entry: str) -> None:
    assert nobody.get(f"/console/unclaimed/{entry}").status_code == 303
    assert desk.get("/console/unclaimed/what").status_code == 404
    assert desk.get("/console/unclaimed/019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010").status_code == 404
