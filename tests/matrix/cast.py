"""The people of a cell, and Meta: who comes by which way, says hi, enters a code, approves a name, presses a button.

Each does what a sensible person would do who sees what the page or the console shows, and no more often than that.
"""

import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import select

from app.clients.models import Client as ClientRow
from app.kit import clock
from app.kit.errors import Conflict, InvalidInput, Unavailable
from app.kit.secret import Secret
from app.onboarding import rules
from app.onboarding.life.verification import CODE_WANTED
from app.onboarding.links.links import Visit
from app.onboarding.models import Signup
from app.onboarding.reading.progress import Progress, read_progress, read_signup
from app.onboarding.window.events import EndEvent, read_end_event
from app.onboarding.window.signups import note_event
from tests.matrix import digits, ways
from tests.matrix.cells import Event, Plan
from tests.matrix.patience import Patience
from tests.matrix.post import Post
from tests.matrix.words import word_of
from tests.matrix.writes import Glance
from tests.onboarding.journey import Client, Journey

WITH_PAGE = ("popup", "redirect")


@dataclass
class Cast:
    """Everybody who acts in one cell. `journey` is bound to whichever process is alive.

    `refused` is what the page told the client instead of beginning; `more_effects` are what people did a second time,
    knowingly.
    """

    journey: Journey
    plan: Plan
    event: Event
    client: Client | None = None
    finished: dict[str, Any] = field(default_factory=dict)
    wish: dict[str, Any] = field(default_factory=dict)
    key: str | None = None
    refused: str | None = None
    more_effects: Counter[str] = field(default_factory=Counter)
    clocks: ExitStack = field(default_factory=ExitStack)
    holders: list["subprocess.Popen[str]"] = field(default_factory=list)
    token: Secret | None = None
    since: int = 0
    older: list[str] = field(default_factory=list)
    patience: Patience = field(default_factory=Patience)
    came_again: bool = False
    said_hi: set[str] = field(default_factory=set)
    put_off: int = 0
    post: Post = field(default_factory=Post)
    _glance: Glance[list[Progress]] = field(default_factory=Glance)

    # Arriving

    def prepare(self) -> None:
        """All that lies before the cell: a client that was live already, say. Nothing goes wrong yet."""
        wish = {**self.plan.signup, **self.wish}
        if self.plan.before == "live":
            visit, wish = self._was_live(), {**wish, **self.same_number()}
            self.client = Client(visit, self.journey.world.signup(**wish))
        elif self.plan.way in WITH_PAGE:
            self.client = self.journey.client(**wish, asked=self.plan.asked)
        else:
            self.finished = ways.come(self.journey, self.plan.way, wish)
            if self.plan.way == "by_hand":
                self.token = ways.make_token(self.journey, self.finished)
        if self.client is not None:
            self.finished = self.client.finished

    def _was_live(self) -> Visit:
        """The client came aboard and was live; its browser on a new link."""
        before = Cast(self.journey, self.plan.as_first(), Event.straight())
        before.prepare()
        before.arrive()
        before.live_on()
        assert before.word() == "live", before.word()
        self.finished = before.finished
        return before.new_link()

    def new_link(self) -> Visit:
        """Staff send this client another link, and its browser opens it."""
        with self.journey.db.write() as session:
            known = session.get_one(ClientRow, self.progress().client_id)
            known.external_ref = known.external_ref or f"ref-{known.id}"
            name, reference = known.name, known.external_ref
        return self.journey.visit(name, external_ref=reference)

    def same_number(self) -> dict[str, Any]:
        """What a client wishes in Meta's window who connects the same number again."""
        number = self.journey.world.show("numbers", str(self.number))["digits"]
        return {
            "business": {"id": self.finished["business_id"]},
            "account_id": self.finished["waba_id"],
            "number": number,
        }

    @property
    def number(self) -> str | None:
        """The number of the signup, also where the window named none."""
        held = self.finished["phone_number_ids"]
        return self.finished.get("phone_number_id") or (held[0] if held else None)

    def arrive(self) -> None:
        """The client, or staff, hands over what this way brings."""
        self.tell_of_solution()
        if self.plan.way in WITH_PAGE:
            self._tell("before")
            if self.event.code:
                self.give_code()
            self._tell("after")
        elif self.key is None:
            self.key = ways.lay(self.journey, self.plan.way, self.finished, self.token)

    def arrive_twice(self, side_by_side: Callable[..., None]) -> None:
        """Two tabs of one browser post the same code at the same moment."""
        self.tell_of_solution()
        other = replace(self, clocks=ExitStack())
        side_by_side(lambda: self.give_code(patient=False), lambda: other.give_code(patient=False))
        begun = {cast.key for cast in (self, other) if cast.key}
        assert len(begun) == 1, begun
        (self.key,), self.refused = begun, None
        # The tab that was told to wait shows the page again.
        self.give_code()
        assert {self.key} == begun

    def tell_of_solution(self) -> None:
        """Meta tells both partners of a solution of the share, and names it ("it can arrive before your callback")."""
        if "solution_id" in self.plan.signup:
            self.post.share(self.journey, self.finished, solution_id=self.plan.signup["solution_id"])

    def _tell(self, moment: str) -> None:
        if moment in self.event.told and self.plan.way == "popup":
            self.tell_event()

    def tell_event(self) -> None:
        """Meta's window speaks, and the page passes it on."""
        assert self.client is not None
        visit, key, now = self.client.visit, self.client.key, clock.now()
        with self.journey.db.write() as session:
            note_event(session, visit, browser_key=key, event=self.end_event(), now=now)

    def end_event(self) -> EndEvent:
        """What Meta's window says at its end."""
        return read_end_event(self.event.payload(self.finished["event"]))

    def give_code(self, *, patient: bool = True) -> None:
        """As the page does: again when Meta cannot be reached; and after a minute, when somebody died with the code."""
        assert self.client is not None
        event = self.end_event() if "with" in self.event.told and self.plan.way == "popup" else None
        for _ in range(5):
            self.refused = None
            try:
                self.key = self.journey.post_code(self.client, event=event)
            except Unavailable as passing:
                self.refused = f"unavailable:{passing.code}"
            except Conflict as busy:
                self.refused = f"wait:{busy.code}"
                if not patient:
                    return
                self.travel(timedelta(seconds=61))
            except InvalidInput as refused:
                self.refused = f"connect_again:{refused.code}"
                return
            else:
                if self.plan.way == "redirect":
                    ways.came_by_full_page(self.journey, self.key)
                return

    # What happens once it has begun

    def runs(self) -> list[str]:
        """The onboarding and its siblings."""
        return [self.key, *(sibling.id for sibling in self.progress().siblings)] if self.key is not None else []

    def progress(self) -> Progress:
        return self.journey.progress(str(self.key))

    def look(self) -> list[Progress]:
        """The onboarding and its siblings, as everybody sees them; older ones of other numbers too."""
        return [] if self.key is None else self._glance.at((self.key, *self.older), self._look)

    def _look(self) -> list[Progress]:
        with self.journey.db.read() as session:
            own = read_progress(session, str(self.key))
            found = read_signup(session, own) if own.siblings else [own]
            older = [read_progress(session, key) for key in self.older]
        found += [seen for seen in older if seen.state not in {"replaced", "removed"}]
        return sorted(found, key=lambda seen: seen.id != own.id)

    def act(self, looked: list[Progress] | None = None) -> bool:
        """Everybody looks once and does what is theirs to do; whether anybody did something."""
        acted = [self._act_on(seen) for seen in (self.look() if looked is None else looked)]
        return any(acted)

    def _act_on(self, seen: Progress) -> bool:
        acted = self.post.give_receipts(self.journey, seen)
        if self.plan.way == "hosted" and seen.event_kind is None:
            ways.tell_shared(self.journey, seen.id, self.finished)
            acted = True
        test, verify, name = seen.step("test"), seen.step("verify"), seen.step("name")
        if test is not None and test.state == rules.NEEDS_CLIENT and seen.id not in self.said_hi:
            self.post.say_hi(self.journey, seen)
            self.said_hi.add(seen.id)
            acted = True
        if verify is not None and verify.trouble is not None and verify.trouble.key == CODE_WANTED:
            acted = digits.enter_code(self, seen) or acted
        if name is not None and name.state == rules.WAITING and self.of(seen)["name_status"] != "APPROVED":
            self.approve_name(seen)
            acted = True
        return acted

    def approve_name(self, seen: Progress) -> None:
        """Meta has looked at the display name."""
        self.journey.world.change(f"numbers/{seen.phone_number_id}", name_status="APPROVED", silent=True)

    def of(self, seen: Progress) -> dict[str, Any]:
        """The number as Meta has it; nothing where it was taken out of its account."""
        numbers = self.journey.world._do("GET", "world")["numbers"]
        return next((number for number in numbers if number["id"] == seen.phone_number_id), {})

    def live_on(self, *, worker: str = "worker", rounds: int = 120) -> None:
        """Walk, act, and bring waits forward until nothing moves any more."""
        still, before = 0, None
        for _ in range(rounds):
            self.journey.walker.take(worker)
            looked = self.look()
            acted = self.act(looked)
            if not self.journey.hurry() and not acted:
                return
            now = self.snapshot(looked)
            still = 0 if acted or now != before else still + 1
            before = now
            if still >= 4 and not self._time_passes(looked):
                return

    def _time_passes(self, looked: list[Progress]) -> bool:
        """As much time as it takes until nobody waits any more for what will not come."""
        span = self.patience.next_span({step.condition for seen in looked for step in seen.steps})
        if span is not None:
            self.travel(span)
        return span is not None

    def snapshot(self, looked: list[Progress]) -> tuple[object, ...]:
        """What would show that something has moved."""
        return tuple(
            (step.name, step.state, step.failures, step.trouble and step.trouble.key, step.condition)
            for seen in looked
            for step in seen.steps
        )

    def close(self) -> None:
        """End whoever still holds the database's lock."""
        for holder in self.holders:
            holder.kill()
            holder.communicate()

    def travel(self, by: timedelta) -> None:
        """The machine's clock, and with it everybody's, jumps."""
        self.clocks.enter_context(time_machine.travel(clock.now() + by, tick=True))

    # What came of it

    def word(self) -> str:
        """The one word of the cell."""
        if self.refused is not None:
            return self.refused
        if self.key is not None:
            words = [word_of(seen) for seen in self.look()]
            # Siblings end as the first does; an account without a number can be no more than connected.
            unlike = [word for word in words[1:] if word not in {words[0], "live", "connected"}]
            return unlike[0] if unlike and words[0] in {"live", "connected"} else words[0]
        assert self.client is not None
        with self.journey.db.read() as session:
            signup = session.scalars(select(Signup).where(Signup.browser_key == self.client.key)).one_or_none()
        if signup is None or signup.event is None:
            return "nothing"
        told = EndEvent(**signup.event)
        facts = told.current_step or told.error_id
        return f"{told.outcome}:{facts}" if facts else told.outcome
