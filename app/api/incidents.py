"""`/v1/incidents`: what a person must know, open or over."""

from datetime import datetime
from typing import Annotated, Any, Final

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.answers import answer
from app.api.guard import api_key, scope
from app.api.links import Key
from app.api.problems import EVERYWHERE, NOT_THERE
from app.api.reads import reads
from app.incidents.reading import IncidentView, Wish, get_incident, list_incidents
from app.web.fields import Form
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(
    APIBlueprint(
        "api_incidents",
        __name__,
        url_prefix="/v1/incidents",
        abp_tags=[Tag(name="Incidents", description="What a person must know: one open row for each real problem.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)

READ: Final = [{"api_key": ["incidents:read"]}]
EXAMPLE: Final[dict[str, Any]] = {
    "id": "019aa5c1-7d3a-7a54-8c1e-5b0f6a2d9e10",
    "kind": "credit_missing",
    "severity": "urgent",
    "stage": "",
    "title": "Nobody pays for an account",
    "subject": {"kind": "account", "id": "019aa5c0-1b2c-7d3e-8f40-0a1b2c3d4e5f", "label": "Example Bakery"},
    "client_id": "019aa5bf-0000-7000-8000-000000000001",
    "reasons": ["Meta names no credential that pays for this account."],
    "opened_at": "2026-11-25T09:30:00Z",
    "seen_at": "2026-11-25T10:30:00Z",
    "closed_at": None,
    "closed_because": None,
    "history": [
        {"what": "opened", "severity": "urgent", "stage": "", "reasons": [], "at": "2026-11-25T09:30:00Z"},
    ],
}


class IncidentsQuery(Form):
    """Which incidents."""

    over: bool = Field(default=False, description="Those that are over, newest first, instead of those open.")
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,48}$")] | None = None
    client_id: Key | None = None
    after: Key | None = Field(default=None, description="The id of the last row of the page before; only with `over`.")


class IncidentPath(Form):
    """Which incident."""

    incident_id: Key


class SubjectReply(BaseModel):
    """What has the problem: account, number, onboarding, partner or house."""

    kind: str
    id: str
    label: str


class ChangeReply(BaseModel):
    """`what` is opened, worse, better, stage or closed."""

    what: str
    severity: str
    stage: str
    reasons: list[str]
    at: datetime


class IncidentReply(BaseModel):
    """`severity` is notice, warning, urgent or critical. `history` is empty in lists."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [EXAMPLE]},
        openapi_extra={"example": EXAMPLE},  # type: ignore[typeddict-unknown-key]
    )

    id: str
    kind: str
    severity: str
    stage: str
    title: str
    subject: SubjectReply
    client_id: str | None
    reasons: list[str]
    opened_at: datetime
    seen_at: datetime
    closed_at: datetime | None
    closed_because: str | None
    history: list[ChangeReply] = []


class IncidentsReply(BaseModel):
    """Open ones come whole, worst first; of those that are over, one page."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"incidents": [EXAMPLE | {"history": []}]}]},
        openapi_extra={"example": {"incidents": [EXAMPLE | {"history": []}]}},  # type: ignore[typeddict-unknown-key]
    )

    incidents: list[IncidentReply]


@bp.get("", responses={200: IncidentsReply}, security=READ)
@scope("incidents:read")
@reads
def show_incidents(query: IncidentsQuery) -> Response:
    """List incidents

    Open ones, worst first; with `over` those that have closed, newest first, a page at a time.
    """
    wish = Wish(closed=query.over, kind=query.kind, client_id=query.client_id)
    with rt().db.read() as session:
        rows = list_incidents(session, wish, after=query.after)
    return answer(IncidentsReply(incidents=[_told(row) for row in rows]))


@bp.get("/<incident_id>", responses={200: IncidentReply, **NOT_THERE}, security=READ)
@scope("incidents:read")
@reads
def show_incident(path: IncidentPath) -> Response:
    """Show an incident

    With everything that happened to it, oldest first.
    """
    with rt().db.read() as session:
        return answer(_told(get_incident(session, path.incident_id)))


def _told(row: IncidentView) -> IncidentReply:
    return IncidentReply(
        id=row.id,
        kind=row.kind.name,
        severity=row.severity,
        stage=row.stage,
        title=row.kind.title,
        subject=SubjectReply(kind=row.subject_kind, id=row.subject_id, label=row.label),
        client_id=row.client_id,
        reasons=list(row.reasons),
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        closed_at=row.closed_at,
        closed_because=row.closed_because,
        history=[
            ChangeReply(what=one.what, severity=one.severity, stage=one.stage, reasons=list(one.reasons), at=one.at)
            for one in row.history
        ],
    )
