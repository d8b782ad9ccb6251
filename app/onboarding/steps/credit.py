"""Step 3: the partner's credit line pays for this account (Meta's page: "Share and attach a credit line").

The system token acts here. Attached is proven by reading back: the account's primary funding is the credential that
the allocation gave to the client's portfolio. Which currency the account is billed in is decided before any call.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.kit import clock
from app.meta.credit_lines import Allocation
from app.meta.errors import MetaError, MetaRefused, PermissionMissing
from app.numbers.store import find_account
from app.onboarding import rules
from app.onboarding.currencies import NoCurrency, choose_currency
from app.onboarding.ledger import acts
from app.onboarding.ledger.outcomes import Done, Outcome, Parked, Waiting
from app.onboarding.ledger.troubles import needs_us, outcome_of
from app.onboarding.ledger.walk import Walk
from app.onboarding.models import Act
from app.runtime import Runtime

SHARE, ATTACH = "share", "attach"
# How long a share that was asked for may stay invisible before it is asked for again.
PATIENCE = timedelta(minutes=10)


def run(walk: Walk) -> Outcome:
    token = walk.system_token
    known = _what_is_known(walk)
    currency = choose_currency(
        of_account=known.currency,
        country=known.country,
        usual=walk.settings.meta_credit_currency,
        today=clock.now().date(),
    )
    if isinstance(currency, NoCurrency):
        return needs_us(currency.finding, **currency.facts)
    business_id = walk.facts.business_id
    if business_id is None:
        business_id = walk.meta.accounts.get(walk.waba_id, token).owner_business_id
    receiver = business_id or ""
    helper_missing, allocations, funding = walk.three(
        lambda: _must_be_assigned(walk),
        lambda: _allocations(walk, receiver),
        lambda: walk.meta.accounts.funding_id(walk.waba_id, walk.open_token()),
    )
    for allocation in allocations if funding else ():
        if walk.meta.credit_lines.receiving_credential_id(allocation.id, token) == funding:
            return _done(allocation, str(funding), {})
    found = {"allocation_id": allocations[0].id} if allocations else {}
    attached = _attached_lately(walk)
    if attached is not None and attached.outcome == acts.DONE:
        return Waiting("credit_attached", evidence=found)
    if attached is not None:
        # Where the portfolio has an allocation already, maybe another account's, nothing tells whether this one took.
        until = attached.at + (PATIENCE if allocations else acts.IN_DOUBT)
        if allocations or acts.is_in_doubt(attached, looked_at=walk.began_at):
            return Waiting("credit_attached", doubt_until=until, evidence=found)

    if not rules.may_share(walk.facts.way, walk.facts.event_ids, is_paid=bool(funding), by_hand=walk.by_hand):
        return needs_us("paid_otherwise")
    evidence: dict[str, object] = {"currency": currency}
    if helper_missing:
        evidence["assigned"] = _assign(walk)
    try:
        allocation = _share(walk, receiver, currency, shared=bool(allocations))
    except acts.InDoubt as doubt:
        return Waiting("credit_attached", doubt_until=doubt.until, evidence=evidence)
    except PermissionMissing as refused:
        # Whichever token shares or attaches: what is missing is a right to our line.
        return outcome_of(refused, walk.step)
    except MetaRefused as refused:
        return _refused(walk, refused, funding)
    evidence["allocation_id"] = allocation.id
    return _read_back(walk, allocation, evidence)


@dataclass(frozen=True)
class _Known:
    """What Meta said of the account when it was read."""

    currency: str | None
    country: str | None


def _what_is_known(walk: Walk) -> _Known:
    with walk.rt.db.read() as session:
        account = find_account(session, walk.facts.client_id, walk.waba_id)
        return _Known(account.currency, account.country) if account is not None else _Known(None, None)


def _refused(walk: Walk, refused: MetaRefused, funding: str | None) -> Outcome:
    """Something that is not of our line pays already: only a person can settle who pays."""
    outcome = outcome_of(refused, walk.step)
    if refused.code == 100 and funding is not None and isinstance(outcome, Parked):
        return replace(outcome, trouble={**outcome.trouble, "key": "credit_elsewhere"})
    return outcome


def _allocations(walk: Walk, receiver: str) -> tuple[Allocation, ...]:
    """What the client's portfolio has of our line. Without its name Meta would list every client's."""
    if not receiver:
        return ()
    line = walk.settings.meta_credit_line_id
    return walk.meta.credit_lines.allocations_for(line, walk.system_token, receiving_business_id=receiver)


def _must_be_assigned(walk: Walk) -> bool:
    """Whether our system user is an employee that is not yet on the account; an admin needs nothing."""
    settings, token = walk.settings, walk.system_token
    role, assigned = walk.both(
        lambda: walk.partner.role(walk.meta),
        lambda: walk.meta.system_users.assigned(walk.waba_id, token, business_id=settings.meta_business_id),
    )
    return role != "ADMIN" and all(user.id != settings.meta_system_user_id for user in assigned)


def _assign(walk: Walk) -> str:
    """Put our system user on the account. A refusal does not stop the share: Meta decides whether that one works."""
    try:
        walk.meta.system_users.assign(walk.waba_id, walk.system_token, user_id=walk.settings.meta_system_user_id)
    except MetaError as refused:
        if refused.retryable:
            raise
        return f"refused ({refused.code})"
    return "done"


def _share(walk: Walk, receiver: str, currency: str, *, shared: bool) -> Allocation:
    """Share and attach, in one call or in two; `shared` says that the client's portfolio has an allocation already."""
    settings, lines = walk.settings, walk.meta.credit_lines
    line = settings.meta_credit_line_id
    if settings.meta_credit_sharing == "one_call":
        with walk.once(SHARE, walk.waba_id):
            return lines.share_and_attach(line, walk.system_token, waba_id=walk.waba_id, currency=currency)
    if not shared and not is_shared(walk.rt, receiver, since=clock.now() - PATIENCE):
        # To a portfolio, not to an account: two accounts of one client must not both do it.
        with walk.once(SHARE, receiver):
            lines.share(line, walk.system_token, receiving_business_id=receiver)
    with walk.once(ATTACH, walk.waba_id):
        return lines.attach(line, walk.open_token(), waba_id=walk.waba_id, currency=currency)


def _read_back(walk: Walk, allocation: Allocation, evidence: dict[str, object]) -> Outcome:
    try:
        receiving, funding = walk.both(
            lambda: walk.meta.credit_lines.receiving_credential_id(allocation.id, walk.system_token),
            lambda: walk.meta.accounts.funding_id(walk.waba_id, walk.open_token()),
        )
    except MetaError as trouble:
        if not trouble.retryable:
            raise
        # The share itself went through; only the proof is late, and the next look brings it.
        return Waiting("credit_attached", evidence=evidence)
    if receiving and receiving == funding:
        return _done(allocation, funding, evidence)
    return Waiting("credit_attached", evidence=evidence)


def _done(allocation: Allocation, funding: str, evidence: dict[str, object]) -> Done:
    proof = {"allocation_id": allocation.id, "primary_funding_id": funding}
    return Done({**evidence, **proof}, {"credit_attached": proof})


def _attached_lately(walk: Walk) -> Act | None:
    """The last attachment asked for moments ago that Meta did not refuse, by whichever run."""
    what = SHARE if walk.settings.meta_credit_sharing == "one_call" else ATTACH
    with walk.rt.db.read() as session:
        made = acts.list_acts(session, subject=walk.waba_id, what=what, since=clock.now() - PATIENCE)
        return next((act for act in reversed(made) if act.outcome != acts.REFUSED), None)


def is_shared(rt: Runtime, receiver: str, *, since: datetime) -> bool:
    """Whether Meta has said since then that a portfolio has the line now, which its list may not show yet."""
    with rt.db.read() as session:
        made = acts.list_acts(session, subject=receiver, what=SHARE, since=since)
        return any(act.outcome == acts.DONE for act in made)
