"""The form for a link: everything an order may hold reaches it, and each wrong field is told beside itself."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.clients.models import Client
from app.onboarding.models import Link
from tests.console.staff import Desk
from tests.factories.onboardings import add_onboarding

FORM = {"client_name": "Example Bakery", "plans": ["standard"], "life_days": "30"}
PREFILL = {
    "prefill.business.name": "Example Bakery Ltd",
    "prefill.business.email": "alex@bakery.example",
    "prefill.business.website": "https://bakery.example",
    "prefill.business.address.streetAddress1": "1 Example Street",
    "prefill.business.address.streetAddress2": "Back yard",
    "prefill.business.address.city": "Example Town",
    "prefill.business.address.state": "EX",
    "prefill.business.address.zipPostal": "EX1 2AA",
    "prefill.business.address.country": "GB",
    "prefill.business.phone.code": "44",
    "prefill.business.phone.number": "7700900142",
    "prefill.business.timezone": "UTC+00:00",
    "prefill.phone.displayName": "Example Bakery",
    "prefill.phone.category": "RESTAURANT",
    "prefill.phone.description": "Bread since 1990",
    "return_urls.success": "https://crm.example/ok",
    "return_urls.failure": "https://crm.example/no",
}


def made(desk: Desk) -> list[Link]:
    with desk.rt.db.read() as session:
        return list(session.scalars(select(Link)))


def test_the_form_has_a_field_for_everything_a_link_carries(desk: Desk) -> None:
    page = desk.get("/console/links/new").text
    assert [name for name in PREFILL if f'name="{name}"' not in page] == []
    assert 'name="prefill.business.id"' in page
    assert '<details class="more" id="prefill">' in page


def test_what_is_filled_in_reaches_the_link_in_metas_shape(desk: Desk) -> None:
    answer = desk.post("/console/links/new", **FORM, **PREFILL)
    assert answer.status_code == 201
    (link,) = made(desk)
    assert link.prefill == {
        "business": {
            "name": "Example Bakery Ltd",
            "email": "alex@bakery.example",
            "website": "https://bakery.example",
            "address": {
                "streetAddress1": "1 Example Street",
                "streetAddress2": "Back yard",
                "city": "Example Town",
                "state": "EX",
                "zipPostal": "EX1 2AA",
                "country": "GB",
            },
            "phone": {"code": 44, "number": "7700900142"},
            "timezone": "UTC+00:00",
        },
        "phone": {"displayName": "Example Bakery", "category": "RESTAURANT", "description": "Bread since 1990"},
    }
    assert link.return_urls == {"success": "https://crm.example/ok", "failure": "https://crm.example/no"}


def test_a_portfolio_may_be_named_by_its_id_alone(desk: Desk) -> None:
    desk.post("/console/links/new", **FORM, **{"prefill.business.id": "2729063490586005"})
    assert made(desk)[0].prefill == {"business": {"id": "2729063490586005"}}


def test_empty_fields_fill_in_nothing(desk: Desk) -> None:
    desk.post("/console/links/new", **FORM, **dict.fromkeys(PREFILL, " "))
    assert (made(desk)[0].prefill, made(desk)[0].return_urls) == ({}, {})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"prefill.business.website": "bakery.example"}, "Website must be an https address"),
        ({"prefill.business.email": "alex"}, "Business mail address is not an e-mail address."),
        ({"prefill.business.address.country": "UK!"}, "Country has a shape that is not accepted."),
        ({"prefill.business.phone.code": "44"}, "Phone of the business is required."),
        ({"prefill.business.phone.code": "x", "prefill.business.phone.number": "7700900142"}, "must be a whole number"),
        ({"prefill.business.timezone": "Europe/Paris"}, "Time zone has a shape that is not accepted."),
        ({"prefill.business.id": "2729063490586005", "prefill.business.name": "X"}, "not both."),
        ({"prefill.phone.category": "baker"}, "Category has a shape that is not accepted."),
        ({"return_urls.success": "http://crm.example/ok"}, "Address after success must be an https address"),
        ({"return_urls.failure": "javascript:alert(1)"}, "Address while it is not done must be an https address"),
    ],
)
def test_each_wrong_field_is_told_beside_it_and_its_group_is_open(desk: Desk, wrong: dict[str, str], told: str) -> None:
    answer = desk.post("/console/links/new", **FORM, **wrong)
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert told in page
    group = "returns" if any(name.startswith("return") for name in wrong) else "prefill"
    assert f'<details class="more" id="{group}" open>' in page
    field = re.search(r'class="fault" id="([^"]+)-fault"', page)
    assert field
    assert f'<a href="#{field[1]}">' in page
    assert made(desk) == []


def test_a_new_links_page_has_a_text_to_send(desk: Desk) -> None:
    page = unescape(desk.post("/console/links/new", **FORM, **{"contact.language": "pt-BR"}).text)
    assert 'lang="pt-BR" readonly>Olá,' in page
    assert "in Português (Brasil)" in page
    assert "mailto:" not in page


def test_a_link_for_a_client_that_is_here_is_filled_in_and_stays_that_clients(desk: Desk) -> None:
    """Also where we have no reference of our own: another client of the same name would not hold its number."""
    run = add_onboarding(desk.rt, "Example Bakery")
    with desk.rt.db.write() as session:
        client = session.get_one(Client, run.client_id)
        client.contact_name, client.contact_email, client.language = "Alex Example", "alex@bakery.example", "pt_BR"

    page = desk.get(f"/console/links/new?client={run.client_id}").text
    assert 'name="client_name" type="text" value="Example Bakery"' in page
    assert 'name="contact.name" type="text" value="Alex Example"' in page
    assert 'name="contact.email" type="email" value="alex@bakery.example"' in page
    assert '<option value="pt-BR" lang="pt-BR" selected>' in page
    assert f'<input type="hidden" name="client" value="{run.client_id}">' in page
    assert desk.post("/console/links/new", **FORM, client=run.client_id).status_code == 201
    newest = max(made(desk), key=lambda link: link.id)
    assert newest.client_id == run.client_id


def test_the_reference_of_a_client_that_is_here_is_filled_in(desk: Desk) -> None:
    run = add_onboarding(desk.rt, "Example Bakery")
    with desk.rt.db.write() as session:
        session.get_one(Client, run.client_id).external_ref = "crm-7"

    assert (
        'name="external_ref" type="text" value="crm-7"' in desk.get(f"/console/links/new?client={run.client_id}").text
    )


@pytest.mark.parametrize("client", ["nobody", "01a21435-46cc-7422-9fd7-1506586ca36c", "%00"])
def test_a_link_for_a_client_that_is_not_here_is_not_found(desk: Desk, client: str) -> None:
    assert desk.get(f"/console/links/new?client={client}").status_code == 404


def test_a_reference_that_is_another_clients_is_told_at_its_field(desk: Desk) -> None:
    run, other = add_onboarding(desk.rt, "Example Bakery"), add_onboarding(desk.rt, "Example Florist")
    with desk.rt.db.write() as session:
        session.get_one(Client, other.client_id).external_ref = "crm-8"

    answer = desk.post("/console/links/new", **FORM, client=run.client_id, external_ref="crm-8")
    assert answer.status_code == 422
    assert "Your reference is another client’s." in unescape(answer.text)


def test_the_desk_leads_to_a_link_of_its_own_client(desk: Desk) -> None:
    run = add_onboarding(
        desk.rt,
        "Example Bakery",
        states=("refused", *["not_started"] * 4),
        troubles={"exchange": {"key": "no_account_shared"}},
    )
    assert f'href="/console/links/new?client={run.client_id}"' in desk.get(f"/console/onboardings/{run.reference}").text
