"""The thirty seconds of a code: claim it for one request, exchange it, and say plainly what became of it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.kit.errors import Conflict, Fault, InvalidInput, Unavailable
from app.kit.secret import Secret
from app.meta.catalogue import explain
from app.meta.errors import MetaError
from app.meta.transport import Call
from app.onboarding.links.links import Visit
from app.onboarding.window.events import EndEvent
from app.onboarding.window.signups import get_signup, note_event, note_refusal, signup_of
from app.runtime import Runtime

BUSY = "This sign-in is being completed. The page shows it in a moment."
NO_META = "Meta does not answer just now. Nothing is lost: try again at once."
# Longer than the exchange may take: whoever still holds the claim then has died.
CLAIM_LIFE = timedelta(seconds=60)


def claim_code(rt: Runtime, visit: Visit, *, browser_key: str, event: EndEvent | None, now: datetime) -> str | None:
    """Make this request the one that exchanges the code; the onboarding's key when another one has done so."""

    def claim(session: Session) -> tuple[bool, str | None]:
        signup = signup_of(session, visit, browser_key, now=now)
        if signup.onboarding_id is not None:
            return True, signup.onboarding_id
        if signup.code_at is not None and now - signup.code_at < CLAIM_LIFE:
            return False, None
        signup.code_at, signup.code_refused = now, None
        if event is not None:
            note_event(session, visit, browser_key=browser_key, event=event, now=now)
        return True, None

    is_ours, known = rt.db.together(claim)
    if not is_ours:
        raise Conflict(BUSY, code="being_completed")
    return known


def exchange(
    rt: Runtime, visit: Visit, *, browser_key: str, code: Secret, now: datetime, redirect_uri: str | None = None
) -> tuple[Secret, Call]:
    """The token for the code, and the call as it may be kept.

    When it fails the claim is given up, so that posting the same code again asks Meta again and is told the same.
    """
    calls: list[Call] = []
    try:
        token = rt.meta.recording(calls.append).oauth.exchange(code, redirect_uri=redirect_uri)
    except MetaError as refused:
        if refused.retryable:
            with rt.db.write() as session:
                get_signup(session, visit, browser_key).code_at = None
            raise Unavailable(NO_META, code="meta_unreachable") from None
        explained = explain(refused, "exchange")
        with rt.db.write() as session:
            _note_refusal(session, visit, browser_key, explained.key, refused, now=now)
        raise InvalidInput([Fault("code", explained.client_meaning)], code=explained.key) from None
    return token, calls[-1]


def _note_refusal(
    session: Session, visit: Visit, browser_key: str, key: str, refused: MetaError, *, now: datetime
) -> None:
    signup = note_refusal(session, visit, browser_key=browser_key, key=key)
    facts = {"key": key, "code": refused.code, "subcode": refused.subcode, "trace_id": refused.trace_id}
    who = Actor("client", visit.client.id)
    add_entry(session, who, "code.refused", "link", visit.link.id, now=now, signup=signup.id, **facts)
