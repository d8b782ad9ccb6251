"""Writing down what came of a batch of looks: new tokens, tries, watches, and what people hear; one transaction.

Few statements for many rows, and everything that can be put together before the transaction is: on SQLite whoever else
writes waits for it. A watch that was turned to another token meanwhile (somebody connected again) or is no longer ours
is left as it is; its tries are kept all the same, because they were made.
"""

from collections.abc import Container, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, null, select, update
from sqlalchemy.orm import Session

from app.credentials.models import Credential, TokenWatch
from app.credentials.succession import Ready
from app.credentials.watches import DEAD, PARTNER, say_dead
from app.kit.many_rows import ManyRows
from app.runtime import Runtime
from app.upkeep.tokens.after import WATCH_KEYS, WORD_KEYS, After, Done, after, words_of
from app.upkeep.tokens.models import TokenRenewal
from app.upkeep.tokens.warnings import Standing, tell
from app.upkeep.tokens.ways import LOOK

_OURS = (
    select(TokenWatch.id, TokenWatch.credential_id, TokenWatch.suspected)
    .where(TokenWatch.id.in_(bindparam("ids", expanding=True)), TokenWatch.leased_by == bindparam("holder"))
    .order_by(TokenWatch.id)
    .with_for_update()
)
_WATCH = ManyRows(
    update(TokenWatch.__table__)  # type: ignore[arg-type]
    .where(TokenWatch.id == bindparam("key"))
    .values(
        {name.removeprefix("new_"): bindparam(name) for name in WATCH_KEYS if name != "key"}
        | dict.fromkeys(("asked_by", "leased_until", "leased_by"), null())
    ),
    WATCH_KEYS,
)
_TOLD = ManyRows(
    update(Credential.__table__)  # type: ignore[arg-type]
    .where(Credential.id == bindparam("key"))
    .values({name.removeprefix("new_"): bindparam(name) for name in WORD_KEYS if name != "key"}),
    WORD_KEYS,
)
_TRY = ManyRows(insert(TokenRenewal.__table__), TokenRenewal.__table__.columns.keys())  # type: ignore[arg-type]


def note(rt: Runtime, done: Sequence[Done], holder: str, *, from_day: int, now: datetime) -> int:
    """Keep it all; how many tokens were renewed."""
    heirs = [one.found.heir for one in done if one.found.heir is not None]
    ready = {one.heir.before: one for one in rt.vault.prepare(heirs, now=now)}

    def draw(one: Done, heir: Ready | None, suspected: str | None) -> After:
        heir_id = None if heir is None else heir.row_id
        return after(one, heir_id=heir_id, suspected=suspected, from_day=from_day, now=now)

    came = [draw(one, ready.get(one.task.credential_id), one.task.suspected) for one in done]
    with rt.db.write() as session:
        ours = _still_ours(session, done, holder)
        due = [heir for each in came if each.task.watch_id in ours and (heir := ready.get(each.task.credential_id))]
        followed = rt.vault.succeed(session, due, now=now) if due else frozenset[str]()
        for place, each in enumerate(came):
            # What was put together before holds, unless something came in between.
            key, watch_id = each.task.credential_id, each.task.watch_id
            suspected = ours.get(watch_id, each.task.suspected)
            if (each.heir_id is not None) != (key in followed) or suspected != each.task.suspected:
                came[place] = draw(each.done, ready[key] if key in followed else None, suspected)
        _write(rt, session, came, ours, now=now)
    if any(one.task.kind == PARTNER for one in done):
        rt.partner.forget()
    return len(followed)


def _write(rt: Runtime, session: Session, came: Sequence[After], ours: Container[str], *, now: datetime) -> None:
    kept = [each for each in came if each.task.watch_id in ours]
    for each in kept:
        each.watch["new_alarmed"] = _tell(rt, session, each, now=now)
    for statement, rows in (
        (_TRY, [row for each in came for row in each.tries]),
        (_TOLD, [words_of(each, now=now) for each in kept if each.keeps_token]),
        (_WATCH, [each.watch for each in kept]),
    ):
        statement.write(session.connection(), rows)


def _still_ours(session: Session, done: Sequence[Done], holder: str) -> dict[str, str | None]:
    """The watches whose lease is still ours and which still watch the token we asked about, each with its suspicion.

    Those that were turned to another token are given back.
    """
    asked = {one.task.watch_id: one.task.credential_id for one in done}
    rows = session.execute(_OURS, {"ids": list(asked), "holder": holder}).all()
    turned = [row.id for row in rows if row.credential_id != asked[row.id]]
    if turned:
        session.execute(
            update(TokenWatch)
            .where(TokenWatch.id.in_(turned))
            .values(leased_until=None, leased_by=None)
            .execution_options(synchronize_session=False)
        )
    return {row.id: row.suspected for row in rows if row.credential_id == asked[row.id]}


def _tell(rt: Runtime, session: Session, each: After, *, now: datetime) -> bool:
    """What people must hear of this token is opened, worsened or closed; whether something may be open afterwards."""
    task, then = each.task, each.then
    if (then.state == DEAD) != (task.state == DEAD):
        say_dead(session, task.client_id, task.subject, each.watch["new_dead_since"])
    if then.state not in (DEAD, "refused") and not then.failures and not task.alarmed:
        return False
    tries = [one for one in each.done.found.tries if one.way != LOOK or one.outcome in ("dead", "sealed")]
    return tell(rt, session, Standing(task, then, each.ends_at, tuple(tries)), now=now)
