"""Contacts of a phone app are counted; told twice, they count once."""

from typing import Any

from app.db import Database
from app.onboarding.reading.progress import SyncView, read_progress
from app.webhooks.envelope import changes_in
from app.webhooks.fields import smb_app_state_sync
from app.webhooks.hearing import Heard
from tests.webhooks.fields.test_history import asked
from tests.webhooks.samples import NOON, PHONE, WABA, wire

__all__ = ["asked"]


def contact(name: str) -> dict[str, Any]:
    about = {"full_name": name, "first_name": name, "phone_number": "15550100201"}
    return {"type": "contact", "contact": about, "action": "add", "metadata": {"timestamp": "1739230955"}}


def tell(db: Database, *items: object, phone: str | None = PHONE) -> Heard:
    value = {"metadata": {"phone_number_id": phone}, "state_sync": list(items)}
    change = {"field": "smb_app_state_sync", "value": value}
    body = wire({"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": [change]}]})
    with db.write() as session:
        return smb_app_state_sync.handle(session, changes_in(body), NOON)


def seen(db: Database, key: str) -> SyncView:
    with db.read() as session:
        return next(sync for sync in read_progress(session, key).syncs if sync.kind == "smb_app_state_sync")


def test_contacts_are_counted_once_however_often_they_are_told(db: Database, asked: str) -> None:
    assert seen(db, asked).chunks == 0
    for _ in range(2):
        assert tell(db, contact("Ana"), contact("Ben")) == Heard()
    tell(db, contact("Cem"))
    view = seen(db, asked)
    assert (view.state, view.chunks, view.progress) == ("done", 3, None)


def test_contacts_of_a_stranger_and_what_cannot_be_read_are_named(db: Database, asked: str) -> None:
    assert tell(db, contact("Ana"), phone="1").set_aside == ("smb_app_state_sync of a stranger",)
    assert tell(db, contact("Ana"), phone=None).set_aside == ("smb_app_state_sync unreadable",)
    assert tell(db).set_aside == ("smb_app_state_sync unreadable",)
    assert seen(db, asked).chunks == 0
