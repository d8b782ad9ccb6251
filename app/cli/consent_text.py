"""A record of consents as plain text: one block for each, whole, so that it can be kept or handed over as it is."""

from app.cli.told import moment
from app.records.consents import ClientConsents, ConsentRecord


def in_text(found: ClientConsents) -> str:
    """The whole record; one sentence where there is nothing, or nothing any more."""
    if found.erased_at is not None:
        return f"This client was erased on {moment(found.erased_at)}; the record is {found.erased_code}."
    head = f"Consents of {found.client_name} ({found.external_ref or found.client_id})"
    if not found.consents:
        return f"{head}: none."
    return "\n\n".join([head, *(_block(one) for one in found.consents)])


def _block(one: ConsentRecord) -> str:
    local = f" ({one.local_at:%Y-%m-%d %H:%M} {one.local_at:%Z})" if one.local_at else ""
    rows = (
        ("Given", f"{moment(one.at)}{local}"),
        ("To", one.partner or "not kept"),
        ("Terms", f"version {one.terms_version}, language {one.language or 'not known'}"),
        ("Own terms at", one.terms_url or ""),
        ("Permissions", ", ".join(one.scopes)),
        ("From address", one.address or "not known"),
        ("Browser", one.user_agent or "not known"),
        ("Link", f"{one.link_id}, made {moment(one.link_made_at)} by {one.link_made_by}"),
        ("Onboarding", ", ".join(one.references) or "none came of it"),
        ("Record", one.id),
    )
    lines = [f"{label + ':':<14}{value}" for label, value in rows if value]
    return "\n".join([*lines, f"  {one.accepts}", *(f"  {n}. {clause}" for n, clause in enumerate(one.clauses, 1))])
