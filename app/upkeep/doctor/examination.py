"""One whole examination: every fact read side by side until the deadline, then every check judged.

Nothing is changed by it, at Meta or here, but that a token found dead is known as dead. It takes as long as the slowest
answer, and never longer than `DEADLINE`.
"""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from app.credentials.errors import SealBroken
from app.credentials.partner import find_in_use
from app.kit.secret import Secret
from app.meta.calls import Call
from app.meta.client import Meta
from app.meta.versions import read_versions
from app.runtime import Runtime
from app.upkeep.doctor import from_house, from_meta
from app.upkeep.doctor.facts import Facts, Ours
from app.upkeep.doctor.fields import FIELDS
from app.upkeep.doctor.report import Report, judge
from app.upkeep.doctor.side_by_side import ask_all
from config import Settings, is_metas

DEADLINE = 9.0  # seconds; a page waits for it


def examine(rt: Runtime, *, now: datetime) -> Report:
    """The report on this installation's set-up, as it is now. Never raises for what it finds."""
    return judge(read_facts(rt, now=now), now)


def read_facts(rt: Runtime, *, now: datetime) -> Facts:
    """Everything the checks need to know."""
    calls: list[Call] = []
    meta = Meta.over(rt.meta.graph.variant(timeout=from_meta.PATIENCE).recording(calls.append))
    of_meta = from_meta.questions_for(rt.settings, meta, _own_token(rt))
    of_house = from_house.questions_for(rt, now=now)
    answers = ask_all({**of_meta, **of_house}, seconds=DEADLINE)
    return Facts(
        ours=read_ours(rt.settings),
        meta=from_meta.read_answers(rt.settings, {name: answers[name] for name in of_meta}, list(calls)),
        house=from_house.read_answers({name: answers[name] for name in of_house}),
        versions=read_versions(),
        fields=FIELDS,
    )


def _own_token(rt: Runtime) -> Secret:
    """The token in use; a setting nobody has proven yet is what somebody wants to know about, so it goes first.

    Nothing is sealed here, and where the database does not answer the setting is all there is.
    """
    seed = Secret(rt.settings.meta_system_token.get_secret_value())
    try:
        with rt.db.read() as session:
            held = find_in_use(session, rt.vault, seed)
    except (SQLAlchemyError, SealBroken):
        return seed
    return seed if held is None else held.secret


def read_ours(settings: Settings) -> Ours:
    """Our settings without the secrets."""
    return Ours(
        app_id=settings.meta_app_id,
        business_id=settings.meta_business_id,
        system_user_id=settings.meta_system_user_id,
        credit_line_id=settings.meta_credit_line_id,
        graph_version=settings.meta_graph_version,
        graph_url=settings.meta_graph_url,
        public_url=settings.public_url,
        callback_url=settings.callback_url,
        host=urlsplit(settings.public_url).hostname or "",
        loopback=settings.is_loopback,
        rehearsal=not is_metas(urlsplit(settings.meta_graph_url).hostname or ""),
    )
