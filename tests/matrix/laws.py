"""What must always hold of notifications and answers, as `machine.py` looks at it after every step."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

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


def _refused(call: dict[str, Any]) -> bool:
    """Only Graph's own error says that Meta did nothing; silence, a cut answer or a proxy's page do not."""
    return call["effect"] is None and isinstance(call["reply"], dict) and "error" in call["reply"]
