"""Step 4 of a number that stays on the phone app: ask for its contacts and chats.

Such a number is never registered. Each of the two calls may be made once, and only within 24 hours of the signup. The
step is done when both were asked for and the number is connected; what then
comes `app/onboarding/life/syncs.py` counts.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.meta.errors import AlreadyDone
from app.meta.numbers import SyncType
from app.onboarding.ledger import acts
from app.onboarding.ledger.outcomes import Done, Outcome, Waiting
from app.onboarding.ledger.walk import Walk
from app.onboarding.life import syncs
from app.onboarding.life.account_life import PAUSED


def run(walk: Walk) -> Outcome:
    if walk.held_because() is not None:
        return Waiting(PAUSED)
    number = walk.meta.numbers.get(walk.phone_number_id, walk.open_token())
    contacts, history = (walk.facts.evidence.get(kind) for kind in syncs.KINDS)
    if contacts is None or history is None:
        contacts, history = walk.both(
            lambda: contacts or _ask(walk, "smb_app_state_sync"), lambda: history or _ask(walk, "history")
        )
    evidence = {"smb_app_state_sync": contacts, "history": history}
    if number.status != "CONNECTED":
        return Waiting("number_connected", evidence=evidence)
    proof = {"status": number.status, "is_on_biz_app": number.is_on_biz_app}
    return Done(evidence, {"number_registered": proof})


def _ask(walk: Walk, kind: SyncType) -> dict[str, str]:
    """Ask once; an answer lost on the way shows itself as "already asked", which is as good."""
    if _has_been_asked(walk, kind):
        walk.write(lambda session, now: _note(session, walk, kind, now))
        return {"found": "asked before"}
    token = walk.open_token()
    act, _ = walk.prepare(
        kind, walk.phone_number_id, lambda session, now: _note(session, walk, kind, now), looked=False
    )
    try:
        with walk.ending(act):
            request_id = walk.meta.numbers.request_sync(walk.phone_number_id, token, sync_type=kind)
    except AlreadyDone:
        return {"found": "asked before"}
    walk.note(lambda session, now: _note(session, walk, kind, now, request_id))
    return {"request_id": request_id}


def _has_been_asked(walk: Walk, kind: SyncType) -> bool:
    """Whether Meta has taken it since this signup began, from this run or from another of the same number."""
    with walk.rt.db.read() as session:
        made = acts.list_acts(session, subject=walk.phone_number_id, what=kind, since=walk.facts.begun_at)
        return any(act.outcome == acts.DONE for act in made)


def _note(session: Session, walk: Walk, kind: SyncType, now: datetime, request_id: str | None = None) -> None:
    syncs.note_asked(
        session, walk.facts.onboarding_id, kind, begun_at=walk.facts.begun_at, request_id=request_id, now=now
    )
