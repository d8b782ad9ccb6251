"""The set-up page: what the doctor has found last, an examination at the press of a button, and the one repair."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from app.access.staff import list_staff
from app.console.guard import staff_only, visitor
from app.kit import clock
from app.kit.errors import AppError
from app.upkeep.doctor.examination import examine
from app.upkeep.doctor.fields import FIELDS
from app.upkeep.doctor.last import Last, find_last, keep
from app.upkeep.doctor.registering import register
from app.upkeep.doctor.report import Finding, Report
from app.upkeep.doctor.words import GROUPS
from app.upkeep.tokens.proving import prove_renewal
from app.web.guards import guarded
from app.web.here import rt
from app.web.limits import limiter

bp = guarded(Blueprint("setup", __name__, url_prefix="/setup"), staff_only)

# What is to be mended, the most urgent first.
TO_MEND = ("broken", "warn")
# Findings that registering our callback and fields puts right.
REGISTERED_AWAY = frozenset({"callback", "account_update", "webhook_fields"})


@bp.get("")
def show_setup() -> str:
    """The last report; asks nobody anything."""
    with rt().db.read() as session:
        last = find_last(session)
        people = {person.id: person.name for person in list_staff(session)}
    return render_template("console/setup.html", **_facts(last, people))


@bp.post("/check")
@limiter.limit("12 per minute")
def check() -> Response:
    """Examine everything now. It takes as long as the slowest answer, and ends at the doctor's deadline."""
    _examine()
    return _back()


@bp.post("/webhooks")
@limiter.limit("12 per minute")
def register_webhooks() -> Response:
    """Make our address the app's callback, with the fields we need, then examine anew."""
    replaces = request.form.get("replaces", "")[:500]
    try:
        done = register(rt(), actor=visitor().actor, replaces=replaces, now=clock.now())
    except AppError as refused:
        flash(refused.detail, "act")
        return _back()
    added = f" New fields: {', '.join(done.added)}." if done.added else ""
    flash(f"Meta sends the app’s notifications to {rt().settings.callback_url}.{added}", "ok")
    _examine()
    return _back()


@bp.post("/renewal")
@limiter.limit("6 per minute")
def renew_one() -> Response:
    """Have the token of the first live client renewed, then examine anew: the finding says what Meta said."""
    try:
        done = prove_renewal(rt(), actor=visitor().actor, now=clock.now())
    except AppError as refused:
        flash(refused.detail, "act")
        return _back()
    flash(f"Meta was asked to renew the token of {done.client_name}.", "ok")
    _examine()
    return _back()


def _examine() -> None:
    report = examine(rt(), now=clock.now())
    with rt().db.write() as session:
        keep(session, report, visitor().actor)


def _back() -> Response:
    return make_response(redirect(url_for("console.setup.show_setup"), 303))


def _facts(last: Last | None, people: dict[str, str]) -> dict[str, Any]:
    findings = last.report.findings if last else ()
    return {
        "report": last.report if last else None,
        "by": people.get(last.actor.id or "", "somebody") if last else "",
        "to_mend": [finding for state in TO_MEND for finding in findings if finding.state == state],
        "to_look": [finding for finding in findings if finding.state == "look"],
        "groups": _groups(findings),
        "repairs": _repairs(last.report) if last else frozenset(),
        "replaces": _replaces(findings),
        "callback": rt().settings.callback_url,
        "fields": FIELDS,
    }


def _groups(findings: tuple[Finding, ...]) -> list[tuple[str, list[Finding]]]:
    return [(title, [finding for finding in findings if finding.group == group]) for group, title in GROUPS.items()]


def _repairs(report: Report) -> frozenset[str]:
    """The findings under which the button stands: the first one only, because one press puts all of them right."""
    broken = [one.check for one in report.findings if one.check in REGISTERED_AWAY and one.state in {"broken", "warn"}]
    return frozenset(broken[:1])


def _replaces(findings: tuple[Finding, ...]) -> str:
    """The other address the person sees, and so agrees to replace."""
    return next((one.verdict.places.get("theirs", "") for one in findings if one.check == "callback"), "")
