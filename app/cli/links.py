"""`flask links`: signup links, one for each client."""

import click

from app.audit.store import SYSTEM
from app.cli.told import Commands, moment, note, table
from app.console.words import STAGE_WORDS
from app.kit import clock
from app.onboarding.funnel.follow_up import follow_up
from app.onboarding.funnel.invitations import address_of, write_invitation
from app.onboarding.funnel.reached import read_stage
from app.onboarding.links.forms import read_order
from app.onboarding.links.link_list import list_links, list_references, read_link
from app.onboarding.links.links import create_link, get_link, revoke_link
from app.onboarding.window.meta_pages import hosted_address_of
from app.onboarding.window.openings import list_openings, newest_opening
from app.web.here import rt

links = Commands("links", help="Signup links: one client's way to its signup page.")


@links.command("make")
@click.argument("client_name")
@click.option("--external-ref", help="Your own key for the client; it stays one client.")
@click.option("--contact-name", help="The person at the client.")
@click.option("--contact-email", help="Where the person is written to.")
@click.option("--language", help="en, es or pt-BR.")
@click.option("--plan", "plans", multiple=True, help="standard or coexistence; repeat it. Both if absent.")
@click.option("--days", default=30, show_default=True, type=int, help="How long it works, 1 to 90 days.")
def make(
    client_name: str,
    external_ref: str | None,
    contact_name: str | None,
    contact_email: str | None,
    language: str | None,
    plans: tuple[str, ...],
    days: int,
) -> None:
    """Make a link and print its address. It is printed this once; older links of the client end."""
    contact = {"name": contact_name, "email": contact_email, "language": language}
    given = {
        "client_name": client_name,
        "external_ref": external_ref,
        "contact": {name: value for name, value in contact.items() if value is not None},
        "life_days": days,
    }
    order = read_order(given | ({"plans": list(plans)} if plans else {}))
    with rt().db.write() as session:
        made = create_link(session, order, actor=SYSTEM, now=clock.now())
        told = f"{made.client.name}: link {made.link.id}, works until {moment(made.link.expires_at)}."
    note(told)
    click.echo(address_of(made.token, rt().settings.public_url))


@links.command("follow-up")
@click.argument("link_id")
@click.option(
    "--text", is_flag=True, help="Print a text to send with it, in the client's language, instead of the address."
)
def follow(link_id: str, text: bool) -> None:
    """Make a new link for a client that stopped, with all the old one had, and print its address. The old one ends."""
    now, settings = clock.now(), rt().settings
    with rt().db.write() as session:
        made = follow_up(session, link_id, actor=SYSTEM, now=now)
        opening = newest_opening(session, made.client.id, now=now)
        told = f"{made.client.name}: link {made.link.id}, works until {moment(made.link.expires_at)}."
    ending = opening.ending if opening is not None else None
    written = write_invitation(
        made, public_url=settings.public_url, partner=settings.partner_name, followed=True, ending=ending
    )
    note(told)
    click.echo(f"{written.subject}\n\n{written.text}" if text else written.address)


@links.command("list")
@click.option("--state", type=click.Choice(["open", "expired", "revoked"]), help="Only these.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500), help="Rows at most.")
def show_all(state: str | None, limit: int) -> None:
    """List links, newest first."""
    with rt().db.read() as session:
        page = list_links(session, now=clock.now(), state=state, limit=limit)
    rows = [
        (row.id, row.client_name, row.state, moment(row.expires_at), moment(row.opened_at, never="not yet"))
        for row in page.rows
    ]
    table(("Id", "Client", "State", "Until", "Opened"), rows, empty="No links.")


@links.command("show")
@click.argument("link_id")
def show(link_id: str) -> None:
    """Show one link, with every opening of Meta's window and the onboardings that came through it."""
    with rt().db.read() as session:
        row = read_link(session, get_link(session, link_id), now=clock.now())
        references = list_references(session, link_id)
        openings = list_openings(session, link_id, now=clock.now())
        stage = read_stage(session, link_id)
    facts = [
        ("Client", row.client_name),
        ("Your reference", row.external_ref or "none"),
        ("Contact", " ".join(part for part in (row.contact_name, row.contact_email) if part) or "asked on the page"),
        ("State", row.state + (f" ({row.revoked_because})" if row.revoked_because else "")),
        ("Plans", ", ".join(row.plans)),
        ("Made", moment(row.created_at)),
        ("Until", moment(row.expires_at)),
        ("Opened", moment(row.opened_at, never="not yet")),
        ("Meta's own page", hosted_address_of(rt().settings, row.plans, row.prefill)),
        ("Came as far as", STAGE_WORDS[stage]),
        ("Onboardings", ", ".join(references) or "none yet"),
    ]
    table(("Link", row.id), facts, empty="")
    if openings:
        click.echo()
        rows = [
            (
                moment(opening.opened_at),
                "Signed up" if opening.onboarding_id else opening.ending.staff if opening.ending else "May be open",
                opening.screen or "",
                " · ".join(part for part in (opening.error_id, opening.session_id) if part),
                opening.error_message or "",
            )
            for opening in openings
        ]
        table(("Window opened", "How it ended", "Screen", "For Meta’s support", "Meta’s words"), rows, empty="")


@links.command("revoke")
@click.argument("link_id")
def revoke(link_id: str) -> None:
    """End a link at once, for browsers that have it open too."""
    with rt().db.write() as session:
        revoke_link(session, link_id, actor=SYSTEM, now=clock.now())
    note("The link no longer opens.")
