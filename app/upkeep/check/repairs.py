"""Repairs of what is ours: each looks before it acts, may be done again, and is believed only once Meta shows it.

The credit line is money: its calls are acts (`app/onboarding/ledger/acts.py`), seen by every run of the steps and by
every other check, so that none is made twice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.kit import clock
from app.meta.credit_lines import Allocation
from app.meta.errors import MetaError, MetaUnreachable
from app.onboarding.currencies import NoCurrency, choose_currency
from app.onboarding.ledger import acts
from app.onboarding.steps.credit import ATTACH, PATIENCE, SHARE, is_shared
from app.runtime import Runtime
from app.upkeep.check import rules
from app.upkeep.check.asking import Asking
from app.upkeep.check.held import Held
from app.upkeep.check.noting import Place, Repair

DONE, ASKED, REFUSED = "done", "asked", "refused"


@dataclass(frozen=True)
class Fix:
    """What a repair may use. `by_hand`: a person asks for it, who may spend what a machine may not."""

    rt: Runtime
    held: Held
    asking: Asking
    place: Place
    metas: object
    began_at: datetime
    by_hand: bool = False


def repair(fix: Fix) -> Repair:
    """Do what the fact's own repair is; an error of Meta's is its outcome, never an exception."""
    try:
        return REPAIRS[fix.place[2]](fix)
    except acts.InDoubt:
        return Repair(ASKED)
    except acts.UnderWay:
        return Repair(ASKED, "somebody else is at it")
    except MetaUnreachable as lost:
        return Repair(ASKED if lost.request_written else REFUSED, str(lost)[:200])
    except MetaError as error:
        return Repair(REFUSED, str(error)[:200])


def _subscribe(fix: Fix) -> Repair:
    # The same call subscribes and takes another address of the account away. Twice is the same as once.
    fix.asking.meta.accounts.subscribe(fix.held.waba_id, fix.asking.token)
    return Repair(DONE)


def _drop_number_callback(fix: Fix) -> Repair:
    number = next(one for one in fix.held.numbers if one.id == fix.place[1])
    fix.asking.meta.numbers.drop_callback(number.phone_number_id, fix.asking.token)
    return Repair(DONE)


def _assign(fix: Fix) -> Repair:
    user_id = fix.rt.settings.meta_system_user_id
    fix.asking.meta.system_users.assign(fix.held.waba_id, fix.asking.system_token, user_id=user_id)
    return Repair(DONE)


def _attach_credit(fix: Fix) -> Repair:
    held, settings = fix.held, fix.rt.settings
    if not settings.meta_credit_line_id or not held.on_our_credit:
        return Repair(REFUSED, "our credit line does not pay for this client")
    was_ours = held.funding_id is not None
    receiver = held.business_id or ""
    allocations = _allocations(fix, receiver)
    if fix.metas and _pays(fix, allocations, str(fix.metas)):
        # Paid by our line after all, under another credential than the one we had seen.
        return Repair(DONE, ours=str(fix.metas))
    if not fix.by_hand and not rules.may_repair_credit(metas=fix.metas, was_ours=was_ours):
        return Repair(REFUSED, "somebody else pays; a person decides")
    if _asked_lately(fix):
        return Repair(ASKED)
    currency = choose_currency(
        of_account=held.currency,
        country=held.country,
        usual=settings.meta_credit_currency,
        today=clock.now().date(),
    )
    if isinstance(currency, NoCurrency):
        return Repair(REFUSED, "no currency can be right for this account")
    _share(fix, allocations, receiver, currency)
    funding = fix.asking.meta.accounts.funding_id(held.waba_id, fix.asking.token)
    if funding and _pays(fix, _allocations(fix, receiver), funding):
        return Repair(DONE, ours=funding)
    return Repair(ASKED)


def _allocations(fix: Fix, receiver: str) -> tuple[Allocation, ...]:
    """What the client's portfolio has of our line. Without its name Meta would list every client's."""
    if not receiver:
        return ()
    line, token = fix.rt.settings.meta_credit_line_id, fix.asking.system_token
    return fix.asking.meta.credit_lines.allocations_for(line, token, receiving_business_id=receiver)


def _pays(fix: Fix, allocations: Iterable[Allocation], funding: str) -> bool:
    lines, token = fix.asking.meta.credit_lines, fix.asking.system_token
    return any(lines.receiving_credential_id(one.id, token) == funding for one in allocations)


def _share(fix: Fix, allocations: tuple[Allocation, ...], receiver: str, currency: str) -> None:
    lines, settings, waba_id = fix.asking.meta.credit_lines, fix.rt.settings, fix.held.waba_id
    line, token = settings.meta_credit_line_id, fix.asking.system_token
    if settings.meta_credit_sharing == "one_call":
        with _once(fix, SHARE, waba_id):
            lines.share_and_attach(line, token, waba_id=waba_id, currency=currency)
        return
    # What was shared before the line was seen to be gone is gone as well.
    since = max(fix.held.facts[fix.place].since, clock.now() - PATIENCE)
    if not allocations and not is_shared(fix.rt, receiver, since=since):
        with _once(fix, SHARE, receiver):
            lines.share(line, token, receiving_business_id=receiver)
    with _once(fix, ATTACH, waba_id):
        lines.attach(line, fix.asking.token, waba_id=waba_id, currency=currency)


def _asked_lately(fix: Fix) -> bool:
    """Whether it was asked for moments ago, by whomever, since it was found missing: Meta may not show it yet."""
    what = SHARE if fix.rt.settings.meta_credit_sharing == "one_call" else ATTACH
    now, since = clock.now(), fix.held.facts[fix.place].since
    with fix.rt.db.read() as session:
        made = acts.list_acts(session, subject=fix.held.waba_id, what=what, since=now - PATIENCE)
    # Whatever began before that was seen to be gone since; only a call that is still under way may come to pass yet.
    return any(
        act.outcome == acts.PENDING or (act.at > since and act.outcome in {acts.DONE, acts.UNKNOWN}) for act in made
    )


@contextmanager
def _once(fix: Fix, what: str, subject: str) -> Iterator[None]:
    """Around a call that must not happen twice: written down before it, and what became of it after."""
    now = clock.now()
    with fix.rt.db.write() as session:
        key = acts.begin_act(
            session,
            subject=subject,
            what=what,
            onboarding_id=fix.held.run_id,
            by_hand=fix.by_hand,
            looked_at=fix.began_at,
            now=now,
        )
    try:
        yield
    except MetaUnreachable as lost:
        _end(fix, key, acts.UNKNOWN if lost.request_written else acts.WITHDRAWN)
        raise
    except MetaError:
        _end(fix, key, acts.REFUSED)
        raise
    _end(fix, key, acts.DONE)


def _end(fix: Fix, key: str, outcome: str) -> None:
    with fix.rt.db.write() as session:
        acts.end_act(session, key, outcome)


REPAIRS: Final[Mapping[str, Callable[[Fix], Repair]]] = {
    "subscription": _subscribe,
    "callback": _subscribe,
    "number_callback": _drop_number_callback,
    "system_user": _assign,
    "credit": _attach_credit,
}
# What may take a moment until Meta shows it is looked at again then.
LOOK_AGAIN: Final = timedelta(minutes=2)
