"""A healthy partner: the local Meta over HTTP, our web application at its public address, rows of living processes.

Each fault of `faults.py` breaks one thing here. Time is that of `NOON`, so that days left can be written by hand.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import delete, event, select, text
from werkzeug.serving import BaseWSGIServer, make_server

from app.clients.store import add_client
from app.credentials.models import TokenWatch
from app.db import Database
from app.factory import create_app
from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.transport import Graph
from app.runtime import Runtime
from app.upkeep.doctor.examination import examine
from app.upkeep.doctor.report import Report
from app.upkeep.tokens.models import TokenRenewal
from app.work.beats import beat
from app.work.leadership import lead
from app.work.models import Beat, Leadership
from config import load
from sandbox.runtime import Runtime as MetaRuntime
from sandbox.world.state import App, Token
from tests.mail.conftest import close_office, open_office
from tests.meta.local_graph import closed_port
from tests.onboarding.world import MetaWorld
from tests.parts import graph_of

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
UNKNOWN = "999999999999999"


@dataclass
class Clinic:
    """`rt` is what the doctor is handed; `server` is our web process, which may run with other settings."""

    rt: Runtime
    meta: MetaWorld
    server: BaseWSGIServer
    mail: Controller
    graphs: list[Graph] = field(default_factory=list)
    others: list[Database] = field(default_factory=list)

    @classmethod
    def open(cls, rt: Runtime, meta: MetaWorld, head: str) -> "Clinic":
        server = make_server("localhost", 0, lambda *_: [], threaded=True)
        url = f"http://localhost:{server.server_port}"
        mail = open_office()
        changed = {
            "public_url": url,
            "meta_web_origins": (meta.url,),
            "mail_url": f"smtp://127.0.0.1:{mail.port}",
            "mail_from": "hello@partner.example",
            "alert_urls": ("mail:ops@partner.example",),
        }
        clinic = cls(replace(rt, settings=rt.settings.model_copy(update=changed)), meta, server, mail)
        clinic.serve(create_app(clinic.rt))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        app = clinic.app
        app.callback_url, app.domains, app.redirect_uris = (
            f"{url}/api/webhooks/whatsapp",
            (url,),
            (url, f"{url}/connect/back"),
        )
        app.app_domains = ("localhost",)
        clinic._fill(head)
        return clinic

    def _fill(self, head: str) -> None:
        # An hour ahead, so that they live for as long as a test on a busy machine may take.
        later = NOON + timedelta(hours=1)
        with self.rt.db.write() as session:
            beat(session, "worker-1", "worker", now=later)
            beat(session, "clock-1", "clock", now=later)
            lead(session, "clock", "clock-1", now=later)
            session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})

    def close(self, db: Database) -> None:
        close_office(self.mail)
        self.stop()
        for graph in self.graphs:
            graph._adapter.close()
        for other in self.others:
            other.dispose()
        with db.write() as session:
            session.execute(text("DROP TABLE IF EXISTS alembic_version"))

    def examine(self) -> Report:
        return examine(self.rt, now=NOON)

    # What a fault may touch

    @property
    def world(self) -> MetaRuntime:
        runtime: MetaRuntime = self.meta.listener.app.extensions["sandbox"]  # type: ignore[attr-defined]
        return runtime

    @property
    def records(self) -> Any:
        return self.world.world.records

    @property
    def app(self) -> App:
        """The partner's app, as its dashboard has it."""
        found: App = self.records.apps[self.meta.partner.app_id]
        return found

    @property
    def token(self) -> Token:
        """The system user's token, as Meta has it."""
        found: Token = self.records.tokens[self.rt.settings.meta_system_token.get_secret_value()]
        return found

    def give_token_to_another_app(self) -> None:
        other = App(UNKNOWN, "Another app", self.app.business_id, "another_secret", "another_word")
        self.records.apps[other.id] = other
        self.token.app_id = other.id

    def act_as_an_employee_without_finance(self) -> None:
        partner = self.meta.partner
        self.settle(meta_system_user_id=partner.employee_user_id, meta_system_token=partner.employee_token)
        self.records.system_users[partner.employee_user_id].finance_editor = False

    def settle(self, **changes: object) -> None:
        """Give the doctor other settings than the web process has."""
        settings = load(**(self.rt.settings.model_dump() | changes))
        graph = graph_of(settings)
        self.graphs.append(graph)
        self.rt = replace(self.rt, settings=settings, meta=Meta.over(graph))

    def serve(self, app: Any) -> None:
        """Let another application answer at our public address."""
        self.server.app = app

    def serve_with(self, **changes: object) -> None:
        """Let our own application answer, with other settings."""
        settings = load(**(self.rt.settings.model_dump() | changes))
        self.serve(create_app(replace(self.rt, settings=settings)))

    def stop(self) -> None:
        """End the web process."""
        self.server.shutdown()
        self.server.server_close()

    def sql(self, statement: str, **values: object) -> None:
        with self.rt.db.write() as session:
            session.execute(text(statement), values)

    def settle_db(self, database: Database) -> None:
        """Give the doctor another database than everybody else has."""
        self.others.append(database)
        self.rt = replace(self.rt, db=database)

    def unplug(self) -> None:
        """Name a database to the doctor where nobody listens."""
        self.settle_db(Database(f"postgresql+psycopg://nobody@127.0.0.1:{closed_port()}/nothing"))

    def hurry_sqlite(self) -> None:
        """The same file, by connections that do not wait for the disk."""
        database = Database(self.rt.db.url)
        event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        self.settle_db(database)

    def hurry_postgres(self) -> None:
        """The same server, by an address that tells it not to wait for the disk."""
        database = Database(self.rt.db.url)
        event.listen(database.engine, "connect", lambda c, _: c.execute("SET synchronous_commit TO off") and c.commit())
        self.settle_db(database)

    def lose_key_service(self) -> None:
        """One key more, kept by AWS KMS, which the fixture has put where nobody listens."""
        entry = "kms:arn:aws:kms:eu-central-1:123456789012:alias/gangway:c2VhbGVk"
        self.settle(credential_keys=f"{self.rt.settings.credential_keys[0].get_secret_value()},{entry}")

    def silence(self, role: str) -> None:
        with self.rt.db.write() as session:
            session.execute(delete(Beat).where(Beat.role == role))

    def depose(self) -> None:
        with self.rt.db.write() as session:
            row = session.get(Leadership, "clock")
            assert row is not None
            row.held_until = NOON - timedelta(seconds=1)

    def give_token(self, ends_at: datetime | None) -> None:
        """A client comes aboard, whose token ends then."""
        with self.rt.db.write() as session:
            nobody = {"external_ref": None, "contact_name": None, "contact_email": None, "language": None}
            client = add_client(session, name="Example Bakery", **nobody, now=NOON)
            row = self.rt.vault.seal(
                session,
                kind="business_token",
                client_id=client.id,
                subject="524126980791429",
                secret=Secret("EAAGexamplebusinesstoken"),
                now=NOON,
            )
            self.rt.vault.identify(session, row.id, subject=row.subject, facts={}, expires_at=ends_at, now=NOON)

    def try_renewal(self, *ways: tuple[str, str, int | None]) -> None:
        """Somebody had a client's token renewed, and this became of it."""
        self.give_token(NOON + timedelta(days=60))
        with self.rt.db.write() as session:
            watch = session.scalars(select(TokenWatch)).one()
            for place, (way, outcome, code) in enumerate(ways):
                session.add(
                    TokenRenewal(
                        watch_id=watch.id,
                        credential_id=watch.credential_id,
                        way=way,
                        asked_by="doctor",
                        at=NOON + timedelta(seconds=place),
                        took_ms=10,
                        outcome=outcome,
                        code=code,
                    )
                )


def refused(code: int) -> dict[str, Any]:
    """What a call of Meta's says no with."""
    return {"status": 403, "body": {"error": {"message": f"(#{code}) no", "type": "OAuthException", "code": code}}}


def answers(status: str, *headers: tuple[str, str]) -> Callable[..., Iterable[bytes]]:
    """An application that is not ours."""

    def app(_environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        start(status, [("Content-Type", "text/html"), *headers])
        return [b"<h1>Not here</h1>"]

    return app


def without(names: Iterable[str], gone: str) -> tuple[str, ...]:
    assert gone in names
    return tuple(name for name in names if name != gone)
