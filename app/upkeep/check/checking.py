"""One account's check: look, close, call, note; then repair what is ours, read it back, and note that.

No transaction is open while Meta is asked. Killed anywhere, the next check goes on: what a repair was about to do is
written down before its call, and Meta is looked at before anything is done.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.store import SYSTEM, Actor, add_entry
from app.kit import clock
from app.meta.client import Meta
from app.numbers.models import Account
from app.onboarding.ledger.partner import Partner
from app.onboarding.models import Proof
from app.runtime import Runtime
from app.upkeep.check import repairs, rules
from app.upkeep.check.asking import Asking, Told
from app.upkeep.check.facts import FACTS
from app.upkeep.check.held import Held
from app.upkeep.check.models import AccountCheck, Fact
from app.upkeep.check.noting import Found, Place, Repair, judge_all, note_facts, note_incidents, note_record
from app.upkeep.check.rules import DRIFT, OK
from app.work import due

WANTED = "wanted"  # a person has pressed the button, and the next check does it

log = structlog.get_logger(__name__)


@dataclass
class Checking:
    """A check under way. `worker` holds the lease of row `key`."""

    rt: Runtime
    meta: Meta
    partner: Partner
    key: str
    worker: str
    held: Held

    @property
    def wanted(self) -> dict[Place, str]:
        """What a person wants repaired, beside what is repaired at once, and who that is."""
        return {place: str(row.repaired_by) for place, row in self.held.facts.items() if row.repair == WANTED}

    def run(self) -> Found:
        """Check and repair; raises nothing of Meta's."""
        began_at = clock.now()
        asking = Asking(self.meta, self.rt.settings, self.partner, self.held)
        told = asking.everything()
        found = judge_all(self.held, told, self.rt.settings)
        places = [place for place in {*found.drifts(), *self.wanted} if self._is_wrong(found, place)]
        made: dict[Place, Repair] = {}
        if places and told.dead is None:
            made = self._repair(asking, told, found, places, began_at)
            found = judge_all(self.held, told, self.rt.settings)
        self._settle(told, found, made, began_at)
        return found

    @staticmethod
    def _is_wrong(found: Found, place: Place) -> bool:
        finding = found.findings.get(place)
        return finding is not None and finding.judgement.verdict == DRIFT and place[2] in repairs.REPAIRS

    def _repair(
        self, asking: Asking, told: Told, found: Found, places: Iterable[Place], began_at: datetime
    ) -> dict[Place, Repair]:
        order, wanted = sorted(places), self.wanted
        if not self._write_begun(found, {place: wanted.get(place, SYSTEM.kind) for place in order}):
            return {}
        made = {}
        for place in order:
            metas = found.findings[place].metas
            fix = repairs.Fix(self.rt, self.held, asking, place, metas, began_at, by_hand=place in wanted)
            made[place] = replace(repairs.repair(fix), by=wanted.get(place, SYSTEM.kind))
            if made[place].ours is not None:
                self.held = replace(self.held, funding_id=made[place].ours)
        for source in {FACTS[place[2]].source for place, repair in made.items() if repair.state != repairs.REFUSED}:
            # Only what Meta shows is believed; what it does not show yet is looked at again soon.
            told.failed.pop(source, None)
            asking.ask(source, told)
        return made

    def _write_begun(self, found: Found, places: Mapping[Place, str]) -> bool:
        """Write down, before the first call, what is about to be repaired; False when the lease is lost."""
        now = clock.now()
        begun = {place: Repair("begun", by=by) for place, by in places.items()}

        def write(session: Session) -> bool:
            if not self._is_ours(session, now):
                return False
            note_facts(session, self.held, found, begun, now=now)
            return True

        if not self.rt.db.together(write):
            return False
        with self.rt.db.read() as session:
            self.held = replace(self.held, facts=_facts_of(session, self.held.account_id))
        return True

    def _settle(self, told: Told, found: Found, made: dict[Place, Repair], began_at: datetime) -> None:
        now = clock.now()

        def write(session: Session) -> None:
            if not self._is_ours(session, now):
                log.info("check_not_noted", account=self.held.account_id)
                return
            note_record(session, self.held, told, now=now)
            note_facts(session, self.held, found, made, now=now)
            note_incidents(session, self.held, found, now=now)
            for place, repair in made.items():
                self._keep_repair(session, place, repair, found, now)
            self._settle_row(session, told, made, began_at, now)

        self.rt.db.together(write)

    def _keep_repair(self, session: Session, place: Place, repair: Repair, found: Found, now: datetime) -> None:
        if repair.ours is not None:
            evidence = {"primary_funding_id": repair.ours, "by": "check"}
            changed = session.execute(
                update(Proof)
                .where(Proof.onboarding_id == self.held.run_id, Proof.kind == "credit_attached")
                .values(evidence=evidence)
                .returning(Proof.id)
            ).all()
            if not changed:
                session.add(
                    Proof(onboarding_id=self.held.run_id, kind="credit_attached", seen_at=now, evidence=evidence)
                )
        right = place in found.findings and found.findings[place].judgement.verdict == OK
        add_entry(
            session,
            actor_of(repair.by),
            "fact.repaired" if right else "fact.not_repaired",
            "account",
            self.held.account_id,
            now=now,
            fact=place[2],
            state=repair.state,
        )

    def _is_ours(self, session: Session, now: datetime) -> bool:
        # The account first, as Meta's notifications do it: two that lock the same rows must do so in one order.
        session.execute(select(Account.id).where(Account.id == self.held.account_id).with_for_update())
        lease = timedelta(seconds=self.rt.settings.lease_seconds)
        return due.keep(session, AccountCheck, self.key, worker=self.worker, now=now, lease=lease)

    def _settle_row(
        self, session: Session, told: Told, made: dict[Place, Repair], began_at: datetime, now: datetime
    ) -> None:
        row = session.get_one(AccountCheck, self.key, populate_existing=True)
        account_id = self.held.account_id
        row.tried_at, row.trouble = now, told.trouble
        if told.failed or told.wait is not None:
            row.failures += 1
            due_at = rules.after_failure(row.failures, account_id, now=now, wait=told.wait)
        else:
            row.failures, row.checked_at = 0, now
            due_at = rules.next_check(account_id, now=now)
            if any(repair.state == repairs.ASKED for repair in made.values()):
                due_at = now + repairs.LOOK_AGAIN
        if row.asked_at is not None and row.asked_at >= began_at:
            # Meta told something, or a person asked, while we looked: what we saw may be older than that.
            due_at = min(due_at, now + rules.BETWEEN)
        session.flush()
        due.settle(session, AccountCheck, self.key, worker=self.worker, due_at=due_at)


def name_of(actor: Actor) -> str:
    """An actor as a fact's row keeps it."""
    return actor.kind if actor.id is None else f"{actor.kind} {actor.id}"


def actor_of(name: str) -> Actor:
    """The actor of a name that was kept."""
    kind, _, key = name.partition(" ")
    return Actor(kind, key or None)


def _facts_of(session: Session, account_id: str) -> dict[Place, Fact]:
    rows = session.scalars(select(Fact).where(Fact.account_id == account_id))
    return {(row.subject_kind, row.subject_id, row.name): row for row in rows}
