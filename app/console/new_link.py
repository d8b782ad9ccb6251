"""Making a link: the form with everything a link can carry, and the one page that shows its address."""

from dataclasses import replace
from typing import Any

from flask import Response, make_response, render_template, request

from app.clients.models import Client
from app.console.guard import visitor
from app.kit import clock
from app.kit.errors import InvalidInput
from app.onboarding.funnel.invitations import write_invitation
from app.onboarding.links.forms import DAYS_USUAL, read_order
from app.onboarding.links.links import NewLink, create_link
from app.onboarding.links.weekly import read_room
from app.onboarding.plans import ASKED
from app.onboarding.window.meta_pages import hosted_address_of
from app.onboarding.window.openings import Opening
from app.web.here import rt
from app.web.languages import tag_of

BUSINESS = tuple(
    f"prefill.business.{name}"
    for name in (
        "id",
        "name",
        "email",
        "website",
        "address.streetAddress1",
        "address.streetAddress2",
        "address.city",
        "address.state",
        "address.zipPostal",
        "address.country",
        "phone.code",
        "phone.number",
        "timezone",
    )
)
PROFILE = ("prefill.phone.displayName", "prefill.phone.category", "prefill.phone.description")
FIELDS = (
    "client_name",
    "external_ref",
    "contact.name",
    "contact.email",
    "contact.language",
    "life_days",
    *BUSINESS,
    *PROFILE,
    "return_urls.success",
    "return_urls.failure",
)
NUMBERS = {"life_days", "prefill.business.phone.code"}


def draw_form(client: Client | None = None) -> str:
    """The form for a new link: with nothing in it, or with what we know of the client it is for."""
    given = {"life_days": str(DAYS_USUAL)}
    if client is not None:
        known = {
            "client": client.id,
            "client_name": client.name,
            "external_ref": client.external_ref,
            "contact.name": client.contact_name,
            "contact.email": client.contact_email,
            "contact.language": tag_of(client.language) if client.language else None,
        }
        given |= {field: value for field, value in known.items() if value}
    return render_template("console/new_link.html", **_form(given, list(ASKED)))


def take_form() -> Response:
    """Make a link and show its address at once: it is kept nowhere, so no later page could show it."""
    given = {field: request.form.get(field, "").strip() for field in FIELDS}
    client_id = request.form.get("client") or None
    plans = request.form.getlist("plans")
    try:
        order = replace(read_order(_shaped(given, plans)), client_id=client_id)
        with rt().db.write() as session:
            made = create_link(session, order, actor=visitor().actor, now=clock.now())
    except InvalidInput as refused:
        page = render_template("console/new_link.html", **_form(given | {"client": client_id or ""}, plans, refused))
        return make_response(page, 422)
    return show_made(made)


def show_made(
    made: NewLink, *, followed: bool = False, again: bool = False, opening: Opening | None = None
) -> Response:
    """The page with the address, and a text to send with it in the client's language.

    `again`: it is for a client that connects again, whose link is sealed and can be shown once more.
    """
    settings = rt().settings
    invitation = write_invitation(
        made,
        public_url=settings.public_url,
        partner=settings.partner_name,
        followed=followed,
        ending=opening.ending if opening is not None else None,
    )
    page = render_template(
        "console/link_made.html",
        invitation=invitation,
        link=made.link,
        client=made.client,
        followed=followed,
        again=again,
        hosted_url=hosted_address_of(settings, made.link.plans, made.link.prefill),
    )
    return make_response(page, 201)


def _shaped(given: dict[str, str], plans: list[str]) -> dict[str, Any]:
    """Flat fields of the page as the nested order; an empty field is one that was not given."""
    order: dict[str, Any] = {"plans": plans}
    for field, value in given.items():
        if not value:
            continue
        *way, last = field.split(".")
        inner = order
        for name in way:
            inner = inner.setdefault(name, {})
        is_number = field in NUMBERS and value.isdecimal() and value.isascii()
        inner[last] = int(value) if is_number else value
    return order


def _form(given: dict[str, str], plans: list[str], refused: InvalidInput | None = None) -> dict[str, Any]:
    now = clock.now()
    with rt().db.read() as session:
        room = read_room(session, limit=rt().settings.meta_weekly_signup_limit, now=now)
    # A rule about several fields together stands at the first of them.
    faults = {_place(fault.field): fault.rule for fault in refused.faults} if refused else {}
    filled = any(given.get(field) or field in faults for field in (*BUSINESS, *PROFILE))
    return {
        "given": dict.fromkeys(("client", *FIELDS), "") | given,
        "plans": plans,
        "faults": faults,
        "filled": filled,
        "returns": any(given.get(field) or field in faults for field in FIELDS if field.startswith("return_urls")),
        "weekly": room,
    }


def _place(field: str) -> str:
    name = field.partition(".0")[0]
    return "prefill.business.id" if name == "prefill.business" else name
