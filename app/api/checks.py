"""`/v1/checks`: what Meta says otherwise than we, and having it put right."""

from typing import Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field

from app.api.answers import answer
from app.api.check_replies import AccountCheckReply, DriftsReply, RepairReply, told_account, told_drifts
from app.api.guard import api_key, program, scope
from app.api.link_replies import example
from app.api.links import Key
from app.api.problems import CLASHES, EVERYWHERE, NOT_THERE, TOO_LARGE
from app.api.reads import reads
from app.kit import clock
from app.upkeep.check import acting, reading
from app.upkeep.check.rows import STREAM
from app.web.fields import Form
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(
    APIBlueprint(
        "api_checks",
        __name__,
        url_prefix="/v1/checks",
        abp_tags=[Tag(name="Checks", description="What Meta says of connected accounts beside what we hold.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)

READ, WRITE = [{"api_key": ["accounts:read"]}], [{"api_key": ["accounts:check"]}]


class ChecksQuery(Form):
    """Which drifts."""

    repairs: Literal["ours", "staff", "client"] | None = Field(
        default=None, description="Only those that these put right."
    )


class CheckPath(Form):
    """Which account: our key of it."""

    account_id: Key


class RepairForm(Form):
    """Which fact."""

    model_config = example({"fact_id": "019a9f2e-5c10-7d35-9a68-1f8e07a4b101"})

    fact_id: Key


@bp.get("", responses={200: DriftsReply}, security=READ)
@scope("accounts:read")
@reads
def list_drifts(query: ChecksQuery) -> Response:
    """List what differs

    Everything that Meta says otherwise than we, of all clients, the worst first.
    """
    with rt().db.read() as session:
        return answer(told_drifts(reading.list_drifts(session, repairs=query.repairs)))


@bp.get("/<account_id>", responses={200: AccountCheckReply, **NOT_THERE}, security=READ)
@scope("accounts:read")
@reads
def show_account(path: CheckPath) -> Response:
    """Show one account

    Every fact with our value and Meta’s, what is wrong first.
    """
    with rt().db.read() as session:
        return answer(told_account(reading.read_account(session, path.account_id)))


@bp.post("/<account_id>/run", responses={202: None, **NOT_THERE}, security=WRITE)
@scope("accounts:check")
@reads
def run_check(path: CheckPath) -> tuple[str, int]:
    """Check an account now

    Meta is asked within moments; `checked_at` tells when it was.
    """
    with rt().db.write() as session:
        acting.check_now(session, path.account_id, actor=program().actor, now=clock.now())
    rt().wakes.ring(STREAM)
    return "", 202


@bp.post("/<account_id>/repair", responses={200: RepairReply, **NOT_THERE, **CLASHES, **TOO_LARGE}, security=WRITE)
@scope("accounts:check")
@reads
def repair_fact(path: CheckPath, body: RepairForm) -> Response:
    """Put a fact right

    What is ours is repaired at Meta by a worker, which looks first and reads back. Where a person decides whether
    Meta’s value is meant, it becomes ours.
    """
    with rt().db.write() as session:
        became = acting.repair(session, path.account_id, body.fact_id, actor=program().actor, now=clock.now())
    rt().wakes.ring(STREAM)
    return answer(RepairReply(repair=became))  # type: ignore[arg-type]  # one of the two
