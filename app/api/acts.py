"""`/v1/onboardings/{reference}/…`: what a program may do about an onboarding: what staff may do in the console.

Revealing a PIN is not among it: that is for people, with a reason.
"""

from typing import Annotated, Literal

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field, StringConstraints

from app.api.answers import answer
from app.api.guard import api_key, program, scope
from app.api.link_replies import example
from app.api.onboardings import OnboardingPath
from app.api.problems import EVERYWHERE, NO_META, NOT_NOW, NOT_THERE
from app.api.reads import reads
from app.kit import clock
from app.kit.secret import Secret
from app.onboarding.ledger import desk
from app.onboarding.life import pins, verification
from app.onboarding.reading.progress import read_progress
from app.onboarding.reading.replies import OnboardingReply, told
from app.web.fields import Form
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(
    APIBlueprint(
        "api_acts",
        __name__,
        url_prefix="/v1/onboardings/<reference>",
        abp_tags=[Tag(name="Onboardings", description="One run of the steps for one client, with proofs.")],
        abp_responses=EVERYWHERE,
    ),
    api_key,
)

WRITE = "onboardings:write"
SECURITY = [{"api_key": [WRITE]}]
SixDigits = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class StepPath(OnboardingPath):
    """Which step of which onboarding."""

    step: Literal[
        "exchange",
        "fetch",
        "inspect",
        "subscribe",
        "credit",
        "verify",
        "register",
        "confirm",
        "sync",
        "name",
        "test",
    ]


class Waive(Form):
    """Why no test message is needed; it is kept."""

    model_config = example({"reason": "Tested by phone with the client"})

    reason: str = Field(min_length=desk.LEAST_REASON, max_length=desk.MOST_REASON)


class AskForCode(Form):
    """How the code comes."""

    model_config = example({"method": "SMS"})

    method: Literal["SMS", "VOICE"]


class EnterCode(Form):
    """The digits that came."""

    model_config = example({"code": "123456"})

    code: SixDigits


class GivePin(Form):
    """The number's own PIN. It is kept sealed and never told again here."""

    model_config = example({"pin": "123456"})

    pin: SixDigits


@bp.post("/steps/<step>/retry", responses={200: OnboardingReply, **NOT_THERE, **NOT_NOW}, security=SECURITY)
@scope(WRITE)
@reads
def retry(path: StepPath) -> Response:
    """Try a step again

    Lets a step that stands still run now. 409 when it does not stand still.
    """
    with rt().db.write() as session:
        key = desk.retry_step(session, path.reference, path.step, actor=program().actor, now=clock.now())
    return _moved(key)


@bp.post("/waive", responses={200: OnboardingReply, **NOT_THERE, **NOT_NOW}, security=SECURITY)
@scope(WRITE)
@reads
def waive(path: OnboardingPath, body: Waive) -> Response:
    """Skip the test message

    For a reason that is kept. The client can be connected this way, but not live.
    """
    with rt().db.write() as session:
        key = desk.waive_test(session, path.reference, reason=body.reason, actor=program().actor, now=clock.now())
    return _moved(key)


@bp.post("/request-code", responses={200: OnboardingReply, **NOT_THERE, **NOT_NOW, **NO_META}, security=SECURITY)
@scope(WRITE)
@reads
def request_code(path: OnboardingPath, body: AskForCode) -> Response:
    """Let Meta send a code

    Six digits to the number, by text or by call. One a minute, five in twelve hours.
    """
    key = _key_of(path.reference)
    verification.request_code(rt(), key, method=body.method, actor=program().actor)
    return _told(key)


@bp.post("/enter-code", responses={200: OnboardingReply, **NOT_THERE, **NOT_NOW, **NO_META}, security=SECURITY)
@scope(WRITE)
@reads
def enter_code(path: OnboardingPath, body: EnterCode) -> Response:
    """Enter the code

    Hands Meta the digits that came. 422 with the field `code` when they are wrong or too old.
    """
    key = _key_of(path.reference)
    verification.enter_code(rt(), key, code=Secret(body.code), actor=program().actor)
    return _told(key)


@bp.post("/pin", responses={200: OnboardingReply, **NOT_THERE, **NOT_NOW}, security=SECURITY)
@scope(WRITE)
@reads
def give_pin(path: OnboardingPath, body: GivePin) -> Response:
    """Enter the PIN

    The number's own PIN, where Meta refused ours. It is tried once; ten tries count in 72 hours.
    """
    with rt().db.write() as session:
        key = pins.give_pin(
            session, rt().vault, path.reference, pin=Secret(body.pin), actor=program().actor, now=clock.now()
        )
    return _moved(key)


@bp.post("/two-step-off", responses={200: OnboardingReply, **NOT_THERE, **NOT_NOW}, security=SECURITY)
@scope(WRITE)
@reads
def two_step_off(path: OnboardingPath) -> Response:
    """Two-step verification is off

    Somebody switched it off in WhatsApp Manager: the number is registered once more.
    """
    with rt().db.write() as session:
        key = pins.tell_two_step_is_off(session, path.reference, actor=program().actor, now=clock.now())
    return _moved(key)


def _key_of(reference: str) -> str:
    with rt().db.read() as session:
        return read_progress(session, reference).id


def _moved(key: str) -> Response:
    rt().wakes.ring("onboardings")
    return _told(key)


def _told(key: str) -> Response:
    with rt().db.read() as session:
        return answer(told(read_progress(session, key)))
