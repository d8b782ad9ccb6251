"""Judgements about the app at Meta and the way to it."""

from datetime import date, datetime, timedelta

from app.upkeep.doctor.facts import Facts, Trouble
from app.upkeep.doctor.verdicts import Verdict, answer_of, untold, verdict

NO_SUCH_APP = 101  # Meta's code where the id is wrong; another one speaks of the secret
NOTICE = timedelta(days=90)


def meta_answers(facts: Facts, _now: datetime) -> Verdict:
    """Graph answers at all, and in time."""
    wire = facts.meta.wire
    if wire.silent == wire.asked:
        return verdict("silent", address=facts.ours.graph_url)
    if wire.silent:
        return verdict("slow", silent=wire.silent, asked=wire.asked)
    return verdict("ok", ms=wire.fastest_ms)


def app_secret(facts: Facts, _now: datetime) -> Verdict:
    """The id and the newest secret are a pair."""
    trouble = facts.meta.secrets[0]
    if trouble is None:
        return verdict("ok", app_id=facts.ours.app_id)
    if trouble.code is None:
        return untold(trouble)
    if trouble.code == NO_SUCH_APP:
        return verdict("unknown_app", app_id=facts.ours.app_id)
    return verdict("wrong_secret", app_id=facts.ours.app_id, answer=answer_of(trouble))


def older_secrets(facts: Facts, _now: datetime) -> Verdict:
    """Each older secret is still one of the app's."""
    older = list(enumerate(facts.meta.secrets[1:], start=2))
    unknown = next((trouble for _, trouble in older if trouble is not None and trouble.code is None), None)
    if unknown is not None:
        return untold(unknown)
    dead = [str(place) for place, trouble in older if trouble is not None]
    if dead:
        return verdict("dead", places=", ".join(dead))
    return verdict("ok") if older else verdict("none")


def app_mode(facts: Facts, _now: datetime) -> Verdict:
    """Graph does not tell whether the app is live; it tells what an app cannot be live without."""
    app = facts.meta.app
    if isinstance(app, Trouble):
        return untold(app)
    given = {
        "Privacy policy URL": app.privacy_policy_url,
        "Terms of Service URL": app.terms_of_service_url,
        "Category": app.category,
    }
    missing = [name for name, value in given.items() if not value]
    return verdict("cannot_be_live", missing=", ".join(missing)) if missing else verdict("look")


def app_proof(facts: Facts, _now: datetime) -> Verdict:
    """Meta refuses calls without the proof that we hold the app secret."""
    required = facts.meta.proof_required
    if isinstance(required, Trouble):
        return untold(required)
    return verdict("ok" if required else "not_required")


def graph_version(facts: Facts, now: datetime) -> Verdict:
    """The version we ask for works, and will for a while."""
    asked, served, today = facts.ours.graph_version, facts.meta.wire.served, now.date()
    if asked not in facts.versions:
        newest = max(facts.versions, key=_number)
        return verdict("not_in_table" if _number(asked) > _number(newest) else "ended_long_ago", version=asked)
    ends = facts.versions[asked]
    if ends is not None and ends < today:
        return verdict("ended", version=asked, day=_day(ends))
    if served is not None and served != asked:
        return verdict("served_by_another", version=asked, served=served)
    if ends is None:
        return verdict("no_end_yet", version=asked)
    if ends - today <= NOTICE:
        return verdict("ending", version=asked, day=_day(ends), days=(ends - today).days)
    return verdict("ok", version=asked, day=_day(ends))


def _number(version: str) -> float:
    return float(version.removeprefix("v"))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
