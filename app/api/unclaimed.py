"""`/v1/unclaimed`: accounts shared with the partner that no client of ours has claimed."""

from typing import Annotated, Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field, StringConstraints, model_validator

from app.api.answers import answer
from app.api.guard import api_key, program, scope
from app.api.link_replies import example
from app.api.links import Key
from app.api.problems import CLASHES, EVERYWHERE, NOT_THERE, TOO_LARGE
from app.api.reads import reads
from app.api.unclaimed_replies import BegunReply, UnclaimedListReply, UnclaimedReply, told
from app.kit import clock
from app.onboarding.arrivals.saga import STREAM
from app.onboarding.reading.progress import read_reference
from app.onboarding.shares import unclaimed
from app.web.fields import Form
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(
    APIBlueprint(
        "api_unclaimed",
        __name__,
        url_prefix="/v1/unclaimed",
        abp_tags=[Tag(name="Unclaimed", description="Accounts Meta says are shared with you, and nobody's of ours.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)

READ, WRITE = [{"api_key": ["onboardings:read"]}], [{"api_key": ["onboardings:write"]}]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class UnclaimedPath(Form):
    """Which account: the id of its entry."""

    unclaimed_id: Key


class AttachForm(Form):
    """Whose it is: exactly one of the two."""

    model_config = example({"client": "crm-20418"})

    client: Line | None = Field(default=None, description="A client's id, your own reference for it, or its name.")
    onboarding: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,40}$")] | None = Field(
        default=None, description="The reference of an onboarding that waits on Meta's own page."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "AttachForm":
        if (self.client is None) == (self.onboarding is None):
            raise ValueError("give client or onboarding, and not both")
        return self


class MakeClientForm(Form):
    """The client to be made."""

    model_config = example({"name": "Example Bakery", "external_ref": "crm-20418"})

    name: Line | None = Field(default=None, description="Left out: Meta's name of the account or its owner.")
    external_ref: Line | None = Field(default=None, description="Your own key for the client.")


class RefuseForm(Form):
    """Why it is nobody's."""

    model_config = example({"reason": "Shared by mistake; its owner was told."})

    reason: Annotated[str, StringConstraints(max_length=1000)]


@bp.get("", responses={200: UnclaimedListReply}, security=READ)
@scope("onboardings:read")
@reads
def show_unclaimed() -> Response:
    """List unclaimed accounts

    Newest first, with whom each may belong to. One appears some minutes after Meta told of it, if no code claimed it.
    """
    with rt().db.read() as session:
        rows = unclaimed.list_unclaimed(session, now=clock.now())
    return answer(UnclaimedListReply(unclaimed=[UnclaimedReply(**told(row)) for row in rows]))


@bp.post("/<unclaimed_id>/attach", responses={200: BegunReply, **NOT_THERE, **CLASHES, **TOO_LARGE}, security=WRITE)
@scope("onboardings:write")
@reads
def attach(path: UnclaimedPath, body: AttachForm) -> Response:
    """Attach to a client

    An onboarding begins, or the one that waits on Meta's own page goes on. Doing it again gives the same.
    """
    who: dict[str, Any] = {"actor": program().actor, "now": clock.now()}
    with rt().db.write() as session:
        if body.onboarding is not None:
            key = unclaimed.attach_to_onboarding(session, rt().settings, path.unclaimed_id, body.onboarding, **who)
        else:
            client = unclaimed.find_client(session, str(body.client))
            key = unclaimed.attach_to_client(session, rt().settings, path.unclaimed_id, client.id, **who)
    return _begun(key)


@bp.post(
    "/<unclaimed_id>/make-client", responses={200: BegunReply, **NOT_THERE, **CLASHES, **TOO_LARGE}, security=WRITE
)
@scope("onboardings:write")
@reads
def make_client(path: UnclaimedPath, body: MakeClientForm) -> Response:
    """Make a client of it

    Named as Meta names the account, unless you give a name. An onboarding begins. Doing it again gives the same.
    """
    if body.name is None:
        unclaimed.ask_names(rt(), path.unclaimed_id)
    with rt().db.write() as session:
        key = unclaimed.make_client(
            session,
            rt().settings,
            path.unclaimed_id,
            name=body.name,
            external_ref=body.external_ref,
            actor=program().actor,
            now=clock.now(),
        )
    return _begun(key)


@bp.post("/<unclaimed_id>/refuse", responses={204: None, **NOT_THERE, **CLASHES, **TOO_LARGE}, security=WRITE)
@scope("onboardings:write")
@reads
def refuse(path: UnclaimedPath, body: RefuseForm) -> tuple[str, int]:
    """Refuse it

    The reason is kept. Nothing is changed at Meta: the account stays shared until somebody takes it out there.
    """
    with rt().db.write() as session:
        unclaimed.refuse(session, path.unclaimed_id, reason=body.reason, actor=program().actor, now=clock.now())
    return "", 204


def _begun(key: str) -> Response:
    rt().wakes.ring(STREAM)
    with rt().db.read() as session:
        return answer(BegunReply(onboarding=read_reference(session, key)))
