"""How far an onboarding is, as JSON: to the client's browser what concerns a client, to staff and programs all of it.

One address for whoever may see the onboarding: a browser with the cookie of its link, staff who are signed in, or a
program with a key that may read onboardings. To everybody else it is not there.
"""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from app.access import door, keys, sessions
from app.connect.visits import enter, speak
from app.connect.words import claim_of, sentence_of, title_of
from app.kit import clock
from app.kit.errors import NotAllowed, NotFound
from app.onboarding.reading.progress import Progress, ProofView, StepView, read_progress
from app.onboarding.reading.replies import PROOF_NAMES, STEP_STATES, status_of, told, wait_of
from app.web.guards import Guard, guarded
from app.web.here import rt
from app.web.languages import _
from app.web.limits import limiter

SCOPE = "onboardings:read"
NOT_THERE = "There is no such onboarding."


def _let_in() -> None:
    with rt().db.read() as session:
        g.progress = read_progress(session, str((request.view_args or {}).get("which", "")))
    g.sees_all = _is_program() or _is_staff()
    if g.sees_all:
        return
    try:
        enter(g.progress.link_id or "")
    except NotFound:
        # What is not yours is told in the same words as what does not exist.
        raise NotFound(NOT_THERE) from None


def _is_program() -> bool:
    """Whether a key of the partner's is shown that may read onboardings; a wrong one is said so."""
    kind, _space, presented = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return False
    found = keys.recognise(rt().db, presented.strip(), now=clock.now())
    if found is None:
        raise NotAllowed("Send a valid API key as Authorization: Bearer gw_live_…", known=False, code="wrong_key")
    if SCOPE not in found.scopes:
        raise NotAllowed(f"This key lacks the scope {SCOPE}.", code="missing_scope")
    return True


def _is_staff() -> bool:
    name = sessions.cookie_name(https=rt().settings.is_https)
    secret = request.cookies.get(name)
    return bool(secret) and door.recognise(rt().db, str(secret), now=clock.now(), by_hand=False) is not None


may_see_the_onboarding = Guard("may_see_the_onboarding", _let_in, speaks="problem")

bp = guarded(
    Blueprint("onboarding_state", __name__, url_prefix="/api/integrations/whatsapp/onboardings"),
    may_see_the_onboarding,
)


@bp.get("/<which>")
@limiter.limit("600 per minute")
def show(**_address: str) -> Response:
    """By id or reference. Times are ISO 8601 in UTC."""
    progress: Progress = g.progress
    if g.sees_all:
        return jsonify(told(progress).model_dump(mode="json"))
    speak()
    return jsonify(_for_client(progress, rt().settings.partner_name))


def _for_client(progress: Progress, partner: str) -> dict[str, Any]:
    """What concerns a client, in their language: no attempts, calls, evidence or numbers of Meta's errors."""
    return {
        "id": progress.id,
        "reference": progress.reference,
        "client": {"id": progress.client_id, "name": progress.client_name},
        "way": progress.way,
        "plan": progress.plan,
        "status": status_of(progress),
        "current_step": progress.current.name if progress.current else None,
        "number": progress.display_phone_number,
        "siblings": [
            {"reference": sibling.reference, "number": sibling.display_phone_number} for sibling in progress.siblings
        ],
        "ended_at": _moment(progress.ended_at),
        "replaced_by": progress.replaced_by,
        "steps": [_step(step, progress) for step in progress.steps],
        "proofs": [_proof(proof, partner) for proof in progress.proofs],
    }


def _step(step: StepView, progress: Progress) -> dict[str, Any]:
    trouble, wait = step.trouble, wait_of(step)
    return {
        "name": step.name,
        "title": title_of(step.name),
        "state": STEP_STATES[step.state],
        "wait": wait
        and {
            "why": sentence_of(step, progress),
            "since": _moment(wait.since),
            "until": _moment(wait.until),
            "next_look_at": _moment(wait.next_look_at),
        },
        "error": trouble
        and {
            "meaning": _(trouble.client_meaning),
            "who": trouble.who,
            "action": _(trouble.client_do),
            "retry_at": _moment(step.next_try_at),
        },
    }


def _proof(proof: ProofView, partner: str) -> dict[str, Any]:
    claim, rests_on = claim_of(proof, partner)
    return {
        "name": PROOF_NAMES[proof.kind],
        "ok": proof.seen_at is not None,
        "seen_at": _moment(proof.seen_at),
        "detail": f"{claim}. {rests_on}." if proof.seen_at else claim,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
