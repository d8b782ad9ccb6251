"""The ledger: an onboarding, its steps, every call they made, and the proofs they brought."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column
from app.work.due import Due


class Onboarding(Due, Base):
    """One run of the steps for one client. What state it is in is derived from its steps and proofs, never stored.

    `reference` is what people say ("onb_7Q2F-4KDM"); `plan` is chosen from the end event received and what Meta says
    of the number, so it is empty until the first step is done. `test_word` is the one-time word of the test message.
    """

    __tablename__ = "onboardings"

    id: Mapped[str] = key_column()
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"), index=True)
    link_id: Mapped[str | None] = mapped_column(ForeignKey("links.id"), index=True)
    signup_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    plan_asked: Mapped[str | None] = mapped_column(String(32))
    plan: Mapped[str | None] = mapped_column(String(32))
    event_kind: Mapped[str | None] = mapped_column(String(64))
    event_ids: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    waba_id: Mapped[str | None] = mapped_column(String(64), index=True)
    phone_number_id: Mapped[str | None] = mapped_column(String(64), index=True)
    business_id: Mapped[str | None] = mapped_column(String(64), index=True)
    test_word: Mapped[str] = mapped_column(String(8))
    begun_at: Mapped[datetime]
    """When the code reached us; the onboarding's time is counted from here."""


class Step(Base):
    """One step of one onboarding; see `rules.StepState` for the states.

    `trouble` is what the page and the console show while somebody must act: catalogue key, Meta's code, subcode, trace
    id. `evidence` is what proves the step, in the words of its function.
    """

    __tablename__ = "steps"
    __table_args__ = (UniqueConstraint("onboarding_id", "name"),)

    id: Mapped[str] = key_column()
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"), index=True)
    name: Mapped[str] = mapped_column(String(16))
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    trouble: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class StepCall(Base):
    """One Graph call a step made, redacted on both sides, with Meta's trace id and the time it took (ms)."""

    __tablename__ = "step_calls"

    id: Mapped[str] = key_column()
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"), index=True)
    step_name: Mapped[str] = mapped_column(String(16))
    attempt: Mapped[int]
    at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(8))
    path: Mapped[str] = mapped_column(String(255))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[int | None]
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    trace_id: Mapped[str | None] = mapped_column(String(64))
    took_ms: Mapped[int]
    error: Mapped[str | None] = mapped_column(String(300))
    actor: Mapped[str] = mapped_column(String(64))


class Proof(Base):
    """Something Meta or a contact showed us, with the time we saw it; "connected" and "live" are read off these."""

    __tablename__ = "proofs"
    __table_args__ = (UniqueConstraint("onboarding_id", "kind"),)

    id: Mapped[str] = key_column()
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    seen_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
