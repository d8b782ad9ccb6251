"""Any order of anything: what clients, Meta, staff, workers and accidents do by chance, and what must always hold.

I1 nothing that was answered 2xx is lost; I2 what must happen once happens once; I4 nothing goes back; I5 every
onboarding is finished, moves on by itself, or is parked with a reason. They are looked at after every step.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from typing import Any

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select

from app.credentials.models import Credential
from app.kit import clock
from app.onboarding.ledger import desk
from app.onboarding.models import Onboarding, Signup, Step
from app.onboarding.walker import Walker
from app.webhooks.jobs import read_notifications
from app.webhooks.models import Notification
from tests.matrix import laws
from tests.matrix.again import STAFF, connect_again
from tests.matrix.cast import Cast
from tests.matrix.cells import events, plans
from tests.matrix.chance import ANSWERS, KILLED_AT, PLACES, TOLD, WAYS
from tests.matrix.judge import twice
from tests.matrix.stage import Stage
from tests.matrix.traps import Trap, with_trap
from tests.matrix.words import word_of
from tests.onboarding.journey import Journey
from tests.onboarding.mortal import Death

MOST_CLIENTS = 3
FINISHED = frozenset({"connected", "live", "replaced", "removed", "paused"})


class AnyOrder(RuleBasedStateMachine):
    """One world in which up to three clients come aboard."""

    def __init__(self, stage: Stage, database: str) -> None:
        super().__init__()
        self.stage, self.database = stage, database
        self.rooms, self.clocks = ExitStack(), ExitStack()
        self.rt = self.rooms.enter_context(stage.set_for(database))
        self.clients: list[Cast] = []
        self.done: dict[str, set[str]] = {}
        self.live: set[str] = set()
        self.versions: dict[str, int] = {}
        self.events_told: set[str] = set()
        self._be_born()

    # A process, and its deaths

    def _be_born(self) -> None:
        self.trap = Trap(self.stage.world)
        self.process = ExitStack()
        inside = with_trap(self.rt, self.trap, self.stage.mortal[self.database])
        self.process.callback(inside.close)
        walker = Walker(inside)
        self.process.callback(walker.close)
        self.journey = Journey(inside, self.stage.world, walker)
        for cast in self.clients:
            cast.journey = self.journey

    @contextmanager
    def mortal(self) -> Iterator[None]:
        """Whatever is done in the house may meet its death; another process takes over later."""
        with suppress(Death):
            yield
        if self.trap.fate.dead:
            self.process.close()
            self._be_born()

    # Clients

    def _client(self, data: Any) -> Cast:
        return data.draw(st.sampled_from(self.clients), label="client")

    @precondition(lambda self: len(self.clients) < MOST_CLIENTS)
    @rule(way=st.sampled_from(WAYS), told=st.sampled_from(TOLD))
    def comes(self, way: str, told: str) -> None:
        with self.mortal():
            cast = Cast(self.journey, plans()[way], events()[told])
            cast.prepare()
            cast.clocks = self.clocks
            self.clients.append(cast)

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), tabs=st.integers(1, 2))
    def the_page_posts_the_code(self, data: Any, tabs: int) -> None:
        cast = self._client(data)
        with self.mortal():
            for _ in range(tabs):
                before = cast.key
                cast.give_code(patient=False)
                if cast.key is not None:
                    cast.refused = None
                assert before in {None, cast.key}, "one opening of the window began two onboardings"

    @precondition(lambda self: self.clients)
    @rule(data=st.data())
    def the_window_speaks(self, data: Any) -> None:
        cast = self._client(data)
        if "lost" not in cast.event.name:
            with self.mortal():
                cast.tell_event()
                self.events_told.add(cast.client.key)  # type: ignore[union-attr]

    @precondition(lambda self: self.clients)
    @rule(data=st.data())
    def the_client_does_what_the_page_asks(self, data: Any) -> None:
        cast = self._client(data)
        with self.mortal():
            cast.act()

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), rounds=st.integers(1, 8))
    def everybody_does_what_is_theirs_for_a_while(self, data: Any, rounds: int) -> None:
        """Without it few orders would ever come as far as a register or an answer."""
        cast = self._client(data)
        with self.mortal():
            if cast.key is None:
                cast.give_code(patient=False)
                cast.refused = None
            cast.live_on(rounds=rounds)

    @precondition(lambda self: any(cast.key for cast in self.clients))
    @rule(data=st.data(), word=st.booleans())
    def somebody_writes(self, data: Any, word: bool) -> None:
        cast = data.draw(st.sampled_from([one for one in self.clients if one.key]), label="client")
        for key in cast.runs():
            seen = self.journey.progress(key)
            if seen.phone_number_id is not None and self.stage.world.can_be_written_to(seen.phone_number_id):
                with self.mortal():
                    cast.post.say_hi(self.journey, seen, word=None if word else "Do you have rye bread?")

    @precondition(lambda self: any(cast.key for cast in self.clients))
    @rule(data=st.data())
    def the_client_connects_again(self, data: Any) -> None:
        cast = data.draw(st.sampled_from([one for one in self.clients if one.key]), label="client")
        with self.mortal():
            connect_again(cast, patient=False)

    # Meta

    @precondition(lambda self: any(cast.key for cast in self.clients))
    @rule(data=st.data(), read=st.booleans())
    def meta_shares(self, data: Any, read: bool) -> None:
        """PARTNER_ADDED, before or after everything else, perhaps not read at once."""
        cast = self._client(data)
        with self.mortal():
            cast.post.share(self.journey, cast.finished, read=read)

    @rule(place=st.sampled_from(PLACES), answer=st.sampled_from(ANSWERS), times=st.integers(1, 3))
    def meta_has_a_bad_day(self, place: tuple[str, str | None], answer: dict[str, Any], times: int) -> None:
        self.stage.world.fault(place[0], answer, method=place[1], times=times)

    @rule()
    def meta_is_well_again(self) -> None:
        self.stage.world.clear_faults()

    # The house

    @rule(hurried=st.booleans())
    def a_worker_walks(self, hurried: bool) -> None:
        with self.mortal():
            if hurried:
                self.journey.hurry()
            self.journey.walker.take("worker")

    @rule()
    def a_worker_reads(self) -> None:
        with self.mortal():
            read_notifications(self.journey.rt, "reader")

    @rule(call=st.sampled_from(KILLED_AT), moment=st.sampled_from(("before", "in", "after")))
    def death_waits_at(self, call: str, moment: str) -> None:
        self.trap.seen.clear()
        self.trap.call, self.trap.what, self.trap.nth = call, moment, 1

    @rule(commits=st.integers(1, 6))
    def death_waits_instead_of_a_commit(self, commits: int) -> None:
        self.trap.fate.at_write = self.trap.fate.writes + commits

    @rule()
    def leases_end(self) -> None:
        self._let_leases_end()

    @rule(by=st.sampled_from((61, 300, 3600, -3600)))
    def the_clock_jumps(self, by: int) -> None:
        self.clocks.enter_context(time_machine.travel(clock.now() + timedelta(seconds=by), tick=True))

    @precondition(lambda self: any(cast.key for cast in self.clients))
    @rule(data=st.data())
    def staff_try_again(self, data: Any) -> None:
        cast = data.draw(st.sampled_from([one for one in self.clients if one.key]), label="client")
        with self.mortal():
            for key in cast.runs():
                for step in self.journey.progress(key).steps:
                    if self.journey.progress(key).state != "replaced" and desk.may_retry(step.state, step.trouble_key):
                        with self.journey.db.write() as session:
                            desk.retry_step(session, key, step.name, actor=STAFF, now=clock.now())

    def _let_leases_end(self) -> None:
        past = clock.now() - timedelta(seconds=1)
        with self.rt.db.write() as session:
            for table in (Onboarding, Notification):
                for row in session.scalars(select(table).where(table.leased_until.is_not(None))):
                    row.leased_until = past

    # What must always hold

    @invariant()
    def nothing_answered_is_lost(self) -> None:
        with self.rt.db.read() as session:
            assert laws.lost(session, [cast.post for cast in self.clients]) == []
            silent = session.scalars(
                select(func.count()).where(Signup.browser_key.in_(self.events_told), Signup.event.is_(None))
            ).one()
            assert not silent, "an end event that was answered is gone"
            for cast in self.clients:
                assert cast.key is None or session.get(Onboarding, cast.key) is not None

    @invariant()
    def what_must_happen_once_happens_once(self) -> None:
        log = self.stage.world.calls()
        assert twice(log) == []
        assert laws.answered_twice(log) == []

    @invariant()
    def nothing_goes_back(self) -> None:
        with self.rt.db.read() as session:
            assert laws.went_back(session.scalars(select(Step)), self.done) == []
            newest = select(Credential.subject, func.max(Credential.version)).group_by(Credential.subject)
            assert laws.versions_went_back(session.execute(newest), self.versions) == []
            keys = session.scalars(select(Onboarding.id)).all()
        for key in keys:
            state = self.journey.progress(key).state
            if state == "live":
                self.live.add(key)
            elif key in self.live:
                assert state in {"replaced", "removed", "paused"}, f"was live, is {state}"

    @invariant()
    def nobody_is_stuck_without_a_reason(self) -> None:
        with self.rt.db.read() as session:
            rows = session.scalars(select(Onboarding)).all()
        for row in rows:
            if row.due_at is None and row.leased_until is None:
                assert laws.stuck(self.journey.progress(row.id), FINISHED) is None

    def teardown(self) -> None:
        """In the end everything is well again, and whatever can end ends."""
        try:
            self.trap.lift()
            self.trap.fate.at_write = None
            self._let_leases_end()
            read_notifications(self.journey.rt, "reader")
            for cast in self.clients:
                cast.live_on()
            for cast in self.clients:
                for key in cast.runs():
                    word = word_of(self.journey.progress(key))
                    assert word.split(":")[0] in {
                        *FINISHED, "parked", "waiting", "connected, waiting",
                    }, f"ends {word}: {self.journey.states(key)}"  # fmt: skip
            with self.rt.db.read() as session:
                assert not session.scalars(select(Notification).where(Notification.dead_at.is_not(None))).all()
            self.nothing_answered_is_lost()
            assert not [
                seen.reference for cast in self.clients for seen in cast.look() if laws.unheard(cast.post, seen)
            ]
            self.what_must_happen_once_happens_once()
            self.nobody_is_stuck_without_a_reason()
        finally:
            self.clocks.close()
            self.process.close()
            self.rooms.close()
            super().teardown()
