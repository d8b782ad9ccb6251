"""Step 1, the part after the code was exchanged and the token sealed: what is this token, and whose are these ids?

The browser's ids count for nothing until the token proves them: the account must be among its targets (or be readable
with it where Meta names no targets), the number must be in the account's own list.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.secret import Secret
from app.meta.accounts import Account
from app.meta.errors import PermissionMissing
from app.meta.numbers import Number
from app.meta.oauth import Inspection
from app.numbers.store import keep_account, keep_number
from app.onboarding import ledger, rules
from app.onboarding.events import stored_event
from app.onboarding.models import Onboarding
from app.onboarding.outcomes import Done, Outcome, Waiting
from app.onboarding.troubles import needs_client, needs_us
from app.onboarding.walk import Walk

# Meta's window usually speaks within a second of the code; when it stays silent the token's own targets are used.
PATIENCE_FOR_EVENT = timedelta(seconds=3)
# A number just made may be missing from Meta's list for some seconds.
PATIENCE_FOR_LIST = timedelta(minutes=10)
WITHOUT_NUMBER = "FINISH_ONLY_WABA"  # the end event that says so
LOOK_AGAIN = 2.0


@dataclass(frozen=True)
class _Seen:
    inspection: Inspection
    account: Account
    numbers: tuple[Number, ...]


def run(walk: Walk) -> Outcome:
    facts = walk.facts
    age = clock.now() - facts.begun_at
    if facts.event_kind is None and age < PATIENCE_FOR_EVENT:
        return Waiting(ledger.FOR_EVENT, (PATIENCE_FOR_EVENT - age).total_seconds())
    event = stored_event(facts.event_ids) if facts.event_ids else None
    held = walk.open_credential()
    token = held.secret

    told_waba = event.waba_id if event and event.outcome == "finished" else None
    if told_waba:
        # The questions do not depend on one another; an account that is not the token's cannot be read with it.
        read, inspection = walk.both(lambda: _read(walk, token, told_waba), lambda: walk.meta.oauth.inspect(token))
    else:
        read, inspection = None, walk.meta.oauth.inspect(token)
    refusal = _judge(walk, inspection, told_waba)
    if refusal is not None:
        return refusal
    if read is None:
        targets = inspection.waba_targets()
        if not targets:
            return needs_client("no_account_shared")
        # Targets come newest first: what the client has just finished is the first of them.
        read = _read(walk, token, targets[0])
    if isinstance(read, PermissionMissing):
        return needs_client("ids_not_of_token")
    seen = _Seen(inspection, *read)

    number = _choose_number(seen.numbers, event.phone_number_id if event else None)
    if number is None:
        return _no_number(walk, event.phone_number_id if event else None)
    plan = rules.choose_plan(facts.event_kind, is_on_biz_app=number.is_on_biz_app)
    walk.write(lambda session, now: _keep(session, walk, held.credential_id, seen, number, plan, now))
    return Done(
        {"plan": plan, "scopes": sorted(inspection.scopes), "account": seen.account.name, "number": number.id},
        {"token_valid": {"expires_at": inspection.expires_at.isoformat() if inspection.expires_at else None}},
    )


def _read(walk: Walk, token: Secret, waba_id: str) -> tuple[Account, tuple[Number, ...]] | PermissionMissing:
    """The account and its numbers, or Meta's word that this token may not see them: an answer, not a failure."""
    try:
        return walk.both(
            lambda: walk.meta.accounts.get(waba_id, token), lambda: walk.meta.numbers.list_of(waba_id, token)
        )
    except PermissionMissing as refused:
        return refused


def _judge(walk: Walk, inspection: Inspection, told_waba: str | None) -> Outcome | None:
    """What is wrong with the token itself; None when it is good."""
    if not inspection.is_valid:
        return needs_client("token_not_valid")
    if inspection.app_id != walk.settings.meta_app_id:
        return needs_us("token_of_other_app")
    missing = rules.missing_scopes(inspection.scopes)
    if missing:
        return needs_us("scopes_missing", missing=", ".join(missing))
    if told_waba and not rules.owns_account(told_waba, inspection.waba_targets()):
        return needs_client("ids_not_of_token")
    return None


def _choose_number(numbers: tuple[Number, ...], told: str | None) -> Number | None:
    """The number the window named, if the account has it; without a name the one onboarded last."""
    if told is None:
        return numbers[0] if numbers else None
    return next((number for number in numbers if number.id == told), None)


def _no_number(walk: Walk, told: str | None) -> Outcome:
    may_be_late = told is not None or walk.facts.event_kind != WITHOUT_NUMBER
    if may_be_late and clock.now() - walk.facts.begun_at < PATIENCE_FOR_LIST:
        return Waiting("number_listed", LOOK_AGAIN)
    return needs_client("ids_not_of_token" if told else "no_number")


def _keep(
    session: Session, walk: Walk, credential_id: str, seen: _Seen, number: Number, plan: str, now: datetime
) -> None:
    """Everything the later steps need, in one transaction: ids, plan, token under its account, Meta's words."""
    onboarding = session.get_one(Onboarding, walk.facts.onboarding_id)
    walk.rt.vault.identify(
        session,
        credential_id,
        subject=seen.account.id,
        facts={"scopes": sorted(seen.inspection.scopes), "waba_id": seen.account.id},
        expires_at=seen.inspection.expires_at,
        now=now,
    )
    before = ledger.plan_of(onboarding)
    onboarding.waba_id = seen.account.id
    onboarding.business_id = seen.account.owner_business_id
    onboarding.phone_number_id = number.id
    onboarding.plan = plan
    account = keep_account(session, walk.facts.client_id, seen.account, now=now)
    keep_number(session, account.id, number, now=now)
    if ledger.plan_of(onboarding) != before:
        ledger.lay_steps(session, onboarding)
