"""`/v1/errors/{code}`: what an error of Meta's means, who must act, and which button helps."""

from typing import Annotated, Any, Final

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.answers import answer
from app.api.guard import api_key, scope
from app.api.problems import EVERYWHERE, NOT_THERE
from app.api.reads import reads
from app.meta.catalogue import Button, Step, explain
from app.web.fields import Form
from app.web.guards import guarded

bp = guarded(
    APIBlueprint(
        "api_errors",
        __name__,
        url_prefix="/v1/errors",
        abp_tags=[Tag(name="Errors", description="What Meta’s errors mean, who must act, and what helps.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)


EXAMPLE: Final[dict[str, Any]] = {
    "code": 133005,
    "subcode": None,
    "step": "register",
    "key": "pin_mismatch",
    "meaning": "The number already has a two-step PIN, and it is not ours. We stopped after one try.",
    "who": "client",
    "action": "Enter the number’s own PIN, or turn off two-step verification in WhatsApp Manager.",
    "link": "https://business.facebook.com/wa/manage/phone-numbers/",
    "button": "enter_pin",
    "retry": "by_hand",
    "client_meaning": "Your number is protected by a PIN that we do not know.",
    "client_action": "Enter the PIN you chose for this number.",
}


class ErrorPath(Form):
    """Which code of Meta’s."""

    code: Annotated[str, StringConstraints(pattern=r"^\d{1,10}$")]


class ErrorQuery(Form):
    """Where it happened; the same number may mean another thing elsewhere."""

    subcode: int | None = Field(default=None, ge=0, le=9_999_999_999)
    step: Step | None = None


class ExplanationReply(BaseModel):
    """`key` is stable. `who` acts (client, partner, meta, nobody); `retry` is auto, by_hand or never."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [EXAMPLE]},
        openapi_extra={"example": EXAMPLE},  # type: ignore[typeddict-unknown-key]
    )

    code: int
    subcode: int | None
    step: str | None
    key: str
    meaning: str
    who: str
    action: str
    link: str | None
    button: Button
    retry: str
    client_meaning: str
    client_action: str


@bp.get("/<code>", responses={200: ExplanationReply, **NOT_THERE}, security=[{"api_key": ["onboardings:read"]}])
@scope("onboardings:read")
@reads
def show_error(path: ErrorPath, query: ErrorQuery) -> Response:
    """Explain an error of Meta’s

    There always is an answer: a code nobody has written about has the key `refused`.
    """
    code = int(path.code)
    row = explain((code, query.subcode), query.step)
    return answer(
        ExplanationReply(
            code=code,
            subcode=query.subcode,
            step=query.step,
            key=row.key,
            meaning=row.meaning,
            who=row.who,
            action=row.do,
            link=row.link,
            button=row.button,
            retry=row.retry,
            client_meaning=row.client_meaning,
            client_action=row.client_do,
        )
    )
