"""Noting Meta's receipts on the messages we sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.messaging import rules, store
from app.messaging.models import Message

# A message is written down before it is sent and gets its wamid with Meta's answer. A receipt can overtake that answer,
# but not by more than a call may take; an older message without a wamid will not get one any more.
ANSWER_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Receipt:
    """What Meta says became of one message; `state` is one of sent, delivered, read, failed.

    `tag` is what we sent along with the message (`biz_opaque_callback_data`): the key of its row.
    """

    phone_number_id: str
    wamid: str
    state: str
    at: datetime
    error_code: int | None = None
    tag: str | None = None


@dataclass(frozen=True)
class Noted:
    """What became of a batch of receipts.

    `tests` belong to the two-way test of an onboarding. `early` may belong to a message whose wamid we do not know yet:
    show them again in a moment. `strangers` belong to nothing of ours, say to another partner's messages.
    """

    tests: tuple[Receipt, ...]
    early: tuple[Receipt, ...]
    strangers: tuple[Receipt, ...]


def note_receipts(session: Session, receipts: Sequence[Receipt], *, now: datetime) -> Noted:
    """Note each receipt on its message. Any order and any number of repeats leave the same rows behind.

    A receipt that carries the key of our row also tells the row its wamid: Meta's answer to the call may come later
    than the receipt, or never.
    """
    if not receipts:
        return Noted((), (), ())
    # Asked before the messages are looked up: a wamid that is written between the two is then found by the second.
    numbers = {receipt.phone_number_id for receipt in receipts}
    sending = store.list_numbers_sending(session, numbers, since=now - ANSWER_WITHIN)
    wamids, tags = {receipt.wamid for receipt in receipts}, {receipt.tag for receipt in receipts if receipt.tag}
    ours = _Ours(store.lock_outbound(session, wamids=wamids, ids=tags))
    tests, early, strangers = [], [], []
    for receipt in receipts:
        message = ours.find(receipt)
        if message is not None:
            _note(message, receipt)
            if message.test:
                tests.append(receipt)
        elif receipt.tag is None and receipt.phone_number_id in sending:
            early.append(receipt)
        else:
            strangers.append(receipt)
    session.flush()
    return Noted(tuple(tests), tuple(early), tuple(strangers))


class _Ours:
    """The messages a batch of receipts may speak of, by wamid and by key. The number must fit in either case."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._by_wamid = {(row.phone_number_id, row.wamid): row for row in messages if row.wamid}
        self._unnamed = {(row.phone_number_id, row.id): row for row in messages if not row.wamid}

    def find(self, receipt: Receipt) -> Message | None:
        key = (receipt.phone_number_id, receipt.wamid)
        if key not in self._by_wamid:
            unnamed = self._unnamed.pop((receipt.phone_number_id, receipt.tag or ""), None)
            if unnamed is None:
                return None
            unnamed.wamid = receipt.wamid
            self._by_wamid[key] = unnamed
        return self._by_wamid[key]


def _note(message: Message, receipt: Receipt) -> None:
    message.state = rules.after_receipt(message.state, receipt.state)
    if receipt.state == "sent":
        message.sent_at = rules.earlier(message.sent_at, receipt.at)
    elif receipt.state == "delivered":
        message.delivered_at = rules.earlier(message.delivered_at, receipt.at)
    elif receipt.state == "read":
        message.read_at = rules.earlier(message.read_at, receipt.at)
    elif message.failed_at is None or _key(receipt.at, receipt.error_code) < _key(
        message.failed_at, message.error_code
    ):
        message.failed_at, message.error_code = receipt.at, receipt.error_code


def _key(at: datetime, code: int | None) -> tuple[datetime, int]:
    return at, code or 0
