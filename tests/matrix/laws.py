"""What must always hold of notifications and answers, as `machine.py` looks at it after every step."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.onboarding import rules
from app.onboarding.models import Step
from app.onboarding.reading.progress import Progress
from app.webhooks.models import Notification
from tests.matrix.post import Post


def lost(session: Session, posts: Iterable[Post]) -> list[str]:
    """Notifications that were answered and are gone, or that nobody will ever read (I1)."""
    rows = session.scalars(select(Notification)).all()
    gone = set().union(*(post.kept for post in posts)) - {row.digest for row in rows}
    idle = [row.id for row in rows if not (row.done_at or row.dead_at or row.due_at or row.leased_until)]
    return [f"{digest} was answered and is gone" for digest in gone] + [f"{row} will never be read" for row in idle]


def unheard(post: Post, seen: Progress) -> bool:
    """Whether somebody wrote the word, it was answered 2xx and read, and the run knows nothing of it (I1)."""
    wrote = seen.id in post.greeted and seen.step("test") is not None and seen.state not in {"replaced", "removed"}
    return wrote and not any(proof.kind == "message_in" and proof.seen_at for proof in seen.proofs)


def answered_twice(log: Iterable[dict[str, Any]]) -> list[str]:
    """Answers of ours that may have reached somebody more than once: an unclear outcome is not tried again (I3)."""
    may_have_come = Counter(
        str(call["params"].get("biz_opaque_callback_data"))
        for call in log
        if call["path"].endswith("/messages") and not _refused(call)
    )
    return [f"{times} times {tag}" for tag, times in may_have_come.items() if times > 1]


def went_back(steps: Iterable[Step], done: dict[str, set[str]]) -> list[str]:
    """Steps that were done at an earlier look and are not any more (I4). `done` is by onboarding, and grows.

    A step that its plan no longer has went with the plan.
    """
    wrong = []
    for step in steps:
        names = done.setdefault(step.onboarding_id, set())
        if step.state == rules.DONE:
            names.add(step.name)
        elif step.name in names and step.state not in rules.SETTLED:
            wrong.append(f"{step.name} was done once, and is {step.state} now")
    return wrong


def versions_went_back(newest: Iterable[tuple[str, int]], seen: dict[str, int]) -> list[str]:
    """Tokens whose newest version is lower than at an earlier look (I4). `seen` is by subject, and grows."""
    wrong = []
    for subject, version in newest:
        if version < seen.get(subject, 0):
            wrong.append(f"the token of {subject} went from version {seen[subject]} back to {version}")
        seen[subject] = max(version, seen.get(subject, 0))
    return wrong


def stuck(seen: Progress, finished: Collection[str]) -> str | None:
    """Why an onboarding that nothing will move by itself stands there without a reason and a way on (I5)."""
    if seen.state in finished:
        return None
    if seen.state not in {"needs_attention", "stopped"}:
        return f"it is {seen.state}, and nothing will move it"
    if seen.current is None or seen.current.trouble is None:
        return "it is parked without a reason"
    return None if seen.current.trouble.do else "it is parked without anything to do"


def _refused(call: dict[str, Any]) -> bool:
    """Only Graph's own error says that Meta did nothing; silence, a cut answer or a proxy's page do not."""
    return call["effect"] is None and isinstance(call["reply"], dict) and "error" in call["reply"]
