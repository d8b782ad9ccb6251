"""A field that fails when it is told to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.messaging.models import Message
from app.webhooks.envelope import Change
from app.webhooks.hearing import Heard
from tests.webhooks.samples import PHONE


class Stubborn:
    """A field whose handler writes a message for every change and then fails on the bad ones."""

    FIELD = "sample"

    def __init__(self) -> None:
        self.error: Exception | None = ValueError("quotes the secret EAAtokenInAnError")

    def handle(self, session: Session, changes: Sequence[Change], now: datetime) -> Heard:
        for change in changes:
            row = Message(
                phone_number_id=PHONE,
                wamid=change.value["id"],
                direction="in",
                contact="1",
                kind="text",
                state="received",
                at=now,
            )
            session.add(row)
            session.flush()
            if change.value.get("bad") and self.error:
                raise self.error
        return Heard(rings=frozenset({"sample"}))

    def split(self, change: Change) -> list[Change]:
        return [replace(change, value=item) for item in change.value["items"]] if "items" in change.value else [change]
