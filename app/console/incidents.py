"""Incidents: what is open, one with its history and runbook, who takes it on, and a trial of the channels."""

import re
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from app.access.staff import list_staff
from app.console.guard import staff_only, visitor
from app.console.runbooks import runbook_of
from app.incidents import reading
from app.incidents.kinds import KINDS
from app.incidents.reading import NOT_THERE, Wish
from app.kit import clock
from app.kit.errors import Conflict, NotFound
from app.mail.jobs import server_of
from app.upkeep.alerts.channels import channels_in
from app.upkeep.alerts.told import list_told
from app.upkeep.alerts.trying import try_channel
from app.web.guards import guarded
from app.web.here import rt
from app.web.limits import limiter

bp = guarded(Blueprint("incidents", __name__, url_prefix="/incidents"), staff_only)

KEY = re.compile(r"[0-9a-f-]{36}")


def how_many_open() -> int:
    """For the side bar of every page of the console."""
    with rt().db.read() as session:
        return reading.count_open(session)


@bp.get("")
def show_list() -> str:
    """What is open, worst first; or what is over, newest first."""
    closed = request.args.get("show") == "over"
    kind = request.args.get("kind") if request.args.get("kind") in KINDS else None
    after = request.args.get("after", "")
    with rt().db.read() as session:
        rows = reading.list_incidents(
            session, Wish(closed=closed, kind=kind), after=after if KEY.fullmatch(after) else None
        )
        people = _people(session)
    channels = channels_in(rt().settings)
    return render_template(
        "console/incidents.html",
        rows=rows,
        closed=closed,
        kind=kind,
        kinds=KINDS,
        people=people,
        more=rows[-1].id if closed and len(rows) == reading.PAGE else None,
        channels=channels,
        has_mail=server_of(rt().settings) is not None,
    )


@bp.get("/<key>")
def show(key: str) -> str:
    """One incident: what it is, what to do, what happened, who was told."""
    if not KEY.fullmatch(key):
        raise NotFound(NOT_THERE)
    with rt().db.read() as session:
        row = reading.get_incident(session, key)
        told = list_told(session, key)
        people = _people(session)
    return render_template(
        "console/incident.html", row=row, told=told, people=people, runbook=runbook_of(row.kind.name)
    )


@bp.post("/<key>/assign")
def assign(key: str) -> Response:
    """Take it on, or let it go."""
    if not KEY.fullmatch(key):
        raise NotFound(NOT_THERE)
    mine = request.form.get("who") == "me"
    me = visitor().actor
    try:
        with rt().db.write() as session:
            reading.assign(session, key, me.id if mine else None, actor=me, now=clock.now())
    except Conflict as refused:
        flash(refused.detail, "wait")
    return _to(url_for("console.incidents.show", key=key))


@bp.post("/channels/<key>/try")
@limiter.limit("6 per minute")
def try_one(key: str) -> Response:
    """Tell one channel now that it works."""
    try:
        label = try_channel(rt(), key, actor=visitor().actor, now=clock.now())
    except (Conflict, NotFound) as refused:
        flash(refused.detail, "act")
    else:
        flash(f"Told: {label}.", "ok")
    return _to(url_for("console.incidents.show_list", _anchor="channels"))


def _people(session: Any) -> dict[str, str]:
    return {person.id: person.name for person in list_staff(session)}


def _to(address: str) -> Response:
    return make_response(redirect(address, 303))
