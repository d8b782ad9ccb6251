"""Meta's notifications, as they come: kept and answered, then read by a worker."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import update

from app.kit import clock
from app.kit.ids import new_id
from app.onboarding import rules
from app.onboarding.reading.progress import Progress
from app.webhooks import inbox
from app.webhooks.jobs import read_notifications
from app.webhooks.models import Notification
from tests.onboarding.journey import CONTACT, Journey

OTHER_PARTNER = "900000000000009"


@dataclass
class Post:
    """Whatever Meta tells us of one world; `receipted` are the calls whose receipts have been given.

    `kept` are the digests of all that was answered 2xx, `greeted` the runs whose word somebody wrote among it.
    """

    receipted: set[int] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    greeted: set[str] = field(default_factory=set)

    def say_hi(self, journey: Journey, seen: Progress, *, word: str | None = None) -> None:
        """Somebody writes to the number from another phone: the onboarding's word, or other words."""
        number, wamid, words = str(seen.phone_number_id), f"wamid.{new_id()}", word or f"hi, test {seen.test_word}"
        body = {"phone_number_id": number, "from": CONTACT, "type": "text", "text": {"body": words}}
        journey.world._do("POST", "inbound", json=body)
        message = {"from": CONTACT, "id": wamid, "timestamp": _now(), "type": "text", "text": {"body": words}}
        self._keep(journey, self._about(seen, {"messages": [message]}), read=False)
        if word is None:
            self.greeted.add(seen.id)
        read_notifications(journey.rt, "reader")

    def give_receipts(self, journey: Journey, seen: Progress) -> bool:
        """Meta tells what became of every message it took, each once; whether there was one."""
        given, test = False, seen.step("test")
        if test is None or test.state == rules.NOT_STARTED:
            # Nothing has been sent yet.
            return False
        for call in journey.world.calls(f"/{seen.phone_number_id}/messages", "POST"):
            if call["effect"] != "sent" or call["id"] in self.receipted:
                continue
            reply = call["reply"] if isinstance(call["reply"], dict) else {}
            sent = reply.get("messages") or [{"id": f"wamid.{call['id']}"}]
            status = {
                "id": sent[0]["id"],
                "status": "delivered",
                "timestamp": _now(),
                "biz_opaque_callback_data": call["params"].get("biz_opaque_callback_data"),
            }
            self._keep(journey, self._about(seen, {"statuses": [status]}), read=True)
            self.receipted.add(call["id"])
            given = True
        return given

    def end_leases(self, journey: Journey) -> None:
        """What a dead reader held is read by the next one when its lease has ended."""
        with journey.db.write() as session:
            past = clock.now() - timedelta(seconds=1)
            session.execute(
                update(Notification).where(Notification.leased_until.is_not(None)).values(leased_until=past)
            )

    def _about(self, seen: Progress, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """The entry of a notification of the field `messages`."""
        whole = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": seen.phone_number_id}, **value}
        return {"id": seen.waba_id, "changes": [{"field": "messages", "value": whole}]}

    def share(
        self, journey: Journey, finished: Mapping[str, Any], *, read: bool = True, solution_id: str | None = None
    ) -> None:
        """PARTNER_ADDED: the entry is our own portfolio's, the account stands inside, and so does a solution."""
        info = {"waba_id": finished["waba_id"], "owner_business_id": finished["business_id"]}
        if solution_id is not None:
            both = [journey.world.partner.business_id, OTHER_PARTNER]
            info |= {"solution_id": solution_id, "solution_partner_business_ids": both}
        value = {"event": "PARTNER_ADDED", "waba_info": info}
        entry = {"id": journey.world.partner.business_id, "changes": [{"field": "account_update", "value": value}]}
        self._keep(journey, {**entry, "time": int(clock.now().timestamp())}, read=read)

    def _keep(self, journey: Journey, entry: Mapping[str, Any], *, read: bool) -> None:
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        with journey.db.write() as session:
            inbox.keep(session, body, now=clock.now())
        self.kept.add(sha256(body).hexdigest())
        if read:
            read_notifications(journey.rt, "reader")


def _now() -> str:
    return str(int(clock.now().timestamp()))
