"""The two sync calls of a number that stays on its phone app, and what Meta then sends: contacts and history."""

from typing import Any

from sandbox.world.accounts import main_account
from sandbox.world.ids import new_message_id, new_token
from sandbox.world.notices import tell_number_everywhere
from sandbox.world.refusals import Refusal
from sandbox.world.state import Number
from sandbox.world.world import World

SYNC_UNTIL_S = 24 * 3600
SYNC_TYPES = ("smb_app_state_sync", "history")
_FIRST, _SECOND = "15550100201", "15550100202"


def ask_for_sync(world: World, number: Number, sync_type: str | None) -> str:
    """Starts one of the two syncs and returns its request id. A silent app accepts, and nothing ever comes.

    Refuses: an unknown type or a number that is not on the phone app (100), a second call (2593107), a call later than
    24 hours after onboarding (2593108).
    """
    with world.lock:
        if sync_type not in SYNC_TYPES:
            raise Refusal(100, "Invalid parameter", "sync_type must be smb_app_state_sync or history.")
        if not number.is_on_biz_app:
            raise Refusal(100, "Invalid parameter", "The phone number is not on the WhatsApp Business app.")
        if world.now() - number.onboarded_at > SYNC_UNTIL_S:
            raise Refusal(2593108, "Sync is no longer allowed", "More than 24 hours have passed since onboarding.")
        if sync_type in number.syncs:
            raise Refusal(2593107, "Sync was already requested", "Each kind of sync can be requested once.")
        request_id = new_token()[3:40]
        number.syncs[sync_type] = request_id
        if number.syncs_silently:
            return request_id
        if sync_type == "history":
            _send_history(world, number)
        else:
            _send_contacts(world, number)
        return request_id


def _send_contacts(world: World, number: Number) -> None:
    now = str(int(world.now()))
    entries = [
        {
            "type": "contact",
            "contact": {"full_name": f"{first} Example", "first_name": first, "phone_number": digits},
            "action": "add",
            "metadata": {"timestamp": now},
        }
        for first, digits in (("Ana", _FIRST), ("Ben", _SECOND))
    ]
    tell_number_everywhere(world, number, main_account(world, number), "smb_app_state_sync", {"state_sync": entries})


def _send_history(world: World, number: Number) -> None:
    """Five chunks whose order of arrival is not the order of their content, as Meta sends them."""
    account = main_account(world, number)
    if not number.share_history:
        tell_number_everywhere(world, number, account, "history", {"history": [{"errors": [_declined()]}]})
        return
    chunks = (
        (0, 2, 40, _SECOND, "See you tomorrow"),
        (0, 1, 20, _FIRST, "Do you have rye bread?"),
        (2, 1, 100, _SECOND, "Are you open on Sundays?"),
        (1, 1, 60, _FIRST, "Thank you"),
        (1, 2, 80, _SECOND, "That was quick"),
    )
    for place, (phase, order, progress, contact, text) in enumerate(chunks):
        chunk = _chunk(world, number, phase, order, progress, contact, text)
        tell_number_everywhere(world, number, account, "history", {"history": [chunk]}, after_s=0.05 * place)


def _chunk(
    world: World, number: Number, phase: int, order: int, progress: int, contact: str, text: str
) -> dict[str, Any]:
    at = int(world.now()) - 3600 * (1 + 48 * phase)
    said = {
        "from": contact,
        "id": new_message_id(contact),
        "timestamp": str(at),
        "type": "text",
        "text": {"body": text},
        "history_context": {"status": "READ"},
    }
    answered = {
        "from": number.digits,
        "to": contact,
        "id": new_message_id(contact),
        "timestamp": str(at + 60),
        "type": "text",
        "text": {"body": "Of course."},
        "history_context": {"status": "DELIVERED"},
    }
    return {
        "metadata": {"phase": phase, "chunk_order": order, "progress": progress},
        "threads": [{"id": contact, "context": {"wa_id": contact}, "messages": [said, answered]}],
    }


def _declined() -> dict[str, Any]:
    title = "History sync is turned off by the business from the WhatsApp Business App"
    return {"code": 2593109, "title": title, "message": title, "error_data": {"details": title}}
