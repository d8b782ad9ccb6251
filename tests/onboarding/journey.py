"""Drives onboardings as the doors and the worker do: a client on a link's page, and waits that are brought forward."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from app.audit.store import SYSTEM
from app.clients.models import Client as ClientRow
from app.db import Database
from app.kit import clock
from app.kit.ids import new_id
from app.kit.secret import Secret
from app.onboarding.arrivals import saga
from app.onboarding.life.two_way import heard, receipt
from app.onboarding.links import links
from app.onboarding.links.links import LinkOrder, Visit
from app.onboarding.models import Onboarding, Step
from app.onboarding.reading.progress import Progress, read_progress
from app.onboarding.walker import Walker
from app.onboarding.window import signups
from app.onboarding.window.events import EndEvent, read_end_event
from app.runtime import Runtime
from tests.onboarding.world import MetaWorld

CONSENT = signups.ConsentGiven("2026-11-01", "en", ("whatsapp_business_management",), "192.0.2.7", "Example/1.0")
CONTACT = "15550009001"
ROUNDS = 25


@dataclass
class Client:
    """A client on its page. `finished` is what the popup handed over; `key` names the opening."""

    visit: Visit
    finished: dict[str, Any]
    key: str = field(default_factory=new_id)

    @property
    def code(self) -> Secret:
        return Secret(self.finished["code"])

    @property
    def event(self) -> EndEvent:
        return read_end_event(self.finished["event"])


@dataclass
class Journey:
    """Everything one test does to one runtime and one local Meta."""

    rt: Runtime
    world: MetaWorld
    walker: Walker

    @property
    def db(self) -> Database:
        return self.rt.db

    def visit(self, name: str = "Example Bakery", **order: Any) -> Visit:
        """A browser on a fresh link of a fresh client."""
        now = clock.now()
        with self.db.write() as session:
            made = links.create_link(session, LinkOrder(client_name=name, **order), actor=SYSTEM, now=now)
            opened = links.open_link(session, made.token.reveal(), address=None, user_agent=None, now=now)
            session.flush()
            return links.visit(session, opened.link.id, opened.secret.reveal(), now=now)

    def client(self, plan: str = "standard", *, asked: str | None = None, **wish: Any) -> Client:
        """A client who has just finished the popup; nothing has been posted yet."""
        client = Client(self.visit(language="en"), self.world.signup(plan, **wish))
        with self.db.write() as session:
            signups.note_opened(
                session,
                client.visit,
                browser_key=client.key,
                plan_asked=asked or (plan if plan == "coexistence" else "standard"),
                answers={},
                consent=CONSENT,
                now=clock.now(),
            )
        return client

    def post_code(self, client: Client, *, event: EndEvent | None = None) -> str:
        return saga.begin(self.rt, client.visit, browser_key=client.key, code=client.code, event=event, now=clock.now())

    def post_event(self, client: Client, event: EndEvent | None = None) -> str | None:
        with self.db.write() as session:
            return signups.note_event(
                session, client.visit, browser_key=client.key, event=event or client.event, now=clock.now()
            )

    def begin(self, plan: str = "standard", **wish: Any) -> tuple[str, dict[str, Any]]:
        """Code and event posted together; the onboarding's key and what the popup handed over."""
        client = self.client(plan, **wish)
        return self.post_code(client, event=client.event), client.finished

    def connect(self, plan: str = "standard", **wish: Any) -> tuple[str, dict[str, Any]]:
        """Begin and walk until only a person or a message can move it."""
        key, finished = self.begin(plan, **wish)
        self.walk()
        return key, finished

    def again(self, first: str, **wish: Any) -> str:
        """The client of an onboarding goes through the popup once more, by default with the same number."""
        before = self.progress(first)
        number = self.world.show("numbers", str(before.phone_number_id))["digits"]
        same = {"business": {"id": before.business_id}, "account_id": before.waba_id, "number": number}
        finished = self.world.signup(**same | wish)
        with self.db.write() as session:
            known = session.get_one(ClientRow, before.client_id)
            known.external_ref = known.external_ref or f"ref-{known.id}"
            order = {"external_ref": known.external_ref}
        returning = Client(self.visit(known.name, **order), finished)
        key = self.post_code(returning, event=returning.event)
        self.walk()
        return key

    def walk(self, *, worker: str = "worker-1", rounds: int = ROUNDS) -> None:
        """Walk all there is, bringing every wait forward, until nothing waits for a time any more."""
        for _ in range(rounds):
            self.walker.take(worker)
            if not self.hurry():
                return

    def hurry(self) -> int:
        """Bring every due time forward to now; how many onboardings wait for one."""
        now = clock.now()
        with self.db.write() as session:
            session.execute(update(Step).where(Step.next_try_at.is_not(None)).values(next_try_at=now))
            session.execute(update(Onboarding).where(Onboarding.due_at.is_not(None)).values(due_at=now))
            return session.scalar(select(func.count()).where(Onboarding.due_at.is_not(None))) or 0

    def end_leases(self) -> None:
        """As if the lease had run out: nobody prolongs it any more."""
        with self.db.write() as session:
            past = clock.now() - timedelta(seconds=1)
            session.execute(update(Onboarding).where(Onboarding.leased_until.is_not(None)).values(leased_until=past))

    def write_in(self, finished: dict[str, Any], text: str | None, *, wamid: str = "wamid.IN", **more: Any) -> bool:
        """A contact writes to the connected number, in the local Meta (which opens its window) and to us."""
        number = finished["phone_number_id"] or self.number_of(finished)
        body = {"phone_number_id": number, "from": CONTACT, "type": "text", "text": {"body": text or "?"}}
        self.world._do("POST", "inbound", json=body)
        return self.hear(number, text, wamid=wamid, **more)

    def hear(self, number: str, text: str | None, *, wamid: str = "wamid.IN", contact: str = CONTACT) -> bool:
        now = clock.now()
        with self.db.write() as session:
            return heard(session, phone_number_id=number, contact=contact, wamid=wamid, text=text, at=now, now=now)

    def receive(self, wamid: str, state: str = "delivered") -> bool:
        now = clock.now()
        with self.db.write() as session:
            return receipt(session, wamid=wamid, state=state, at=now, now=now)

    def number_of(self, finished: dict[str, Any]) -> str:
        """The number of a popup that named none."""
        numbers = self.world._do("GET", "world")["numbers"]
        return str(next(n["id"] for n in numbers if finished["waba_id"] in n["account_ids"]))

    def progress(self, key: str) -> Progress:
        with self.db.read() as session:
            return read_progress(session, key)

    def states(self, key: str) -> dict[str, str]:
        return {step.name: step.state for step in self.progress(key).steps}

    def proofs(self, key: str) -> set[str]:
        return {proof.kind for proof in self.progress(key).proofs if proof.seen_at is not None}
