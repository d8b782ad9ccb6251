"""A connected client at the local Meta, and checks of it as the worker makes them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select, update

from app.incidents.models import Incident
from app.kit import clock
from app.numbers.models import Account, Number
from app.runtime import Runtime
from app.upkeep.check.jobs import Checks, make_rows
from app.upkeep.check.models import AccountCheck, Fact
from tests.onboarding.conftest import as_employee, journey, meta_world, new_walker, rt, walker, world_settings
from tests.onboarding.journey import Journey
from tests.onboarding.world import MetaWorld

__all__ = ["as_employee", "journey", "meta_world", "new_walker", "rt", "walker", "world_settings"]


@dataclass
class Client:
    """A connected client: its onboarding's key, Meta's ids and ours."""

    key: str
    waba_id: str
    phone_number_id: str
    business_id: str
    account_id: str
    number_id: str


@dataclass
class Rounds:
    """Checks of all there is, and what came of them."""

    journey: Journey
    checks: list[Checks] = field(default_factory=list)

    @property
    def rt(self) -> Runtime:
        return self.journey.rt

    @property
    def world(self) -> MetaWorld:
        return self.journey.world

    def connect(self, plan: str = "standard", **wish: Any) -> Client:
        """A client whose steps are all done, and whose account has its row."""
        key, _ = self.journey.connect(plan, **wish)
        progress = self.journey.progress(key)
        make_rows(self.rt)
        with self.rt.db.read() as session:
            account = session.scalars(select(Account).where(Account.waba_id == progress.waba_id)).one()
            number = session.scalars(select(Number).where(Number.account_id == account.id)).one()
        return Client(
            key,
            account.waba_id,
            number.phone_number_id,
            str(account.business_id),
            account.id,
            number.id,
        )

    def new_checks(self) -> Checks:
        self.checks.append(Checks(self.rt))
        return self.checks[-1]

    def check(self) -> None:
        """Check every account now, whatever it waits for."""
        self.make_due()
        checks = self.checks[0] if self.checks else self.new_checks()
        checks.take("worker-1")
        checks.wait_until_idle()

    def make_due(self) -> None:
        with self.rt.db.write() as session:
            session.execute(update(AccountCheck).where(AccountCheck.due_at.is_not(None)).values(due_at=clock.now()))

    def fact(self, name: str) -> Fact:
        with self.rt.db.read() as session:
            return session.scalars(select(Fact).where(Fact.name == name)).one()

    def facts(self) -> dict[str, Fact]:
        with self.rt.db.read() as session:
            return {row.name: row for row in session.scalars(select(Fact))}

    def row(self) -> AccountCheck:
        with self.rt.db.read() as session:
            return session.scalars(select(AccountCheck)).one()

    def open_incidents(self) -> dict[str, tuple[str, str]]:
        """Kind → subject's kind and severity."""
        with self.rt.db.read() as session:
            rows = session.scalars(select(Incident).where(Incident.open_key.is_not(None)))
            return {row.kind: (row.subject_kind, row.severity) for row in rows}

    def close(self) -> None:
        for checks in self.checks:
            checks.close()


@pytest.fixture
def rounds(journey: Journey) -> Iterator[Rounds]:
    made = Rounds(journey)
    yield made
    made.close()


@pytest.fixture
def client(rounds: Rounds) -> Client:
    """Connected, and found in order by a first check."""
    made = rounds.connect()
    rounds.check()
    assert {name: row.verdict for name, row in rounds.facts().items() if row.verdict != "ok"} == {}
    return made


@pytest.fixture
def new_rounds() -> Iterator[Any]:
    """Rounds over another journey: other settings of the same world."""
    made: list[Rounds] = []

    def make(journey: Journey) -> Rounds:
        made.append(Rounds(journey))
        return made[-1]

    yield make
    for one in made:
        one.close()
