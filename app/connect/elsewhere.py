"""The ways over Meta's own pages, for browsers that stop the window or do not run our script: plain forms.

The full page leads back to `/connect/back` with a code; the hosted page leads nowhere, and Meta tells us.
Opening and consent are kept as with the window.
"""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.connect.consent import consent_given
from app.connect.forms import ContactForm, check_plan
from app.connect.policy import keep_window
from app.connect.visits import enter, here, opened_the_link, speak
from app.kit import clock
from app.kit.errors import Conflict, Fault, InvalidInput, NotFound, Unavailable
from app.kit.faults import checked
from app.kit.secret import Secret
from app.onboarding.arrivals import saga
from app.onboarding.links.links import Visit, set_contact
from app.onboarding.shares.hosted import open_hosted
from app.onboarding.window import redirects, signups
from app.onboarding.window.events import EndEvent
from app.onboarding.window.meta_pages import back_address, hosted_address, may_redirect, redirect_address
from app.onboarding.window.redirects import Gone, find_gone, may_come_back, open_redirect
from app.web.guards import guarded, open_to_all
from app.web.here import rt
from app.web.languages import page_language
from app.web.limits import limiter

out = guarded(Blueprint("elsewhere", __name__, url_prefix="/c/<link_id>"), opened_the_link)
back = guarded(Blueprint("back", __name__), open_to_all)

LONGEST = 2048  # characters of a code or a state; Meta's and ours are much shorter
MOST_TEXT = 500


@out.post("/full-page")
@limiter.limit("60 per minute")
def go_to_full_page(**_address: str) -> Response:
    """Over Meta's full page; it cannot keep a number on its phone app."""
    visit, settings, now = here(), rt().settings, clock.now()
    plan = _plan(visit)
    if not may_redirect([plan]):
        raise InvalidInput([Fault("plan", "cannot be done on this page of Meta's: use the window, or Meta's own page")])
    address = back_address(settings)
    with rt().db.write() as session:
        _keep_contact(session, visit)
        state = open_redirect(session, visit, redirect_uri=address, plan_asked=plan, consent=consent_given(), now=now)
    there = redirect_address(
        settings, state=state.reveal(), redirect_uri=address, plan=plan, prefill=visit.link.prefill
    )
    return make_response(redirect(there, 303))


@out.post("/metas-page")
@limiter.limit("60 per minute")
def go_to_hosted_page(**_address: str) -> Response:
    """Over Meta's hosted page: a run begins that waits for what Meta tells us."""
    visit, settings, now = here(), rt().settings, clock.now()
    plan = _plan(visit)
    with rt().db.write() as session:
        _keep_contact(session, visit)
        open_hosted(session, visit, settings, plan_asked=plan, consent=consent_given(), now=now)
    rt().wakes.ring(saga.STREAM)
    return make_response(redirect(hosted_address(settings, plan=plan, prefill=visit.link.prefill), 303))


@back.get("/back")
@limiter.limit("60 per minute")
def come_back() -> ResponseReturnValue:
    """Meta's full page leads here with a code, or with the news that somebody left it."""
    state, code = _given("state"), _given("code")
    now = clock.now()
    with rt().db.read() as session:
        gone = find_gone(session, state) if state else None
    visit = _visit_of(gone)
    why = may_come_back(gone, visit, now=now)
    if why == "used" and gone is not None and gone.onboarding_id is not None:
        # The address was loaded again: what it began is under way.
        return _to_page(gone.link_id)
    if why is not None or gone is None or visit is None:
        return _explain(why or "unknown", visit)
    with rt().db.write() as session:
        if not redirects.use_state(session, gone, now=now):
            return _explain("used", visit)
        if not code:
            ended = _ending()
            signups.note_event(session, visit, browser_key=gone.browser_key, event=ended, now=now)
    if not code:
        return _explain("left" if ended.outcome == "cancelled" else "failed", visit, said=ended.error_message)
    return _exchange(gone, visit, Secret(code))


def _exchange(gone: Gone, visit: Visit, code: Secret) -> ResponseReturnValue:
    now = clock.now()
    try:
        saga.begin(
            rt(),
            visit,
            browser_key=gone.browser_key,
            code=code,
            event=None,
            now=now,
            redirect_uri=gone.redirect_uri,
        )
    except Unavailable:
        with rt().db.write() as session:
            redirects.give_state_back(session, gone)
        return _explain("unreachable", visit)
    except InvalidInput as refused:
        return _explain("refused", visit, said=refused.faults[0].rule)
    except Conflict:
        pass  # another request of this browser is at it; the page shows what comes of it
    return _to_page(gone.link_id)


def _plan(visit: Visit) -> str:
    return check_plan(request.form.get("plan", visit.link.plans[0])[:32], visit.link.plans)


def _keep_contact(session: Session, visit: Visit) -> None:
    name, email = (request.form.get(field, "").strip() for field in ("contact_name", "contact_email"))
    if name or email:
        given = checked(ContactForm, {"name": name, "email": email})
        set_contact(session, visit, name=given.name, email=given.email, language=page_language(), now=clock.now())


def _given(name: str) -> str:
    """A word of the address; one that cannot be Meta's or ours counts as none."""
    found = request.args.get(name, "")
    return found if len(found) <= LONGEST and found.isascii() and found.isprintable() else ""


def _ending() -> EndEvent:
    """Meta's full page says `error` instead of a code; anything but a refusal of the person's own is an error."""
    kind = "CANCEL" if request.args.get("error") == "access_denied" else "ERROR"
    if kind == "CANCEL":
        return EndEvent(kind=kind)
    words = "".join(letter for letter in request.args.get("error_description", "") if letter.isprintable())
    return EndEvent(kind=kind, error_message=words[:MOST_TEXT] or None, error_id=_given("error_code")[:64] or None)


def _visit_of(gone: Gone | None) -> Visit | None:
    """The browser's visit of the link it had gone from; None for a browser that never was there."""
    if gone is not None:
        try:
            enter(gone.link_id)
            return here()
        except NotFound:
            pass
    speak()
    return None


def _to_page(link_id: str) -> Response:
    response = make_response(redirect(url_for("connect.pages.show", link_id=link_id), 303))
    keep_window()
    return response


def _explain(why: str, visit: Visit | None, *, said: str | None = None) -> ResponseReturnValue:
    """What came of it, and the way back to the client's own page where this browser may go there."""
    # A state that is not this browser's own tells nothing of whose page it was.
    link_id = visit.link.id if visit is not None and why != "foreign" else None
    return render_template("connect/back.html", why=why, link_id=link_id, said=said), 200 if why == "left" else 400
