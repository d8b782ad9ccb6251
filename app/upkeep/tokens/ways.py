"""Asking Meta about one token: what it is, and for another in its place, by each way in turn until one is proven.

Meta's pages: "Debug token", "System users: refresh access token" (`fb_exchange_token`) and "Hosted Embedded Signup"
(`fetch_only`). Neither page promises its way for a customer's token, so what comes is believed only after
`debug_token` has described it. No transaction is open here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.credentials.succession import Heir
from app.credentials.watches import PARTNER
from app.kit import clock
from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.errors import MetaBusy, MetaError, MetaUnreachable, TokenDead
from app.meta.oauth import WABA_SCOPE, Inspection
from app.upkeep.tokens.rules import WAYS, Described, Verdict, fault_in, goes_on, renew_at

LOOK = "look"
OURS_DEAD = "ours_dead"  # the token that is dead is the partner's, which says nothing of the client's


@dataclass(slots=True)
class Task:
    """One watch with the token it watches, as read before the calls."""

    watch_id: str
    kind: str
    client_id: str | None
    subject: str
    credential_id: str
    state: str
    began_at: datetime
    ends_at: datetime | None
    inspected: bool
    failures: int
    alarmed: bool
    suspected: str | None
    dead_since: datetime | None
    asked_by: str | None
    facts: dict[str, Any]
    business_id: str | None
    last_way: str | None
    last_outcome: str | None
    last_at: datetime | None
    secret: Secret | None = None


@dataclass(slots=True)
class Try:
    """One row for `token_renewals`."""

    way: str
    at: datetime
    took_ms: int
    outcome: str
    code: int | None = None
    subcode: int | None = None
    trace_id: str | None = None
    new_end: datetime | None = None


@dataclass(slots=True)
class Found:
    """What came of a task: the verdict, the tries, the token that takes its place, and Meta's words of the old one."""

    verdict: Verdict
    tries: list[Try] = field(default_factory=list)
    heir: Heir | None = None
    told: Inspection | None = None
    retry_after: int | None = None
    # The partner's token turned out to be dead while a client's was fetched with it.
    partner_dead: TokenDead | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """How to ask: Meta's calls, our app, our own token, and from which day tokens are renewed."""

    meta: Meta
    app_id: str
    partner: Callable[[], Secret]
    from_day: int

    def ask(self, task: Task) -> Found:
        """Look at the token, and renew it where it is time. Never raises for what Meta answers."""
        now = clock.now()
        found = Found("planned")
        if task.secret is None:
            # It cannot be opened: as good as refused, and the incident says so.
            found.verdict = "refused"
            found.tries.append(Try(LOOK, now, 0, "sealed"))
            return found
        told = self._look(task, found)
        if told is None:
            return found
        if not told.is_valid:
            found.verdict = "dead"
            if task.kind == PARTNER:
                return found
            return self._renew(task, found, _described_before(task), ("fetch",))
        found.told = told
        at = renew_at(task.began_at, told.expires_at, from_day=self.from_day, key=task.credential_id)
        if at is None or (now < at and task.asked_by is None):
            return found
        return self._renew(task, found, _described(told), WAYS if task.kind != PARTNER else WAYS[:1])

    def _look(self, task: Task, found: Found) -> Inspection | None:
        began, at = clock.monotonic(), clock.now()
        assert task.secret is not None  # noqa: S101 - asked by the caller
        try:
            told = self.meta.oauth.inspect(task.secret)
        except MetaError as error:
            self._note(found, LOOK, at, began, error)
            found.verdict = "later" if error.retryable else "refused"
            return None
        if not told.is_valid:
            fault = told.error
            trouble = (fault.code, fault.subcode) if fault else (None, None)
            found.tries.append(Try(LOOK, at, _since(began), "dead", *trouble))
        return told

    def _renew(self, task: Task, found: Found, old: Described, ways: tuple[str, ...]) -> Found:
        """Try the ways in order; a way that brought nothing leaves the verdict worse, never better."""
        outcomes = []
        for way in ways:
            outcome = self._try(task, found, old, way)
            outcomes.append(outcome)
            if outcome == "renewed":
                found.verdict = "renewed"
                return found
            if not goes_on(outcome, task.failures):
                break
        if found.verdict != "dead":
            found.verdict = "later" if {"busy", "lost", OURS_DEAD} & set(outcomes) else "refused"
        return found

    def _try(self, task: Task, found: Found, old: Described, way: str) -> str:
        began, at = clock.monotonic(), clock.now()
        try:
            fresh = self._exchange(task) if way == "exchange" else self._fetch(task, found)
            told = self.meta.oauth.inspect(fresh)
        except MetaError as error:
            return self._note(found, way, at, began, error)
        fault = fault_in(_described(told), old, app_id=self.app_id)
        outcome = fault or "renewed"
        found.tries.append(Try(way, at, _since(began), outcome, new_end=told.expires_at))
        if fault is None:
            found.heir = Heir(
                task.credential_id, task.kind, task.client_id, fresh, facts_after(task, told), told.expires_at
            )
        return outcome

    def _exchange(self, task: Task) -> Secret:
        assert task.secret is not None  # noqa: S101 - asked by the caller
        return self.meta.oauth.extend(task.secret)

    def _fetch(self, task: Task, found: Found) -> Secret:
        token = self.partner()
        try:
            return self.meta.system_users.fetch_token(task.business_id or task.subject, token)
        except TokenDead as dead:
            found.partner_dead = dead
            raise

    @staticmethod
    def _note(found: Found, way: str, at: datetime, began: float, error: MetaError) -> str:
        if isinstance(error, MetaBusy):
            outcome = "busy"
            found.retry_after = max(found.retry_after or 0, error.retry_after or 0) or None
        elif found.partner_dead is error:
            outcome = OURS_DEAD
        else:
            outcome = "lost" if isinstance(error, MetaUnreachable) else "refused"
        found.tries.append(Try(way, at, _since(began), outcome, error.code, error.subcode, error.trace_id))
        return outcome


def facts_after(task: Task, told: Inspection) -> dict[str, Any]:
    """What is kept of an inspection beside what was known: nothing of it is secret."""
    issued = told.issued_at.isoformat() if told.issued_at else None
    return {**task.facts, "scopes": sorted(told.scopes), "type": told.type, "issued_at": issued}


def _described(told: Inspection) -> Described:
    return Described(told.is_valid, told.app_id, told.scopes, told.targets, told.expires_at)


def _described_before(task: Task) -> Described:
    """What a token was while it lived: Meta describes a dead one no more, but we have kept what it said."""
    scopes = frozenset(task.facts.get("scopes", ()))
    return Described(False, None, scopes, {WABA_SCOPE: (task.subject,)}, task.ends_at)


def _since(began: float) -> int:
    return round((clock.monotonic() - began) * 1000)
