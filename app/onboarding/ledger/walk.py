"""What a step may use while it works: its facts, Meta with every call recorded, the tokens, and its own intentions.

No transaction is open while a step calls Meta. `open_token`, `prepare`, `write` and `note` use short ones of their own.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.credentials.vault import OpenCredential
from app.kit import clock
from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.errors import MetaError, MetaUnreachable
from app.meta.transport import Call
from app.numbers import life
from app.onboarding.ledger import acts
from app.onboarding.ledger.ledger import Facts
from app.onboarding.ledger.partner import Partner
from app.onboarding.ledger.troubles import Whose
from app.onboarding.models import Onboarding
from app.runtime import Runtime
from app.work.keeper import LeaseLost
from config import Settings

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")

# Locks the onboarding for the rest of the transaction, and reads no more of it than is asked.
_HOLDER = select(Onboarding.leased_by).where(Onboarding.id == bindparam("key")).with_for_update()


@dataclass
class Walk:
    """One attempt of one step. `calls` fills as the step works and is written down with its outcome."""

    rt: Runtime
    facts: Facts
    step: str
    worker: str
    pool: Executor
    partner: Partner
    calls: list[Call] = field(default_factory=list)
    # By subject; shared by the steps of an onboarding while one process holds it, which is seconds.
    opened: dict[str, OpenCredential] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.meta: Meta = self.rt.meta.recording(self.calls.append)
        self.began_at = clock.now()

    @property
    def settings(self) -> Settings:
        return self.rt.settings

    @property
    def waba_id(self) -> str:
        """The account, known once the first step is done."""
        assert self.facts.waba_id is not None  # noqa: S101 - the plan's order guarantees it
        return self.facts.waba_id

    @property
    def phone_number_id(self) -> str:
        """The number, known once the first step is done."""
        assert self.facts.phone_number_id is not None  # noqa: S101 - the plan's order guarantees it
        return self.facts.phone_number_id

    @property
    def system_token(self) -> Secret:
        """The partner's token: it pays (credit, system users); the business token does the rest."""
        return self.rt.partner_token()

    @property
    def by_hand(self) -> bool:
        """Whether a person asked for this very attempt: they may spend what a machine may not."""
        return "asked_by" in self.facts.evidence

    def held_because(self) -> life.Held | None:
        """Why nothing may be sent from this number now: its phone app is off, or it is ours no more.

        A dead token holds no step up: its next call is refused, and the step then asks the client to connect again.
        """
        with self.rt.db.read() as session:
            held = life.held_because(
                session,
                client_id=self.facts.client_id,
                waba_id=self.waba_id,
                phone_number_id=self.phone_number_id,
            )
        return None if held == "token_dead" else held

    def open_token(self) -> Secret:
        """The client's business token."""
        return self.open_credential().secret

    def open_credential(self) -> OpenCredential:
        """The client's business token with the row it came from."""
        held = self.find_credential()
        assert held is not None  # noqa: S101 - it is sealed before any step can ask for it
        return held

    def find_credential(self) -> OpenCredential | None:
        """As `open_credential`; None before the token has come."""
        subject = self.facts.waba_id or self.facts.onboarding_id
        held = self.opened.get(subject)
        if held is None:
            with self.rt.db.read() as session:
                held = self.rt.vault.open_current(
                    session, kind="business_token", client_id=self.facts.client_id, subject=subject
                )
            if held is not None:
                self.opened[subject] = held
        return held

    def whose(self, token: Secret | None) -> Whose:
        """Whose token a call was made with: the client's as opened here, the app's own, or the partner's.

        Two steps side by side may each have opened the client's, so it is not always the very object kept here.
        """
        if token is None:
            return "partner"
        if token.fingerprint in {held.secret.fingerprint for held in list(self.opened.values())}:
            return "client"
        return "app" if token.fingerprint == self.meta.app_token.fingerprint else "partner"

    def prepare(
        self, what: str, subject: str, do: Callable[[Session, datetime], A], *, looked: bool = True
    ) -> tuple[str, A]:
        """Write down, before a call that must not happen twice, that it is about to happen to `subject`.

        `do` keeps what else must be kept before the call, in the same transaction. Returns the act's key for `end`.
        After a death the next attempt sees that Meta may have done it already. Raises `UnderWay` while another run is
        at it or has done it since this attempt looked (`looked` False: Meta itself refuses a second one), `LeaseLost`
        when somebody else has taken the onboarding over, so that a sleeper acts no more.
        """

        def begin_and_do(session: Session, now: datetime) -> tuple[str, A]:
            key = acts.begin_act(
                session,
                subject=subject,
                what=what,
                onboarding_id=self.facts.onboarding_id,
                by_hand=self.by_hand,
                looked_at=self.began_at if looked else None,
                now=now,
            )
            return key, do(session, now)

        return self.write(begin_and_do)

    @contextmanager
    def ending(self, key: str) -> Iterator[None]:
        """Around the call of an act that was prepared: write down what became of it."""
        try:
            yield
        except MetaUnreachable as lost:
            outcome = acts.UNKNOWN if lost.request_written else acts.WITHDRAWN
            self.note(lambda session, _now: acts.end_act(session, key, outcome))
            raise
        except MetaError:
            self.note(lambda session, _now: acts.end_act(session, key, acts.REFUSED))
            raise
        self.note(lambda session, _now: acts.end_act(session, key, acts.DONE))

    @contextmanager
    def once(self, what: str, subject: str) -> Iterator[None]:
        """Around a call that must not happen twice, with nothing else to keep."""
        key, _ = self.prepare(what, subject, lambda _session, _now: None)
        with self.ending(key):
            yield

    def asked(self, what: str, subject: str) -> list[datetime]:
        """When it was done, or may have been done because the answer was lost; by whichever run, oldest first."""
        with self.rt.db.read() as session:
            found = acts.list_acts(session, subject=subject, what=what)
            return [act.at for act in found if act.outcome != acts.REFUSED]

    def tries(self, what: str, subject: str, *, within: timedelta) -> tuple[int, int]:
        """How often it was asked for lately, refused or not: by everybody, and by this run of the steps."""
        with self.rt.db.read() as session:
            found = acts.list_acts(session, subject=subject, what=what, since=clock.now() - within)
            return len(found), sum(act.onboarding_id == self.facts.onboarding_id for act in found)

    def write(self, do: Callable[[Session, datetime], A]) -> A:
        """One short transaction, in which the onboarding is ours; raises `LeaseLost` when it no longer is."""
        now = clock.now()

        def do_as_holder(session: Session) -> A:
            if session.scalar(_HOLDER, {"key": self.facts.onboarding_id}) != self.worker:
                raise LeaseLost
            return do(session, now)

        return self.rt.db.together(do_as_holder)

    def note(self, do: Callable[[Session, datetime], None]) -> None:
        """Write down what Meta said of a call that was made: that is true whoever holds the onboarding by now."""
        now = clock.now()
        self.rt.db.together(lambda session: do(session, now))

    def both(self, first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
        """Two calls side by side; the first error of either is raised once both have ended.

        `first` runs in the step's own thread, so it alone may itself do things side by side: the threads of the pool
        only ever make calls and wait for nobody.
        """
        other = self.pool.submit(second)
        return _after(first, other), other.result()

    def three(self, first: Callable[[], A], second: Callable[[], B], third: Callable[[], C]) -> tuple[A, B, C]:
        """Three calls side by side, as in `both`."""
        others = self.pool.submit(second), self.pool.submit(third)
        return _after(first, *others), others[0].result(), others[1].result()


def _after(first: Callable[[], A], *others: "Future[Any]") -> A:
    try:
        return first()
    finally:
        for other in others:
            other.exception()  # waits; its error, if any, is raised by result()
