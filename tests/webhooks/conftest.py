"""The running parts, the door for Meta, and an onboarding that waits to hear something."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clients.store import add_client
from app.credentials.keyring import Keyring
from app.credentials.vault import Vault
from app.db import Database
from app.messaging.models import Message
from app.meta.client import Meta
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding
from app.runtime import Runtime
from app.web.frame import install
from app.webhooks import inbox
from app.webhooks.jobs import read_notifications
from app.webhooks.models import Notification
from app.webhooks.registry import FIELDS
from app.webhooks.views import bp
from config import Settings
from tests.conftest import Rings
from tests.webhooks.samples import NOON, PHONE, WABA, wire
from tests.webhooks.stubborn import Stubborn


@pytest.fixture
def rt(db: Database, settings: Settings, rings: Rings) -> Runtime:
    """Real parts; nothing here may telephone Meta, so there is no Meta."""
    vault = Vault(Keyring.from_settings(settings.credential_keys))
    return Runtime(settings=settings, db=db, meta=cast(Meta, None), vault=vault, wakes=rings, close=db.dispose)


@pytest.fixture
def client(rt: Runtime) -> FlaskClient:
    return client_of(rt)


def client_of(rt: Runtime) -> FlaskClient:
    """The door inside the frame it has in the product."""
    app = Flask("gangway", root_path=str(Path(__file__).parents[2] / "app"), static_folder=None)
    install(app, rt)
    app.register_blueprint(bp)
    return app.test_client()


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Time stands still at noon until the test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def stubborn(monkeypatch: pytest.MonkeyPatch) -> Stubborn:
    """The field `sample`, which fails when it is told to."""
    field = Stubborn()
    monkeypatch.setitem(cast(dict[str, object], FIELDS), "sample", field)
    return field


@pytest.fixture
def onboarding(db: Database) -> str:
    """The id of an onboarding of Example Bakery, with its steps laid; its word is K7QX."""
    with db.write() as session:
        bakery = add_client(
            session,
            name="Example Bakery",
            external_ref=None,
            contact_name=None,
            contact_email=None,
            language=None,
            now=NOON,
        )
        row = Onboarding(
            reference="onb_7Q2F-4KDM",
            client_id=bakery.id,
            plan="standard",
            plan_asked="standard",
            waba_id=WABA,
            phone_number_id=PHONE,
            test_word="K7QX",
            begun_at=NOON,
        )
        session.add(row)
        session.flush()
        ledger.lay_steps(session, row)
        return row.id


@pytest.fixture
def tell(rt: Runtime, noon: time_machine.Traveller) -> Callable[..., Notification]:
    """Keep a notification as the door does, let a worker read it, and look at what became of the row."""

    def told(notification: object, *, times: int = 1) -> Notification:
        body = notification if isinstance(notification, bytes) else wire(notification)
        with rt.db.write() as session:
            inbox.keep(session, body, now=NOON)
        for _ in range(times):
            read_notifications(rt, "worker")
        with rt.db.read() as session:
            return session.scalars(select(Notification).where(Notification.body == body)).one()

    return told


def messages_in(db: Database) -> dict[str, Message]:
    """All messages by their wamid."""
    with db.read() as session:
        return {row.wamid or row.id: row for row in session.scalars(select(Message))}
