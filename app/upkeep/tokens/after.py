"""What a look leaves behind: the watch after it, its tries, and Meta's words of a token that stays; as rows to write.

Nothing is asked or written here, so it is put together before the transaction. What may turn out otherwise in it (the
new token was overtaken, somebody suspects the old one meanwhile) is said by the caller, who then asks once more.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

from app.credentials.watches import DEAD
from app.kit.ids import new_id
from app.upkeep.tokens.rules import Next, plan
from app.upkeep.tokens.ways import Found, Task, Try, facts_after

# What the rows hold, by name.
WATCH_KEYS: Final = (
    "key", "new_credential_id", "new_state", "new_began_at", "new_ends_at", "new_failures", "new_alarmed",
    "new_dead_since", "new_suspected", "new_due_at", "new_last_way", "new_last_outcome", "new_last_at",
)  # fmt: skip
WORD_KEYS: Final = ("key", "new_facts", "new_expires_at", "new_inspected_at")


class Done(NamedTuple):
    """A task and what came of it."""

    task: Task
    found: Found


class After(NamedTuple):
    """A watch after its look. `watch` and `tries` are rows; `heir_id` is the new token's row, or None."""

    done: Done
    heir_id: str | None
    then: Next
    ends_at: datetime | None
    watch: dict[str, Any]
    tries: list[dict[str, Any]]

    @property
    def task(self) -> Task:
        return self.done.task

    @property
    def keeps_token(self) -> bool:
        """Whether the token that was asked about still counts and Meta has described it."""
        return self.heir_id is None and self.done.found.told is not None


def after(done: Done, *, heir_id: str | None, suspected: str | None, from_day: int, now: datetime) -> After:
    """The rows of one look. `suspected` is the watch's suspicion when they are written."""
    task, found = done
    verdict = "planned" if found.verdict == "renewed" and heir_id is None else found.verdict
    began_at = task.began_at if heir_id is None else now
    ends_at = _end_of(task, found, heir_id)
    then = plan(
        verdict,
        state=task.state,
        failures=task.failures,
        began_at=began_at,
        ends_at=ends_at,
        dead_since=task.dead_since,
        retry_after=found.retry_after,
        from_day=from_day,
        key=heir_id or task.credential_id,
        now=now,
    )
    # Only Meta's own word settles a suspicion, and only one that was there when Meta was asked.
    is_new = suspected is not None and suspected != task.suspected
    is_settled = heir_id is not None or (not is_new and not (verdict == "later" and found.told is None))
    if is_new and heir_id is None:
        then = then._replace(due_at=now)
    last = found.tries[-1] if found.tries else None
    watch = {
        "key": task.watch_id,
        "new_credential_id": heir_id or task.credential_id,
        "new_state": then.state,
        "new_began_at": began_at,
        "new_ends_at": ends_at,
        "new_failures": then.failures,
        "new_alarmed": False,
        "new_dead_since": (task.dead_since or now) if then.state == DEAD else None,
        "new_suspected": None if is_settled else suspected,
        "new_due_at": then.due_at,
        "new_last_way": task.last_way if last is None else last.way,
        "new_last_outcome": task.last_outcome if last is None else last.outcome,
        "new_last_at": task.last_at if last is None else last.at,
    }
    return After(done, heir_id, then, ends_at, watch, [_try_row(done, each, heir_id) for each in found.tries])


def words_of(each: After, *, now: datetime) -> dict[str, Any]:
    """What Meta said of a token that stays: its true end above all."""
    told = each.done.found.told
    assert told is not None  # noqa: S101 - asked by the caller
    return {
        "key": each.task.credential_id,
        "new_facts": facts_after(each.task, told),
        "new_expires_at": told.expires_at,
        "new_inspected_at": now,
    }


def _end_of(task: Task, found: Found, heir_id: str | None) -> datetime | None:
    if heir_id is not None and found.heir is not None:
        return found.heir.expires_at
    return task.ends_at if found.told is None else found.told.expires_at


def _try_row(done: Done, each: Try, heir_id: str | None) -> dict[str, Any]:
    task = done.task
    won = each.outcome == "renewed" and done.found.heir is not None
    return {
        "id": new_id(),
        "watch_id": task.watch_id,
        "credential_id": task.credential_id,
        "way": each.way,
        "asked_by": task.asked_by or "clock",
        "at": each.at,
        "took_ms": each.took_ms,
        "outcome": "overtaken" if won and heir_id is None else each.outcome,
        "code": each.code,
        "subcode": each.subcode,
        "trace_id": each.trace_id,
        "new_credential_id": heir_id if won else None,
        "old_end": task.ends_at,
        "new_end": each.new_end,
    }
