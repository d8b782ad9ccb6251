"""Writing down what came of a batch of looks: new tokens, tries, watches, and what people hear; one transaction.

Few statements for many rows. A watch that was turned to another token meanwhile (somebody connected again) or is no
longer ours is left as it is; its tries are kept all the same, because they were made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, null, select, update
from sqlalchemy.orm import Session

from app.credentials.models import Credential, TokenWatch
from app.credentials.watches import DEAD, PARTNER, say_dead
from app.kit.ids import new_id
from app.runtime import Runtime
from app.upkeep.tokens.models import TokenRenewal
from app.upkeep.tokens.rules import Next, plan
from app.upkeep.tokens.warnings import Standing, tell
from app.upkeep.tokens.ways import LOOK, Found, Task, facts_after

_WATCH = (
    update(TokenWatch.__table__)  # type: ignore[arg-type]
    .where(TokenWatch.id == bindparam("key"))
    .values({column: bindparam(f"new_{column}") for column in (
        "credential_id", "state", "began_at", "ends_at", "failures", "alarmed", "dead_since", "suspected",
        "last_way", "last_outcome", "last_at", "due_at",
    )} | dict.fromkeys(("asked_by", "leased_until", "leased_by"), null()))
)  # fmt: skip
_TOLD = (
    update(Credential.__table__)  # type: ignore[arg-type]
    .where(Credential.id == bindparam("key"))
    .values(
        facts=bindparam("new_facts"), expires_at=bindparam("new_expires_at"), inspected_at=bindparam("new_inspected_at")
    )
)
_TRY = insert(TokenRenewal.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Done:
    """A task and what came of it."""

    task: Task
    found: Found


def note(rt: Runtime, done: Sequence[Done], holder: str, *, from_day: int, now: datetime) -> int:
    """Keep it all; how many tokens were renewed."""
    with rt.db.write() as session:
        ours = _still_ours(session, done, holder)
        heirs = [one.found.heir for one in done if one.found.heir is not None and one.task.watch_id in ours]
        followed = rt.vault.succeed(session, heirs, now=now) if heirs else {}
        _keep_tries(session, done, followed)
        _keep_words(session, [one for one in done if one.task.watch_id in ours], followed, now=now)
        watches = [
            _watch_after(rt, session, one, followed, ours[one.task.watch_id], from_day=from_day, now=now)
            for one in done
            if one.task.watch_id in ours
        ]
        if watches:
            session.connection().execute(_WATCH, watches)
    if any(one.task.kind == PARTNER for one in done):
        rt.partner.forget()
    return len(followed)


def _still_ours(session: Session, done: Sequence[Done], holder: str) -> dict[str, str | None]:
    """The watches whose lease is still ours and which still watch the token we asked about, each with its suspicion.

    Those that were turned to another token are given back.
    """
    by_id = {one.task.watch_id: one.task for one in done}
    rows = session.execute(
        select(TokenWatch.id, TokenWatch.credential_id, TokenWatch.suspected)
        .where(TokenWatch.id.in_(list(by_id)), TokenWatch.leased_by == holder)
        .order_by(TokenWatch.id)
        .with_for_update()
    ).all()
    turned = [row.id for row in rows if row.credential_id != by_id[row.id].credential_id]
    if turned:
        session.execute(
            update(TokenWatch)
            .where(TokenWatch.id.in_(turned))
            .values(leased_until=None, leased_by=None)
            .execution_options(synchronize_session=False)
        )
    return {row.id: row.suspected for row in rows if row.id not in turned}


def _keep_tries(session: Session, done: Sequence[Done], followed: dict[str, str]) -> None:
    rows: list[dict[str, Any]] = []
    for one in done:
        heir = one.found.heir
        for each in one.found.tries:
            won = each.outcome == "renewed" and heir is not None
            fresh = followed.get(heir.before) if won and heir is not None else None
            rows.append(
                {
                    "id": new_id(),
                    "watch_id": one.task.watch_id,
                    "credential_id": one.task.credential_id,
                    "way": each.way,
                    "asked_by": one.task.asked_by or "clock",
                    "at": each.at,
                    "took_ms": each.took_ms,
                    "outcome": "overtaken" if won and fresh is None else each.outcome,
                    "code": each.code,
                    "subcode": each.subcode,
                    "trace_id": each.trace_id,
                    "new_credential_id": fresh,
                    "old_end": one.task.ends_at,
                    "new_end": each.new_end,
                }
            )
    if rows:
        session.connection().execute(_TRY, rows)


def _keep_words(session: Session, done: Sequence[Done], followed: dict[str, str], *, now: datetime) -> None:
    """What Meta said of tokens that stay: their true end above all."""
    rows = [
        {
            "key": one.task.credential_id,
            "new_facts": facts_after(one.task, one.found.told),
            "new_expires_at": one.found.told.expires_at,
            "new_inspected_at": now,
        }
        for one in done
        if one.found.told is not None and one.task.credential_id not in followed
    ]
    if rows:
        session.connection().execute(_TOLD, rows)


def _watch_after(
    rt: Runtime,
    session: Session,
    one: Done,
    followed: dict[str, str],
    suspected: str | None,
    *,
    from_day: int,
    now: datetime,
) -> dict[str, Any]:
    """One watch after its look; what people must hear of it is told on the way."""
    task, found = one.task, one.found
    key = followed.get(task.credential_id)
    verdict = found.verdict
    if verdict == "renewed" and key is None:
        verdict = "planned"
    began_at = now if key is not None else task.began_at
    ends_at = task.ends_at
    if key is not None and found.heir is not None:
        ends_at = found.heir.expires_at
    elif found.told is not None:
        ends_at = found.told.expires_at
    then = plan(
        verdict,
        state=task.state,
        failures=task.failures,
        began_at=began_at,
        ends_at=ends_at,
        dead_since=task.dead_since,
        retry_after=found.retry_after,
        from_day=from_day,
        key=key or task.credential_id,
        now=now,
    )
    dead_since = (task.dead_since or now) if then.state == DEAD else None
    if (then.state == DEAD) != (task.state == DEAD):
        say_dead(session, task.client_id, task.subject, dead_since)
    alarmed = _tell(rt, session, one, then, ends_at, now=now)
    last = found.tries[-1] if found.tries else None
    # Only Meta's own word settles a suspicion, and only one that was there when Meta was asked.
    is_settled = key is not None or (suspected == task.suspected and not (verdict == "later" and found.told is None))
    if suspected is not None and suspected != task.suspected and key is None:
        then = replace(then, due_at=now)
    row = _row(
        task, then, key or task.credential_id, began_at, ends_at, dead_since, alarmed, None if is_settled else suspected
    )
    if last is not None:
        row |= {"new_last_way": last.way, "new_last_outcome": last.outcome, "new_last_at": last.at}
    return row | _last(task, last is None)


def _row(
    task: Task,
    then: Next,
    credential_id: str,
    began_at: datetime,
    ends_at: datetime | None,
    dead_since: datetime | None,
    alarmed: bool,
    suspected: str | None,
) -> dict[str, Any]:
    return {
        "key": task.watch_id,
        "new_credential_id": credential_id,
        "new_state": then.state,
        "new_began_at": began_at,
        "new_ends_at": ends_at,
        "new_failures": then.failures,
        "new_alarmed": alarmed,
        "new_dead_since": dead_since,
        "new_suspected": suspected,
        "new_due_at": then.due_at,
    }


def _last(task: Task, untried: bool) -> dict[str, Any]:
    if not untried:
        return {}
    return {"new_last_way": task.last_way, "new_last_outcome": task.last_outcome, "new_last_at": task.last_at}


def _tell(rt: Runtime, session: Session, one: Done, then: Next, ends_at: datetime | None, *, now: datetime) -> bool:
    """Open, worsen or close what people are told of this token; whether something may be open afterwards."""
    if then.state not in (DEAD, "refused") and not then.failures and not one.task.alarmed:
        return False
    tries = [each for each in one.found.tries if each.way != LOOK or each.outcome in ("dead", "sealed")]
    standing = Standing(one.task, then, ends_at, tuple(tries))
    return tell(rt, session, standing, now=now)
