"""How an onboarding begins: its code is exchanged at once, with nothing open and nothing queued: it lives 30 seconds.

Then one transaction lays everything down, and the walker (`walker.py`) moves it on.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.kit.ids import new_id, new_reference, readable
from app.kit.secret import Secret
from app.meta.transport import Call
from app.onboarding.ledger import ledger
from app.onboarding.ledger.ledger import StepCalls
from app.onboarding.links.links import Visit
from app.onboarding.models import Onboarding, Signup
from app.onboarding.window import code_exchange
from app.onboarding.window.events import EndEvent, stored_event
from app.onboarding.window.signups import CLOSED, get_signup, tell_event
from app.runtime import Runtime

STREAM = "onboardings"


def begin(
    rt: Runtime,
    visit: Visit,
    *,
    browser_key: str,
    code: Secret,
    event: EndEvent | None,
    now: datetime,
    redirect_uri: str | None = None,
) -> str:
    """Exchange a code and begin its onboarding; returns the onboarding's key.

    `redirect_uri` is that of Meta's full page, to the letter; a code of the window has none (Meta refuses with 36008).

    Posting the same opening again gives the same onboarding. Raises `InvalidInput` for a code that Meta refuses (it is
    then used up: only a new signup helps), `Conflict` while the first post is still being answered, `Unavailable` when
    Meta cannot be reached (the code may still be good: post it again at once).
    """
    known = code_exchange.claim_code(rt, visit, browser_key=browser_key, event=event, now=now)
    if known is not None:
        return known
    token, call = code_exchange.exchange(
        rt, visit, browser_key=browser_key, code=code, now=now, redirect_uri=redirect_uri
    )
    key = rt.db.together(lambda session: _lay_down(session, rt, visit, browser_key, token, call, now=now))
    rt.wakes.ring(STREAM)
    return key


def _lay_down(
    session: Session, rt: Runtime, visit: Visit, browser_key: str, token: Secret, call: Call, *, now: datetime
) -> str:
    """One transaction: the sealed token, the onboarding, its steps. From here on nothing can be lost."""
    signup = get_signup(session, visit, browser_key)
    onboarding = Onboarding(
        id=new_id(),
        reference=new_reference("onb"),
        client_id=visit.client.id,
        link_id=visit.link.id,
        signup_id=signup.id,
        way=signup.way,
        plan_asked=signup.plan_asked,
        on_our_credit=bool(rt.settings.meta_credit_line_id),
        test_word=readable(4),
        begun_at=now,
        due_at=now,
    )
    session.add(onboarding)
    session.flush()  # steps and calls refer to it
    _tell_what_is_known(onboarding, signup, now=now)
    signup.onboarding_id = onboarding.id
    rt.vault.seal(
        session, kind="business_token", client_id=visit.client.id, subject=onboarding.id, secret=token, now=now
    )
    ledger.lay_steps(session, onboarding)
    ledger.note_calls(session, [StepCalls(onboarding.id, "exchange", 0, [call], actor="client")])
    add_entry(
        session,
        Actor("client", visit.client.id),
        "onboarding.begun",
        "onboarding",
        onboarding.id,
        now=now,
        reference=onboarding.reference,
    )
    return onboarding.id


def _tell_what_is_known(onboarding: Onboarding, signup: Signup, *, now: datetime) -> None:
    if signup.event is not None and signup.event["kind"] != CLOSED:
        tell_event(onboarding, stored_event(signup.event), now=now)
