"""One onboarding: its desk, steps, proofs, Graph calls and timeline, and the two things staff may do."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.access.keys import list_keys
from app.access.staff import list_staff
from app.audit.store import list_of
from app.console.cards import cards_of
from app.console.guard import by_script, staff_only, visitor
from app.console.life import BLOCKS, notice_of, syncs_of
from app.console.pressing import back_to, pressing
from app.console.the_number import read_number
from app.console.timeline import tell
from app.kit import clock
from app.kit.errors import InvalidInput, NotFound
from app.onboarding.ledger.desk import retry_step, waive_test
from app.onboarding.reading.progress import list_calls, read_progress
from app.upkeep.check.reading import account_of
from app.upkeep.tokens import words as token_words
from app.upkeep.tokens.reading import find_token, list_tries
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("onboarding", __name__, url_prefix="/onboardings/<reference>"), staff_only)

WHICH = re.compile(r"[A-Za-z0-9_-]{8,40}")
# The calls have a list of their own on the page, so the timeline begins without them.
FILTERS = {
    "": ("Highlights", {"step", "proof", "staff"}),
    "step": ("Steps", {"step"}),
    "proof": ("Proofs", {"proof"}),
    "staff": ("Staff", {"staff"}),
    "call": ("Graph calls", {"call"}),
    "all": ("Everything", {"step", "proof", "staff", "call"}),
}


@bp.before_request
def _refuse_what_is_no_reference() -> None:
    """What cannot be a reference or a key is not there; no database is asked about it."""
    if not WHICH.fullmatch(str((request.view_args or {}).get("reference"))):
        raise NotFound("There is no such onboarding.")


@bp.get("")
def show(reference: str) -> str:
    """The whole page."""
    return render_template("console/onboarding.html", **page_facts(reference))


@bp.get("/now")
@by_script
def show_now(reference: str) -> ResponseReturnValue:
    """The part of the page that changes; 304 while it is as the page has it."""
    facts = page_facts(reference)
    # Not over the text: each rendering carries a fresh CSRF token.
    version = hashlib.sha256(
        repr((facts["progress"], facts["lines"], facts["number"], facts["token"])).encode()
    ).hexdigest()[:24]
    if version in request.if_none_match:
        return "", 304
    response = make_response(render_template("console/_onboarding.html", **facts))
    response.set_etag(version)
    return response


@bp.post("/steps/<step>/retry")
def retry(reference: str, step: str) -> ResponseReturnValue:
    """*Try again*: the step runs as soon as a worker is free."""
    with pressing("Trying again.", "busy") as session:
        retry_step(session, reference, step, actor=visitor().actor, now=clock.now())
    return back_to(reference)


@bp.post("/waive")
def waive(reference: str) -> ResponseReturnValue:
    """*Skip with reason*, for the test message."""
    reason = request.form.get("reason", "")
    try:
        with pressing("The test message is skipped.", "ok") as session:
            waive_test(session, reference, reason=reason, actor=visitor().actor, now=clock.now())
    except InvalidInput as refused:
        facts = page_facts(reference) | {"reason": reason[:1000], "faults": refused.faults}
        return make_response(render_template("console/onboarding.html", **facts), 422)
    return back_to(reference)


def page_facts(reference: str, number_faults: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Everything the page shows, read in one transaction."""
    with rt().db.read() as session:
        progress = read_progress(session, reference)
        calls = list_calls(session, progress.id)
        people = {staff.id: staff.name for staff in list_staff(session)}
        people |= {key.id: key.name for key in list_keys(session)}
        number = read_number(session, progress, now=clock.now(), faults=number_faults)
        token = find_token(session, progress.client_id, progress.waba_id)
        tries = list_tries(session, token.watch_id, most=3) if token is not None else ()
        check = account_of(session, progress.client_id, progress.waba_id)
        days = tell(progress, calls, list_of(session, "onboarding", progress.id), people)
    wanted = request.args.get("calls", "")
    chosen = wanted if wanted == "all" or progress.step(wanted) else ""
    shown_step = chosen or (progress.current.name if progress.current else "all")
    asked = request.args.get("show", "")
    chosen_filter = asked if asked in FILTERS else ""
    return {
        "progress": progress,
        "notice": notice_of(progress),
        "syncs": syncs_of(progress, clock.now()),
        "blocks": BLOCKS,
        "cards": () if progress.state in {"replaced", "removed"} else cards_of(progress),
        "calls": [call for call in calls if shown_step in {"all", call.step_name}],
        "shown_calls": chosen,
        "shown_step": shown_step,
        "days": days,
        "lines": sum(len(day.moments) for day in days),
        "filters": FILTERS,
        "filter": chosen_filter,
        "people": people,
        "number": number,
        "token": token,
        "token_tries": tries,
        "token_words": token_words,
        "check": check,
        "reason": "",
        "faults": (),
    }
