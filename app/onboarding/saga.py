"""The saga: begin an onboarding from a code, and walk its steps until only a person, Meta or the clock can move it.

`begin` exchanges the code at once, with nothing open and nothing queued: it lives 30 seconds. `Walker.advance` follows
look → close → call → note: steps that do not depend on one another run side by side, each is noted the moment it ends,
and whatever that makes possible starts at once. Killed anywhere, the next worker goes on when the lease ends.
"""

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.kit import clock
from app.kit.ids import new_id, new_reference, readable
from app.kit.secret import Secret
from app.meta.errors import MetaError
from app.onboarding import code_exchange, ledger, rules
from app.onboarding.events import EndEvent, stored_event
from app.onboarding.links import Visit
from app.onboarding.models import Onboarding, Signup
from app.onboarding.outcomes import Outcome, TryAgain
from app.onboarding.partner import Partner
from app.onboarding.signups import CLOSED, tell_event
from app.onboarding.steps.registry import STEPS
from app.onboarding.troubles import outcome_of, trouble
from app.onboarding.walk import Walk
from app.runtime import Runtime
from app.work.due import claim, settle
from app.work.keeper import Keeper, LeaseLost

log = structlog.get_logger(__name__)

STREAM = "onboardings"
LOOK_UP_EVERY = 1.0  # seconds


def begin(rt: Runtime, visit: Visit, *, browser_key: str, code: Secret, event: EndEvent | None, now: datetime) -> str:
    """Exchange a code and begin its onboarding; returns the onboarding's key.

    Posting the same opening again gives the same onboarding. Raises `InvalidInput` for a code that Meta refuses (it is
    then used up: only a new signup helps), `Conflict` while the first post is still being answered, `Unavailable` when
    Meta cannot be reached (the code may still be good: post it again at once).
    """
    known = code_exchange.claim_code(rt, visit, browser_key=browser_key, event=event, now=now)
    if known is not None:
        return known
    token, call = code_exchange.exchange(rt, visit, browser_key=browser_key, code=code, now=now)
    with rt.db.write() as session:
        onboarding = _lay_down(session, rt, visit, browser_key, token, now=now)
        ledger.note_calls(session, onboarding.id, "exchange", 0, [call], actor="client")
    rt.wakes.ring(STREAM)
    return onboarding.id


def _lay_down(
    session: Session, rt: Runtime, visit: Visit, browser_key: str, token: Secret, *, now: datetime
) -> Onboarding:
    """One transaction: the sealed token, the onboarding, its steps. From here on nothing can be lost."""
    signup = code_exchange.get_signup(session, visit, browser_key)
    onboarding = Onboarding(
        id=new_id(),
        reference=new_reference("onb"),
        client_id=visit.client.id,
        link_id=visit.link.id,
        signup_id=signup.id,
        plan_asked=signup.plan_asked,
        test_word=readable(4),
        begun_at=now,
        due_at=now,
    )
    session.add(onboarding)
    session.flush()  # steps and calls refer to it
    _tell_what_is_known(onboarding, signup, now=now)
    signup.onboarding_id = onboarding.id
    rt.vault.seal(
        session, kind="business_token", client_id=visit.client.id, subject=onboarding.id, secret=token, now=now
    )
    ledger.lay_steps(session, onboarding)
    add_entry(
        session,
        Actor("client", visit.client.id),
        "onboarding.begun",
        "onboarding",
        onboarding.id,
        now=now,
        reference=onboarding.reference,
    )
    return onboarding


def _tell_what_is_known(onboarding: Onboarding, signup: Signup, *, now: datetime) -> None:
    if signup.event is not None and signup.event["kind"] != CLOSED:
        tell_event(onboarding, stored_event(signup.event), now=now)


@dataclass
class _Running:
    name: str
    walk: Walk


class Walker:
    """Walks onboardings; one per worker process, used by all its threads."""

    def __init__(self, rt: Runtime) -> None:
        settings = rt.settings
        self._rt = rt
        self._keeper = Keeper(rt.db, timedelta(seconds=settings.lease_seconds))
        self._partner = Partner(settings)
        # Steps wait for calls, never the other way round, so two pools cannot wait for one another in a circle.
        self._steps = ThreadPoolExecutor(4 * settings.worker_threads, thread_name_prefix="step")
        self._calls = ThreadPoolExecutor(8 * settings.worker_threads, thread_name_prefix="call")

    def close(self) -> None:
        """End the threads once what they are doing has ended; nothing may be walked afterwards."""
        self._steps.shutdown()
        self._calls.shutdown()

    def take(self, worker: str) -> int:
        """Claim due onboardings one by one and walk each as far as it goes; how many there were."""
        walked = 0
        while True:
            # Threads of one worker share its name; a lease must be told from the one a sibling thread takes over later.
            holder = f"{worker}/{readable(6)}"
            with self._rt.db.write() as session:
                keys = claim(session, Onboarding, worker=holder, now=clock.now(), lease=self._keeper.lease, most=1)
            if not keys:
                return walked
            self.advance(keys[0], holder)
            walked += 1

    def advance(self, key: str, worker: str) -> None:
        """Walk one claimed onboarding until nothing can be done now, then give it back."""
        under_way: dict[Future[Outcome], _Running] = {}
        with self._keeper.holding(Onboarding, key, worker):
            try:
                self._go_on(key, worker, under_way, [])
                while under_way:
                    # Now and then it looks up: a message or a wait that has ended must not wait for a call that hangs.
                    ended, _ = wait(under_way, timeout=LOOK_UP_EVERY, return_when=FIRST_COMPLETED)
                    self._go_on(key, worker, under_way, [(under_way.pop(future), future) for future in ended])
            except LeaseLost:
                log.warning("lease_lost", onboarding=key)

    def _go_on(
        self,
        key: str,
        worker: str,
        under_way: dict[Future[Outcome], _Running],
        ended: list[tuple[_Running, Future[Outcome]]],
    ) -> None:
        """Note what has ended, start what that made possible, or give the onboarding back: all in one transaction."""
        now = clock.now()
        # The page is read once and all changes go out together at the end: every flush in between costs a round trip.
        with self._rt.db.write() as session, session.no_autoflush:
            page = ledger.open_page(session, key)
            if page is None or page.onboarding.leased_by != worker:
                raise LeaseLost
            for running, future in ended:
                ledger.note_calls(session, key, running.name, running.walk.facts.attempt, running.walk.calls)
                ledger.note_outcome(session, page, running.name, future.result(), now=now)
            busy = {running.name for running in under_way.values()}
            started = ledger.start_ready(page, under_way=busy, now=now)
            if not started and not under_way:
                session.flush()  # settle writes beside the session's own copy of the row
                due_at = rules.next_look(ledger.step_facts(page.steps.values()).values())
                settle(session, Onboarding, key, worker=worker, due_at=due_at)
        for name, facts in started:
            walk = Walk(self._rt, facts, name, worker, self._calls, self._partner)
            under_way[self._steps.submit(self._do, walk)] = _Running(name, walk)

    def _do(self, walk: Walk) -> Outcome:
        """Run one step; whatever goes wrong becomes a value that the ledger can keep."""
        try:
            return STEPS[walk.step](walk)
        except MetaError as refused:
            return outcome_of(refused, walk.step)
        except LeaseLost:
            raise
        except Exception as bug:
            log.exception("step_failed", onboarding=walk.facts.onboarding_id, step=walk.step)
            return TryAgain(trouble("internal", error=type(bug).__name__))
