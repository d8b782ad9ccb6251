"""The ledger: an onboarding, its steps, every call they made, and the proofs they brought."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column
from app.work.due import Due


class Onboarding(Due, Base):
    """One run of the steps for one client. What state it is in is derived from its steps and proofs, never stored.

    `reference` is what people say ("onb_7Q2F-4KDM"); `plan` is chosen from the end event received and what Meta says
    of the number, so it is empty until the first step is done. `way` is how the client came (see `plans.toml`).
    `lead_id` names the onboarding that shared its signup with this one. `test_word` is the one-time word of the test
    message. A run may end before its time: `ended_because` is "replaced" (by `replaced_by_id`) or "removed" (the
    client took the account away).
    """

    __tablename__ = "onboardings"

    id: Mapped[str] = key_column()
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"), index=True)
    link_id: Mapped[str | None] = mapped_column(ForeignKey("links.id"), index=True)
    signup_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    lead_id: Mapped[str | None] = mapped_column(ForeignKey("onboardings.id"), index=True)
    way: Mapped[str] = mapped_column(String(16), default="popup")
    on_our_credit: Mapped[bool] = mapped_column(default=True)
    """Whether the partner's credit line pays; False for a partner that has none."""
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
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(16))
    replaced_by_id: Mapped[str | None] = mapped_column(ForeignKey("onboardings.id"))


class Step(Base):
    """One step of one onboarding; see `rules.StepState` for the states.

    `trouble` is what the page and the console show while somebody must act: catalogue key, Meta's code, subcode, trace
    id. `evidence` is what proves the step, in the words of its function. A wait is a state: `waits_for` names its row
    in `waits.toml`, `polls` counts the looks so far, and after `waits_until` a person decides.
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
    waits_for: Mapped[str | None] = mapped_column(String(32))
    waiting_since: Mapped[datetime | None]
    waits_until: Mapped[datetime | None]
    polls: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class StepCall(Base):
    """One Graph call a step made, redacted on both sides, with Meta's trace id and the time it took (ms)."""

    __tablename__ = "step_calls"
    __table_args__ = (Index("ix_step_calls_at", "at"),)

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


class Act(Base):
    """One call that must not happen twice, written down before it is made: what it is done to, by whom, and its end.

    `subject` is Meta's id of what is changed (a number, an account), so that runs of several onboardings, and of
    several clients, see one another's. `outcome` is pending, done, refused, withdrawn (Meta said it did nothing) or
    unknown (the answer was lost). The database lets one act of a kind be pending on a subject, never two.
    """

    __tablename__ = "acts"
    __table_args__ = (
        Index("ix_acts_subject", "subject", "what", "at"),
        Index(
            "uq_acts_pending",
            "subject",
            "what",
            unique=True,
            sqlite_where=text("outcome = 'pending'"),
            postgresql_where=text("outcome = 'pending'"),
        ),
    )

    id: Mapped[str] = key_column()
    subject: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(32))
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"))
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))
    by_hand: Mapped[bool] = mapped_column(default=False)


class Proof(Base):
    """Something Meta or a contact showed us, with the time we saw it; "connected" and "live" are read off these."""

    __tablename__ = "proofs"
    __table_args__ = (UniqueConstraint("onboarding_id", "kind"),)

    id: Mapped[str] = key_column()
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    seen_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
