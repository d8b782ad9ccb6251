import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from app.audit.store import SYSTEM, list_of
from app.kit import clock
from app.onboarding.links.links import LinkOrder, create_link
from app.onboarding.models import Link
from tests.console.staff import Desk
from tests.factories.links import add_onboarding_of, add_opening


def order(desk: Desk, name: str = "Example Bakery", **more: object) -> Link:
    with desk.rt.db.write() as session:
        return create_link(session, LinkOrder(name, **more), actor=SYSTEM, now=clock.now()).link  # type: ignore[arg-type]


FORM = {"client_name": "Example Bakery", "plans": ["standard"], "life_days": "30"}


def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    assert "No links yet." in desk.get("/console/links").text


def test_a_new_link_shows_its_address_once_and_never_again(desk: Desk) -> None:
    answer = desk.post("/console/links/new", **FORM)
    assert answer.status_code == 201
    address = re.search(r"readonly>(http://localhost:5000/connect/([A-Za-z0-9_-]{43}))<", answer.text)
    assert address
    assert address[2] not in desk.get("/console/links").text
    assert desk.get(f"/connect/{address[2]}").status_code in {302, 303}
    with desk.rt.db.read() as session:
        link = session.scalars(select(Link)).one()
        assert address[2] not in str(vars(link))
        assert [(entry.action, entry.actor_kind) for entry in list_of(session, "link", link.id)] == [
            ("link.created", "staff")
        ]


def test_every_field_reaches_the_link(desk: Desk) -> None:
    form = {
        "client_name": "Example Bakery",
        "external_ref": "crm-20418",
        "contact.name": "Alex Example",
        "contact.email": "alex@bakery.example",
        "contact.language": "pt-BR",
        "plans": ["coexistence"],
        "life_days": "7",
    }
    desk.post("/console/links/new", **form)
    page = desk.get("/console/links").text
    for words in ("Example Bakery", "crm-20418", "alex@bakery.example", "Phone app kept"):
        assert words in page
    assert "New number" not in page
    with desk.rt.db.read() as session:
        link = session.scalars(select(Link)).one()
        assert link.expires_at - link.created_at == timedelta(days=7)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"client_name": " "}, "Client name is required."),
        ({"contact.email": "not-an-address"}, "E-mail is not an e-mail address."),
        ({"life_days": "91"}, "Days it works must be 90 or less."),
        ({"life_days": "0"}, "Days it works must be 1 or more."),
        ({"life_days": "soon"}, "Days it works must be a whole number."),
        ({"life_days": "٣"}, "Days it works must be a whole number."),
        ({"plans": []}, "Choose at least one plan."),
        ({"plans": ["hosted"]}, "Choose at least one plan."),
        ({"contact.language": "xx"}, "must be one of en, es, pt-BR."),
    ],
)
def test_each_wrong_field_is_told_beside_it_and_the_rest_is_kept(
    desk: Desk, wrong: dict[str, object], told: str
) -> None:
    answer = desk.post("/console/links/new", **({**FORM, "external_ref": "crm-7"} | wrong))
    assert answer.status_code == 422
    assert told in unescape(answer.text)
    assert 'value="crm-7"' in answer.text
    with desk.rt.db.read() as session:
        assert session.scalars(select(Link)).all() == []


def test_a_field_that_is_wrong_is_tied_to_its_sentence(desk: Desk) -> None:
    page = desk.post("/console/links/new", **FORM, **{"contact.email": "x"}).text
    assert re.search(r'id="contact-email"[^>]*aria-describedby="contact-email-fault" aria-invalid="true"', page)
    assert '<a href="#contact-email">E-mail</a>' in page


def test_ending_a_link_ends_it_and_says_so(desk: Desk) -> None:
    link = order(desk)
    answer = desk.post(f"/console/links/{link.id}/revoke")
    assert answer.location == "/console/links"
    page = desk.get("/console/links?state=revoked").text
    assert "The link no longer opens." in page
    assert "Ended" in page
    assert desk.post(f"/console/links/{link.id}/revoke").status_code == 303


@pytest.mark.parametrize("key", ["019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010", "x", "%00", "%E2%82%AC"])
def test_a_link_that_is_not_there_cannot_be_ended(desk: Desk, key: str) -> None:
    assert desk.post(f"/console/links/{key}/revoke").status_code == 404


def test_states_are_counted_and_a_replaced_link_says_by_what(desk: Desk) -> None:
    order(desk, external_ref="crm-1")
    order(desk, external_ref="crm-1")
    order(desk, "Mock Travel", life=timedelta(seconds=0))
    page = desk.get("/console/links").text
    counts = re.findall(r">(All|Open|Expired|Ended) <b>(\d+)</b>", page)
    assert counts == [("All", "3"), ("Open", "1"), ("Expired", "1"), ("Ended", "1")]
    assert "by a newer one" in page


def test_a_client_that_stopped_gets_a_new_link_by_one_press(desk: Desk) -> None:
    old = order(desk, contact_name="Alex Example", contact_email="alex@bakery.example", language="es")
    add_opening(desk.rt.db, old, at=old.created_at, event={"kind": "CANCEL", "current_step": "PERMISSIONS"})

    answer = desk.post(f"/console/links/{old.id}/follow-up")

    assert answer.status_code == 201
    page = unescape(answer.text)
    address = re.search(r"readonly>(http://localhost:5000/connect/[A-Za-z0-9_-]{43})<", page)
    assert address
    assert "The link is made, and the one before has ended." in page
    assert 'lang="es" readonly>Hola, Alex Example:' in page
    assert "Se detuvo en los permisos. La página dice qué ayuda." in page
    assert "mailto:alex%40bakery.example?subject=Conectar%20Example%20Bakery%20a%20WhatsApp" in page
    with desk.rt.db.read() as session:
        newest = session.scalars(select(Link).order_by(Link.id.desc())).first()
        assert newest is not None
        told = [(entry.action, entry.actor_kind) for entry in list_of(session, "link", old.id)]
    assert ("link.followed_up", "staff") in told
    assert address[1].rpartition("/")[2] not in desk.get(f"/console/links/{newest.id}").text


def test_a_second_press_says_that_a_newer_link_is_there(desk: Desk) -> None:
    old = order(desk)
    desk.post(f"/console/links/{old.id}/follow-up")
    answer = desk.post(f"/console/links/{old.id}/follow-up")
    assert answer.location == f"/console/links/{old.id}"
    assert "A newer link of this client has taken its place" in desk.get(f"/console/links/{old.id}").text
    with desk.rt.db.read() as session:
        assert len(session.scalars(select(Link)).all()) == 2


def test_a_links_page_shows_what_it_carries_and_how_each_window_ended(desk: Desk) -> None:
    link = order(
        desk,
        external_ref="crm-20418",
        contact_email="alex@bakery.example",
        prefill={"business": {"name": "Example Bakery Ltd"}},
        return_urls={"success": "https://crm.example/ok"},
    )
    now = clock.now()
    error = {
        "kind": "CANCEL",
        "error_id": "1690130",
        "error_message": "<b>No</b>",
        "session_id": "f34b51dab5e0498",
        "timestamp": "1746041036",
    }
    add_opening(desk.rt.db, link, at=now - timedelta(minutes=10), event={"kind": "CANCEL"})
    add_opening(desk.rt.db, link, at=now - timedelta(minutes=5), event=error)
    page = desk.get(f"/console/links/{link.id}").text
    for told in (
        "crm-20418",
        "alex@bakery.example",
        "Example Bakery Ltd",
        "https://crm.example/ok",
        "Meta refused the portfolio or the account.",
        "Most often it is the portfolio that owns our app",
        "Left Meta’s window before the end",
        'data-copy="1690130"',
        'data-copy="f34b51dab5e0498"',
        "Follow up with a new link",
        "<dt>Came as far as</dt><dd>Meta’s window opened</dd>",
        "&lt;b&gt;No&lt;/b&gt;",
    ):
        assert told in page, told
    assert page.index("Meta refused the portfolio") < page.index("Left Meta’s window")


def test_a_link_with_an_onboarding_leads_there_instead(desk: Desk) -> None:
    link = order(desk)
    signup = add_opening(desk.rt.db, link, at=link.created_at, event={"kind": "FINISH"})
    row = add_onboarding_of(desk.rt.db, link, at=link.created_at, signup=signup)
    page = desk.get(f"/console/links/{link.id}").text
    assert f'href="/console/onboardings/{row.reference}"' in page
    assert "Signed up" in page
    assert "Follow up with a new link" not in page


@pytest.mark.parametrize("key", ["019a9f2e-5c1d-7e80-8a4b-33d9a1c2f010", "x", "%00", "%E2%82%AC"])
def test_a_link_that_is_not_there_has_no_page_and_no_follow_up(desk: Desk, key: str) -> None:
    assert desk.get(f"/console/links/{key}").status_code == 404
    assert desk.post(f"/console/links/{key}/follow-up").status_code == 404
