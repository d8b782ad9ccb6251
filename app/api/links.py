"""`/v1/links`: make, show, list and revoke signup links."""

from typing import Annotated, Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field, StringConstraints

from app.api.answers import answer
from app.api.guard import api_key, program, scope
from app.api.link_replies import (
    FollowUpReply,
    LinkListReply,
    LinkReply,
    LinkWithOnboardingsReply,
    NewLinkReply,
    told,
    told_message,
    told_opening,
)
from app.api.problems import CLASHES, EVERYWHERE, NOT_THERE, TOO_LARGE
from app.api.reads import reads
from app.kit import clock
from app.onboarding.funnel.follow_up import follow_up
from app.onboarding.funnel.invitations import address_of, write_invitation
from app.onboarding.funnel.reached import read_stage
from app.onboarding.links.forms import LinkForm
from app.onboarding.links.link_list import LinkRow, list_links, list_references, read_link
from app.onboarding.links.links import create_link, get_link, revoke_link
from app.onboarding.window.meta_pages import hosted_address_of
from app.onboarding.window.openings import list_openings, newest_opening
from app.web.fields import Form
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(
    APIBlueprint(
        "api_links",
        __name__,
        url_prefix="/v1/links",
        abp_tags=[Tag(name="Links", description="One client's way to the signup page.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)

Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class LinkPath(Form):
    """Which link."""

    link_id: Key


class LinkQuery(Form):
    """Which links, from where."""

    state: Literal["open", "expired", "revoked"] | None = None
    before: Key | None = Field(default=None, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=100)


@bp.post("", responses={201: NewLinkReply, **TOO_LARGE}, security=[{"api_key": ["links:write"]}])
@scope("links:write")
@reads
def make_link(body: LinkForm) -> Response:
    """Make a link

    For a new client, or for one known by `external_ref`. Its older links end. The address is told once, here.
    """
    now = clock.now()
    with rt().db.write() as session:
        made = create_link(session, body.order(), actor=program().actor, now=now)
        row = read_link(session, made.link, now=now)
    public_url = rt().settings.public_url
    return _made(NewLinkReply(**told(row), url=address_of(made.token, public_url), hosted_url=_hosted(row)))


@bp.get("", responses={200: LinkListReply}, security=[{"api_key": ["links:read"]}])
@scope("links:read")
@reads
def show_links(query: LinkQuery) -> Response:
    """List links

    Newest first; `next` of one page is `before` of the next.
    """
    with rt().db.read() as session:
        page = list_links(session, now=clock.now(), state=query.state, before=query.before, limit=query.limit)
    return answer(LinkListReply(links=[LinkReply(**told(row)) for row in page.rows], next=page.next))


@bp.get("/<link_id>", responses={200: LinkWithOnboardingsReply, **NOT_THERE}, security=[{"api_key": ["links:read"]}])
@scope("links:read")
@reads
def show_link(path: LinkPath) -> Response:
    """Show a link

    Its state, how far it has brought its client, how each opening of Meta’s window ended, and the onboardings of it.
    """
    now = clock.now()
    with rt().db.read() as session:
        row = read_link(session, get_link(session, path.link_id), now=now)
        references = list_references(session, path.link_id)
        openings = [told_opening(opening) for opening in list_openings(session, path.link_id, now=now)]
        facts = told(row) | {"stage": read_stage(session, path.link_id)}
    return answer(
        LinkWithOnboardingsReply(**facts, onboardings=list(references), openings=openings, hosted_url=_hosted(row))
    )


@bp.post(
    "/<link_id>/follow-up",
    responses={201: FollowUpReply, **NOT_THERE, **CLASHES},
    security=[{"api_key": ["links:write"]}],
)
@scope("links:write")
@reads
def follow(path: LinkPath) -> Response:
    """Follow up a link

    For a client that stopped: a new link with the same plans, prefill, return addresses and life, and a text to send
    in the client’s language. The old one ends. Refused when a newer link is there, and when the client is connected.
    """
    now, settings = clock.now(), rt().settings
    with rt().db.write() as session:
        made = follow_up(session, path.link_id, actor=program().actor, now=now)
        row = read_link(session, made.link, now=now)
        opening = newest_opening(session, made.client.id, now=now)
    invitation = write_invitation(
        made,
        public_url=settings.public_url,
        partner=settings.partner_name,
        followed=True,
        ending=opening.ending if opening is not None else None,
    )
    return _made(
        FollowUpReply(**told(row), url=invitation.address, hosted_url=_hosted(row), message=told_message(invitation))
    )


@bp.delete("/<link_id>", responses={204: None, **NOT_THERE}, security=[{"api_key": ["links:write"]}])
@scope("links:write")
@reads
def end_link(path: LinkPath) -> tuple[str, int]:
    """Revoke a link

    It stops working at once, for browsers that have it open too. Doing it again changes nothing.
    """
    with rt().db.write() as session:
        revoke_link(session, path.link_id, actor=program().actor, now=clock.now())
    return "", 204


def _hosted(row: LinkRow) -> str:
    return hosted_address_of(rt().settings, row.plans, row.prefill)


def _made(reply: NewLinkReply) -> Response:
    response = answer(reply, 201)
    response.headers["Location"] = f"{rt().settings.public_url}/v1/links/{reply.id}"
    return response
