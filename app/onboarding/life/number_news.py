"""What the webhook intake tells about numbers and accounts that steps may wait for, one verb a kind of news.

Meta's pages: "phone_number_name_update", "phone_number_quality_update", "security", "account_review_update",
"business_capability_update" webhooks. Such news name an account and a number as people write it, never an id of the
number; several clients may have both. News only bring the next look forward: what is true is read from Meta itself.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.numbers.models import Account, Number
from app.numbers.rules import digits_of
from app.onboarding import rules
from app.onboarding.ledger import ledger
from app.onboarding.ledger.desk import wants_pin
from app.onboarding.ledger.troubles import key_of
from app.onboarding.models import Onboarding, Step

NAME_WORDS = {"APPROVED": "APPROVED", "REJECTED": "DECLINED", "PENDING": "PENDING_REVIEW", "DEFERRED": "PENDING_REVIEW"}


def name_reviewed(session: Session, *, waba_id: str, display: str, decision: str, at: datetime, now: datetime) -> bool:
    """Meta has decided about a display name: what waits for it, or was parked by the last decision, looks at once."""
    for number in _numbers(session, waba_id, display):
        # What was read from Meta since is newer than the news.
        if at >= number.seen_at.replace(microsecond=0):
            number.name_status = NAME_WORDS.get(decision, number.name_status)
    return _look_again(
        session, _runs(session, waba_id, display), waits={"name_review"}, troubles={"name_declined"}, now=now
    )


def number_onboarded(session: Session, *, waba_id: str, display: str, now: datetime) -> bool:
    """Meta has connected a number: what waits for that looks at once."""
    return _look_again(session, _runs(session, waba_id, display), waits={"number_connected"}, troubles=(), now=now)


def pin_told(session: Session, *, waba_id: str, display: str, event: str, at: datetime) -> None:
    """A two-step PIN was changed or reset: a note beside the step that waits for it, for whoever reads it next.

    Nothing runs by itself: each try with a wrong PIN counts, so a person says that it is right now.
    """
    for run in _runs(session, waba_id, display):
        for step in ledger.list_steps(session, run.id):
            earlier = step.evidence.get("pin_news", {}).get("at", "")
            if step.name == "register" and wants_pin(step.state, key_of(step.trouble)) and at.isoformat() >= earlier:
                step.evidence = {**step.evidence, "pin_news": {"event": event, "at": at.isoformat()}}


def account_told(session: Session, *, waba_id: str, field: str, facts: Mapping[str, Any], at: datetime) -> None:
    """Keep Meta's newest word of a kind about an account."""
    for account in session.scalars(
        select(Account).where(Account.waba_id == waba_id).order_by(Account.id).with_for_update()
    ):
        earlier = (account.told or {}).get(field, {}).get("at", "")
        if at.isoformat() >= earlier:
            account.told = {**account.told, field: {**facts, "at": at.isoformat()}}


def _look_again(
    session: Session,
    runs: Sequence[Onboarding],
    *,
    waits: Collection[str],
    troubles: Collection[str],
    now: datetime,
) -> bool:
    made_due = False
    for run in runs:
        for step in ledger.list_steps(session, run.id):
            if step.state == rules.WAITING and step.waits_for in waits:
                step.next_try_at = now
            elif _is_parked_by(step, troubles):
                step.state, step.trouble, step.next_try_at = rules.NOT_STARTED, None, None
            else:
                continue
            run.due_at = now
            made_due = True
    return made_due


def _is_parked_by(step: Step, troubles: Collection[str]) -> bool:
    return step.state in rules.PARKED and key_of(step.trouble) in troubles


def _numbers(session: Session, waba_id: str, display: str) -> Iterator[Number]:
    """Every client's record of the number; people write it in many ways, so its digits decide."""
    wanted = digits_of(display)
    for number in session.scalars(
        select(Number).join(Account, Account.id == Number.account_id).where(Account.waba_id == waba_id)
    ):
        if wanted and digits_of(number.display_phone_number) == wanted:
            yield number


def _runs(session: Session, waba_id: str, display: str) -> Sequence[Onboarding]:
    """The runs of that number that still count, locked, the oldest first."""
    keys = {number.phone_number_id for number in _numbers(session, waba_id, display)}
    return session.scalars(
        select(Onboarding)
        .where(
            Onboarding.waba_id == waba_id,
            Onboarding.phone_number_id.in_(keys),
            Onboarding.ended_at.is_(None),
        )
        .order_by(Onboarding.id)
        .with_for_update()
    ).all()
