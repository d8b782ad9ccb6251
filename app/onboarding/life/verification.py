"""The one-time code of a number that was never confirmed: asked for and entered on our page, while the client waits.

Meta's page: "Business phone numbers" (request_code, verify_code). The code goes to Meta and is kept nowhere. The step
`verify` looks afterwards and is done when Meta shows the number as verified.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.kit import clock
from app.kit.errors import Conflict, Fault, InvalidInput, TooMany, Unavailable
from app.kit.secret import Secret
from app.meta.catalogue import explain
from app.meta.client import Meta
from app.meta.errors import MetaError, MetaUnreachable
from app.meta.transport import Call
from app.onboarding import rules
from app.onboarding.ledger import acts, ledger
from app.onboarding.ledger.counted import REQUEST_CODE, read_codes
from app.onboarding.ledger.ledger import StepCalls
from app.onboarding.ledger.troubles import key_of
from app.onboarding.models import Onboarding
from app.runtime import Runtime

Method = Literal["SMS", "VOICE"]
ALREADY_VERIFIED_OR_TOO_OFTEN = 136024
# The one trouble of the step that a code ends; where the token is dead, say, none is asked for.
CODE_WANTED: Final = "number_not_verified"
LANGUAGES: Final = {"en": "en_US", "es": "es_LA", "pt_BR": "pt_BR"}
NO_META = "Meta does not answer just now. Nothing is lost: try again in a moment."


@dataclass(frozen=True)
class _Number:
    """What a call about the number needs."""

    phone_number_id: str
    token: Secret
    language: str
    attempt: int


def request_code(rt: Runtime, key: str, *, method: Method, actor: Actor) -> None:
    """Let Meta send six digits to the number, by text or by call.

    Raises `Conflict` when the number does not wait for one, `TooMany` within a minute of the last one and after five in
    twelve hours, `InvalidInput` with the catalogue's words when Meta refuses, `Unavailable` when it does not answer.
    """
    now = clock.now()
    with rt.db.write() as session:
        number = _waiting_number(rt, session, key)
        _still_may(session, number, now=now)
        try:
            act = acts.begin_act(
                session, subject=number.phone_number_id, what=REQUEST_CODE, onboarding_id=key, by_hand=True, now=now
            )
        except acts.UnderWay:
            raise Conflict("A code is being asked for at this moment.", code="code_under_way") from None

    def ask(meta: Meta) -> None:
        meta.numbers.request_code(number.phone_number_id, number.token, method=method, language=number.language)

    refused = _call(rt, key, number, actor, ask)
    with rt.db.write() as session:
        acts.end_act(session, act, _outcome(refused))
        step = ledger.get_step(session, key, "verify")
        if refused is None:
            kept = {name: seen for name, seen in step.evidence.items() if name != "code_refused"}
            step.evidence = {**kept, "code_sent": {"method": method, "at": now.isoformat()}}
            add_entry(session, actor, "code.requested", "onboarding", key, now=now, method=method)
        elif refused.code == ALREADY_VERIFIED_OR_TOO_OFTEN:
            # Kept, because the look that follows draws the page anew, and the reason must still be on it.
            refusal = {"key": explain(refused, "verify").key, "at": now.isoformat()}
            step.evidence = {**step.evidence, "code_refused": refusal}
            _look_again(session, key, "code_refused_at", now=now)
    if refused is not None:
        if refused.code == ALREADY_VERIFIED_OR_TOO_OFTEN:
            rt.wakes.ring("onboardings")
        raise _told(refused, "method")


def enter_code(rt: Runtime, key: str, *, code: Secret, actor: Actor) -> None:
    """Give Meta the digits that came. Raises as `request_code`, with the field `code`."""
    with rt.db.read() as session:
        number = _waiting_number(rt, session, key)

    def verify(meta: Meta) -> None:
        meta.numbers.verify_code(number.phone_number_id, number.token, code=code)

    refused = _call(rt, key, number, actor, verify)
    if refused is not None:
        raise _told(refused, "code")
    with rt.db.write() as session:
        add_entry(session, actor, "number.verified", "onboarding", key, now=clock.now())
        _look_again(session, key, "entered_at", now=clock.now())
    rt.wakes.ring("onboardings")


def _waiting_number(rt: Runtime, session: Session, key: str) -> _Number:
    onboarding = session.get_one(Onboarding, key)
    if onboarding.ended_at is not None:
        raise Conflict("This number does not wait for a code.", code="no_code_wanted")
    step = ledger.find_step(session, key, "verify")
    trouble = key_of(step.trouble) if step is not None and step.state == rules.NEEDS_CLIENT else None
    if step is None or trouble != CODE_WANTED or onboarding.phone_number_id is None:
        raise Conflict("This number does not wait for a code.", code="no_code_wanted")
    held = rt.vault.open_current(
        session, kind="business_token", client_id=onboarding.client_id, subject=str(onboarding.waba_id)
    )
    if held is None:
        raise Conflict("This number cannot be asked about: its token is gone.", code="no_token")
    language = ledger.language_of(session, onboarding)
    return _Number(onboarding.phone_number_id, held.secret, LANGUAGES.get(language or "en", "en_US"), step.attempts)


def _still_may(session: Session, number: _Number, *, now: datetime) -> None:
    codes = read_codes(session, number.phone_number_id, now=now)
    if codes.again_at is None:
        return
    wait = int((codes.again_at - now).total_seconds()) + 1
    if codes.left:
        raise TooMany(
            "A code was asked for less than a minute ago. Give it a moment to arrive.",
            retry_after=wait,
            code="code_just_asked",
        )
    raise TooMany(
        "Five codes were asked for in twelve hours; Meta sends no more for now.",
        retry_after=wait,
        code="too_many_codes",
    )


def _call(rt: Runtime, key: str, number: _Number, actor: Actor, do: Callable[[Meta], None]) -> MetaError | None:
    """Make the call with nothing open and keep it in the ledger, whatever comes of it."""
    calls: list[Call] = []
    refused = None
    try:
        do(rt.meta.recording(calls.append))
    except MetaError as error:
        refused = error
    with rt.db.write() as session:
        ledger.note_calls(session, [StepCalls(key, "verify", number.attempt, calls, actor=actor.kind)])
    return refused


def _outcome(refused: MetaError | None) -> str:
    if refused is None:
        return acts.DONE
    if isinstance(refused, MetaUnreachable):
        return acts.UNKNOWN if refused.request_written else acts.WITHDRAWN
    return acts.REFUSED


def _look_again(session: Session, key: str, because: str, *, now: datetime) -> None:
    step = ledger.get_step(session, key, "verify")
    step.evidence = {**step.evidence, because: now.isoformat()}
    if step.state == rules.NEEDS_CLIENT:
        step.state, step.trouble, step.next_try_at = rules.NOT_STARTED, None, None
        session.get_one(Onboarding, key).due_at = now


def _told(refused: MetaError, field: str) -> Exception:
    if refused.retryable:
        return Unavailable(NO_META, code="meta_unreachable")
    explained = explain(refused, "verify")
    return InvalidInput([Fault(field, explained.client_meaning)], code=explained.key)
