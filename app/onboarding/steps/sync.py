"""Step 4 of a number that stays on the phone app: ask for its contacts and chats.

Such a number is never registered. Each of the two calls may be made once, and only within 24 hours of the signup.
"""

from typing import get_args

from app.meta.errors import AlreadyDone
from app.meta.numbers import SyncType
from app.onboarding.outcomes import Done, Outcome, Waiting
from app.onboarding.walk import Walk


def run(walk: Walk) -> Outcome:
    number = walk.meta.numbers.get(walk.phone_number_id, walk.open_token())
    contacts, history = (walk.facts.evidence.get(kind) for kind in get_args(SyncType))
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
    token = walk.open_token()
    try:
        with walk.once(kind, walk.phone_number_id):
            return {"request_id": walk.meta.numbers.request_sync(walk.phone_number_id, token, sync_type=kind)}
    except AlreadyDone:
        return {"found": "asked before"}
