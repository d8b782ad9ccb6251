"""What the page's script tells us of Meta's window: opened, code, end event, abandoned; in any order, and maybe twice.

Each door is bound to the cookie of its link and to the opening the browser names (`state`), asks for the CSRF token,
and takes 16 kB at most. The code goes to Meta at once, because it lives 30 seconds; no token ever comes back.
"""

from typing import TypeVar

import structlog
from flask import Blueprint, Response, g, jsonify

from app.connect.consent import consent_given
from app.connect.forms import Abandoned, Code, Event, Opened, Piece, check_plan
from app.connect.visits import enter, here
from app.kit import clock
from app.kit.errors import Fault, InvalidInput
from app.kit.faults import checked
from app.kit.secret import Secret
from app.onboarding.arrivals import saga
from app.onboarding.reading.progress import read_reference
from app.onboarding.window import signups
from app.onboarding.window.events import EndEvent, read_end_event
from app.web.guards import Guard, guarded
from app.web.here import rt
from app.web.limits import limiter
from app.web.requests import read_json

log = structlog.get_logger("connect")

AnyPiece = TypeVar("AnyPiece", bound=Piece)
NOTHING = ("", 204)


def _let_in() -> None:
    """The link is named in the body, so it is read here, once, before anything is looked up."""
    g.body = read_json()
    link_id = g.body.get("link")
    if not isinstance(link_id, str):
        raise InvalidInput([Fault("link", "must be the id of the link")])
    enter(link_id)


opened_the_link_by_script = Guard("opened_the_link_by_script", _let_in, speaks="problem")

bp = guarded(Blueprint("signup_doors", __name__, url_prefix="/api/integrations/whatsapp"), opened_the_link_by_script)


@bp.post("/signups")
@limiter.limit("600 per minute")
def note_opening() -> tuple[str, int]:
    """Meta's window is being opened: keep the plan asked for, the answers, and what was consented to."""
    piece = _read(Opened)
    visit = here()
    plan = check_plan(piece.plan, visit.link.plans)
    consent = consent_given()
    with rt().db.write() as session:
        signups.note_opened(
            session,
            visit,
            browser_key=piece.state,
            plan_asked=plan,
            answers=piece.answers.model_dump(exclude_none=True),
            consent=consent,
            now=clock.now(),
        )
    return NOTHING


@bp.post("/exchange-token")
@limiter.limit("600 per minute")
def take_code() -> Response:
    """The code: exchanged while the browser waits. Answers the onboarding's reference, never a token."""
    piece = _read(Code)
    event = _event_beside_code(piece)
    now = clock.now()
    key = saga.begin(rt(), here(), browser_key=piece.state, code=Secret(piece.code), event=event, now=now)
    return _told(key)


@bp.post("/onboard-client")
@limiter.limit("600 per minute")
def take_event() -> Response:
    """What the window said: an end event with Meta's ids, or where somebody is. Claims, until the token proves them."""
    piece = _read(Event)
    return _note(piece.state, read_end_event(piece.event))


@bp.post("/abandonments")
@limiter.limit("600 per minute")
def note_abandonment() -> Response:
    """A cancel, an error, or a window closed by hand: kept, so that people who stop somewhere can be helped."""
    piece = _read(Abandoned)
    if piece.event is not None:
        return _note(piece.state, read_end_event(piece.event))
    with rt().db.write() as session:
        signups.note_closed(session, here(), browser_key=piece.state, screen=piece.screen, now=clock.now())
    return _told(None)


def _event_beside_code(piece: Code) -> EndEvent | None:
    """An event that cannot be read counts as lost, as any may be; the code beside it lives 30 seconds and is taken."""
    try:
        return read_end_event(piece.event) if piece.event is not None else None
    except InvalidInput as refused:
        log.warning("event_unreadable", faults=[f"{fault.field} {fault.rule}" for fault in refused.faults])
        return None


def _note(state: str, event: EndEvent) -> Response:
    with rt().db.write() as session:
        due = signups.note_event(session, here(), browser_key=state, event=event, now=clock.now())
    if due is not None:
        rt().wakes.ring(saga.STREAM)
    return _told(due)


def _told(key: str | None) -> Response:
    if key is None:
        return jsonify(onboarding=None)
    with rt().db.read() as session:
        return jsonify(onboarding=read_reference(session, key))


def _read(form: type[AnyPiece]) -> AnyPiece:
    return checked(form, g.body)
