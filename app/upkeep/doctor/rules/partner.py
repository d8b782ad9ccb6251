"""Judgements about the partner: its system user and token, its portfolio, its credit line."""

from datetime import datetime, timedelta

from app.upkeep.doctor.facts import Facts, Trouble
from app.upkeep.doctor.verdicts import Verdict, answer_of, untold, verdict

NEEDED_SCOPES = ("business_management", "whatsapp_business_management", "whatsapp_business_messaging")
NOTICE = timedelta(days=14)
MAY_SHARE_CREDIT = frozenset({"ADMIN", "FINANCE_EDITOR"})
FINANCE_EDITOR = "EDITOR"
OF_ANOTHER_APP = 100  # Meta's code
# Meta's subcodes of 190, in words that finish "the token is not valid any more: …".
DEATHS = {
    458: "the app was removed from the system user",
    460: "a password was changed",
    463: "it has expired",
    467: "it was taken back",
}


def system_token(facts: Facts, _now: datetime) -> Verdict:
    """The token lives, is a system user's, and is of this app."""
    token = facts.meta.token
    if isinstance(token, Trouble):
        # Meta refuses to describe a token of another app, and says no more of it.
        return verdict("other_app", app_id=facts.ours.app_id) if token.code == OF_ANOTHER_APP else untold(token)
    if not token.is_valid:
        subcode = token.error.subcode if token.error else None
        return verdict("dead", why=DEATHS.get(subcode or 0, "Meta does not say why"))
    if token.app_id != facts.ours.app_id:
        return verdict("other_app", app_id=facts.ours.app_id)
    if token.type == "USER":
        return verdict("a_persons")
    return verdict("ok")


def token_scopes(facts: Facts, _now: datetime) -> Verdict:
    """The token carries every permission we use."""
    token = facts.meta.token
    if isinstance(token, Trouble):
        return untold(token)
    missing = [scope for scope in NEEDED_SCOPES if scope not in token.scopes]
    return verdict("missing", missing=", ".join(missing)) if missing else verdict("ok")


def token_life(facts: Facts, now: datetime) -> Verdict:
    """How long the token still lives."""
    token = facts.meta.token
    if isinstance(token, Trouble):
        return untold(token)
    ends = token.expires_at
    if ends is None:
        return verdict("never")
    case = "ends_soon" if ends - now <= NOTICE else "ok"
    return verdict(case, days=(ends - now).days, day=f"{ends.day} {ends:%B %Y}")


def business(facts: Facts, _now: datetime) -> Verdict:
    """The portfolio exists for our token, and Meta has verified it."""
    found, key = facts.meta.business, facts.ours.business_id
    if isinstance(found, Trouble):
        return verdict("unknown", business_id=key, answer=answer_of(found)) if found.code is not None else untold(found)
    name = found.name or key
    if found.verification_status is None:
        return verdict("look", name=name)
    case = "ok" if found.verification_status == "verified" else "not_verified"
    return verdict(case, name=name, status=found.verification_status)


def system_user(facts: Facts, _now: datetime) -> Verdict:
    """The system user is one of the portfolio's."""
    users, key = facts.meta.system_users, facts.ours.system_user_id
    if isinstance(users, Trouble):
        return untold(users)
    user = next((user for user in users if user.id == key), None)
    if user is None:
        listed = ", ".join(f"{user.name or 'without a name'} ({user.id})" for user in users) or "none"
        return verdict("unknown", system_user_id=key, listed=listed)
    return verdict("ok", name=user.name or key, role=user.role or "not told")


def finance_role(facts: Facts, _now: datetime) -> Verdict:
    """The system user may share the credit line, if there is one to share."""
    users, permission = facts.meta.system_users, facts.meta.finance_permission
    if not facts.ours.credit_line_id:
        return verdict("not_needed")
    if isinstance(users, Trouble):
        return untold(users)
    role = next((user.role for user in users if user.id == facts.ours.system_user_id), None) or "none"
    if role in MAY_SHARE_CREDIT:
        return verdict("ok", role=role)
    if isinstance(permission, Trouble):
        return untold(permission) if permission.code is None else verdict("look", role=role)
    if permission == FINANCE_EDITOR:
        return verdict("editor", role=role)
    return verdict("missing", role=role)


def credit_line(facts: Facts, _now: datetime) -> Verdict:
    """The credit line is one of ours, or there is none and that is meant."""
    lines, key = facts.meta.credit_lines, facts.ours.credit_line_id
    if isinstance(lines, Trouble):
        return verdict("not_shown", answer=answer_of(lines)) if lines.kind == "permission" else untold(lines)
    listed = ", ".join(line.id for line in lines)
    if not key:
        return verdict("unused", listed=listed) if lines else verdict("tech_provider")
    if not lines:
        return verdict("none", credit_line_id=key)
    line = next((line for line in lines if line.id == key), None)
    if line is None:
        return verdict("unknown", credit_line_id=key, listed=listed)
    return verdict("ok", name=line.legal_entity_name or key)
