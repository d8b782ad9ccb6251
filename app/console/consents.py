"""A client's record of consent, made to be printed: what was agreed to, when, from where, in the very words shown."""

import re

from flask import Blueprint, render_template, request

from app.console.guard import staff_only
from app.kit.errors import NotFound
from app.records.consents import NO_CLIENT, read_consents
from app.web.guards import guarded
from app.web.here import rt

bp = guarded(Blueprint("consents", __name__, url_prefix="/consents"), staff_only)

KEY = re.compile(r"[0-9a-f-]{36}")
REFERENCE = re.compile(r"[A-Za-z0-9_-]{8,40}")


@bp.get("/<client_id>")
def show(client_id: str) -> str:
    """All of a client's consents, or with `?onboarding=` those that one onboarding came of."""
    asked = request.args.get("onboarding", "")
    reference = asked if REFERENCE.fullmatch(asked) else None
    if not KEY.fullmatch(client_id):
        raise NotFound(NO_CLIENT)
    with rt().db.read() as session:
        found = read_consents(session, client_id, partner=rt().settings.partner_name, reference=reference)
    return render_template("console/consents.html", found=found, reference=reference)
