"""What a test of tokens does: connect clients, let days pass, and read what was kept."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from sqlalchemy import select

from app.credentials.models import Credential, TokenWatch
from app.incidents.models import Incident, IncidentChange
from app.kit import clock
from app.numbers.life import held_because
from app.numbers.models import Account
from app.onboarding.models import Onboarding
from app.runtime import Runtime
from app.upkeep.tokens.models import TokenRenewal, TokenWarning
from app.upkeep.tokens.renewing import Renewer
from app.work.due import is_due
from app.work.keeper import Keeper
from tests.onboarding.journey import Journey
from tests.onboarding.world import MetaWorld

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LOOK_EVERY = timedelta(hours=6)


@dataclass
class Calendar:
    """One house and one local Meta whose time passes together."""

    journey: Journey
    traveller: time_machine.Traveller
    keeper: Keeper
    renewer: Renewer = field(init=False)

    def __post_init__(self) -> None:
        self.renewer = Renewer(self.rt, self.keeper)

    @property
    def rt(self) -> Runtime:
        return self.journey.rt

    @property
    def world(self) -> MetaWorld:
        return self.journey.world

    def close(self) -> None:
        self.renewer.close()

    def connect(self, **wish: Any) -> Onboarding:
        """A client with a token of 60 days."""
        key, _ = self.journey.connect(token_ttl="60d", **wish)
        self.look()
        return self.onboarding(key)

    def onboarding(self, key: str) -> Onboarding:
        with self.rt.db.read() as session:
            return session.get_one(Onboarding, key)

    def look(self) -> None:
        """What the worker does every half second: while something is due, take it."""
        for _ in range(20):
            with self.rt.db.read() as session:
                if not is_due(session, TokenWatch, now=clock.now()):
                    return
            self.renewer.take("worker-1")
        raise AssertionError("the watches never rest")

    def pass_days(self, days: float) -> None:
        """Time passes here and at Meta, and the worker looks every few hours."""
        left = timedelta(days=days)
        while left > timedelta(0):
            step = min(LOOK_EVERY, left)
            self.traveller.shift(step)
            left -= step
            self.look()

    def refuse(self, *, exchange: bool = False, fetch: bool = False) -> None:
        """From now on Meta renews by neither, one or both ways."""
        self.app(extends_tokens=not exchange, fetch_gives="nothing" if fetch else "fresh")

    def app(self, **fields: Any) -> None:
        self.world.change(f"apps/{self.world.partner.app_id}", **fields)

    def watch(self, waba_id: str | None) -> TokenWatch:
        with self.rt.db.read() as session:
            return session.scalars(select(TokenWatch).where(TokenWatch.subject == (waba_id or "partner"))).one()

    def credentials(self, subject: str | None) -> list[Credential]:
        with self.rt.db.read() as session:
            return list(
                session.scalars(
                    select(Credential)
                    .where(
                        Credential.subject == (subject or "partner"),
                        Credential.kind.in_(("business_token", "partner_token")),
                    )
                    .order_by(Credential.version)
                )
            )

    def is_valid(self, waba_id: str | None) -> bool:
        """Whether Meta takes the current token of an account (or ours)."""
        kind = "partner_token" if waba_id is None else "business_token"
        current = next(row for row in self.credentials(waba_id) if row.current_scope is not None)
        assert current.kind == kind
        with self.rt.db.read() as session:
            secret = self.rt.vault.open_one(session, current.id)
        return self.rt.meta.oauth.inspect(secret).is_valid

    def tries(
        self, waba_id: str | None = None, *, ways: tuple[str, ...] = ("exchange", "fetch")
    ) -> list[tuple[str, str]]:
        """The ways tried and what became of each, oldest first."""
        with self.rt.db.read() as session:
            rows = session.scalars(
                select(TokenRenewal)
                .join(TokenWatch, TokenWatch.id == TokenRenewal.watch_id)
                .where(TokenWatch.subject == (waba_id or "partner"), TokenRenewal.way.in_(ways))
                .order_by(TokenRenewal.at, TokenRenewal.id)
            )
            return [(row.way, row.outcome) for row in rows]

    def warnings(self) -> list[tuple[str, int]]:
        """Stage and the day since noon of the first day on which it was given."""
        with self.rt.db.read() as session:
            rows = session.scalars(select(TokenWarning).order_by(TokenWarning.at, TokenWarning.id)).all()
        return [(row.stage, (row.at - NOON) // DAY) for row in rows]

    def incidents(self) -> list[tuple[str, str, str, bool]]:
        """Kind, severity, stage, and whether it is open."""
        with self.rt.db.read() as session:
            rows = session.scalars(select(Incident).order_by(Incident.opened_at, Incident.id)).all()
        return [(row.kind, row.severity, row.stage, row.open_key is not None) for row in rows]

    def changes(self) -> list[tuple[str, str]]:
        with self.rt.db.read() as session:
            rows = session.scalars(select(IncidentChange).order_by(IncidentChange.at, IncidentChange.id)).all()
        return [(row.what, row.stage) for row in rows]

    def held(self, run: Onboarding) -> str | None:
        with self.rt.db.read() as session:
            return held_because(
                session,
                client_id=run.client_id,
                waba_id=str(run.waba_id),
                phone_number_id=str(run.phone_number_id),
            )

    def account(self, run: Onboarding) -> Account:
        with self.rt.db.read() as session:
            return session.scalars(select(Account).where(Account.waba_id == run.waba_id)).one()
