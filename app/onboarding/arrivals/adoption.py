"""Adopting: taking over accounts that were shared with us before. First what it would do, then doing it.

    seen = adoption.preview(rt, orders)                  nothing is written, nothing changes at Meta
    done = adoption.adopt(rt, orders, actor=…, now=…)    an onboarding for each that can be adopted

Each account becomes an onboarding of way "adopted", whose further numbers become siblings (`identify.py`). Adopting
twice begins nothing twice: an account is looked up under a lock, with whoever holds it or is just bringing it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from sqlalchemy.orm import Session

from app.audit.store import Actor, add_entry
from app.db import queue_up
from app.kit.errors import AppError, Fault, InvalidInput
from app.onboarding.arrivals.beginnings import ClientChoice, hold_client, lay_down, tell_client
from app.onboarding.arrivals.saga import STREAM
from app.onboarding.plans import ADOPTED
from app.onboarding.shares.adopting import ADOPTABLE, Offer, Planned, plan_adoption, will_pay
from app.onboarding.shares.holders import holders_of
from app.onboarding.shares.shared_accounts import NO_TOKEN, NOT_READ, NOT_SHARED, OWN, look_at
from app.onboarding.window.events import SHARED, EndEvent
from app.runtime import Runtime

MOST: Final = 50
Outcome = Literal["begun", "held", "under_way", "refused"]
WHY_NOT: Final[Mapping[str, str]] = {
    NOT_SHARED: "No account of this id is shared with our portfolio.",
    OWN: "This account is of our own portfolio; only accounts of others are adopted.",
    NO_TOKEN: "Meta does not accept our own system token (META_SYSTEM_TOKEN). Nothing was done.",
    NOT_READ: "Meta did not answer in time about this account. Nothing was done; ask again.",
}


@dataclass(frozen=True)
class Order:
    """One account to adopt. `share_credit`: share our line if nobody pays for the account yet."""

    waba_id: str
    share_credit: bool = False
    client: ClientChoice = field(default_factory=ClientChoice)


@dataclass(frozen=True)
class Preview:
    """What adopting one account would do. `client` is whose it would be, in words; `why_not` is empty if it can be."""

    order: Order
    offer: Offer | None
    steps: tuple[Planned, ...]
    client: str
    why_not: str


@dataclass(frozen=True)
class Adopted:
    """What became of one order; `reference` names the onboarding that has the account now, if any."""

    waba_id: str
    outcome: Outcome
    reference: str | None
    words: str


def check_orders(orders: Sequence[Order]) -> None:
    """InvalidInput for none, too many, or the same account twice."""
    ids = [order.waba_id for order in orders]
    if not 1 <= len(ids) <= MOST:
        raise InvalidInput([Fault("accounts", f"needs 1 to {MOST} accounts")])
    if len(set(ids)) != len(ids):
        raise InvalidInput([Fault("accounts", "names an account twice")])


def preview(rt: Runtime, orders: Sequence[Order], *, seconds: float = 20.0) -> tuple[Preview, ...]:
    """What each order would do, without doing anything."""
    check_orders(orders)
    seen = look_at(rt, [order.waba_id for order in orders], seconds=seconds)
    with rt.db.read() as session:
        return tuple(_preview(rt, session, order, seen[order.waba_id]) for order in orders)


def adopt(
    rt: Runtime, orders: Sequence[Order], *, actor: Actor, now: datetime, seconds: float = 20.0
) -> tuple[Adopted, ...]:
    """Begin an onboarding for each account that can be adopted; each in a transaction of its own."""
    check_orders(orders)
    seen = look_at(rt, [order.waba_id for order in orders], seconds=seconds)
    done = tuple(_adopted(rt, order, seen[order.waba_id], actor=actor, now=now) for order in orders)
    if any(one.outcome == "begun" for one in done):
        rt.wakes.ring(STREAM)
    return done


def all_free(pages: Iterator[Sequence[Offer]]) -> Iterator[list[Offer]]:
    """Batches of at most `MOST` accounts that can be adopted, from pages of the list."""
    batch: list[Offer] = []
    for page in pages:
        for offer in page:
            if offer.verdict in ADOPTABLE:
                batch.append(offer)
            if len(batch) == MOST:
                yield batch
                batch = []
    if batch:
        yield batch


def _preview(rt: Runtime, session: Session, order: Order, seen: Offer | str) -> Preview:
    if isinstance(seen, str):
        return Preview(order, None, (), "", WHY_NOT[seen])
    if seen.verdict not in ADOPTABLE:
        return Preview(order, seen, (), _holder_name(seen), _taken(seen))
    try:
        client = tell_client(
            session, _choice(order, seen), business_id=seen.account.owner_business_id, name=name_of(seen)
        )
    except AppError as refused:
        return Preview(order, seen, (), "", refused.detail)
    steps = plan_adoption(seen, share_credit=order.share_credit, has_line=bool(rt.settings.meta_credit_line_id))
    return Preview(order, seen, steps, client, "")


def _adopted(rt: Runtime, order: Order, seen: Offer | str, *, actor: Actor, now: datetime) -> Adopted:
    if isinstance(seen, str):
        return Adopted(order.waba_id, "refused", None, WHY_NOT[seen])
    try:
        with rt.db.write() as session:
            return _begin(session, rt, order, seen, actor=actor, now=now)
    except AppError as refused:
        return Adopted(order.waba_id, "refused", None, refused.detail)


def _begin(session: Session, rt: Runtime, order: Order, seen: Offer, *, actor: Actor, now: datetime) -> Adopted:
    """One transaction, alone with this account and portfolio: look again who has it, then lay down the onboarding."""
    account = seen.account
    for what in sorted({f"account {account.id}", f"portfolio {account.owner_business_id}"}):
        queue_up(session, what)
    holder = holders_of(session, [account.id], now=now).get(account.id)
    seen = Offer(account, seen.numbers, seen.more_numbers, seen.subscribed, seen.funding, holder)
    if holder is not None and seen.verdict not in ADOPTABLE:
        outcome: Outcome = "held" if seen.verdict == "held" else "under_way"
        return Adopted(account.id, outcome, holder.reference or None, _taken(seen))
    client = hold_client(
        session, _choice(order, seen), business_id=account.owner_business_id, name=name_of(seen), now=now
    )
    pays = will_pay(seen, share_credit=order.share_credit, has_line=bool(rt.settings.meta_credit_line_id))
    event = EndEvent(
        kind=SHARED,
        waba_id=account.id,
        business_id=account.owner_business_id,
        # A list that is empty later is not believed at once where numbers were seen.
        more={"numbers": len(seen.numbers), **({"share_credit": True} if order.share_credit else {})},
    )
    run = lay_down(session, client, way=ADOPTED, event=event, on_our_credit=pays, now=now)
    add_entry(
        session,
        actor,
        "account.adopted",
        "onboarding",
        run.id,
        now=now,
        reference=run.reference,
        waba_id=account.id,
        business_id=account.owner_business_id,
        share_credit=order.share_credit,
    )
    return Adopted(account.id, "begun", run.reference, f"Taken over for {client.name}.")


def _choice(order: Order, seen: Offer) -> ClientChoice:
    """Further numbers of a held account belong to whoever holds it; an account that returns to whoever had it."""
    holder = seen.holder
    named = order.client.client_id or order.client.external_ref
    if holder is not None and (seen.verdict == "new_numbers" or not (named or order.client.name)):
        return ClientChoice(client_id=holder.client_id)
    return order.client


def name_of(offer: Offer) -> str:
    """What a new client is called unless staff say otherwise: as Meta calls the portfolio, else the account."""
    return (offer.account.owner_business_name or offer.account.name or f"Account {offer.waba_id}")[:200]


def _holder_name(offer: Offer) -> str:
    return offer.holder.client_name if offer.holder else ""


def _taken(offer: Offer) -> str:
    holder = offer.holder
    if holder is None:
        return ""
    if holder.state == "under_way":
        return f"An onboarding of {holder.client_name} is just bringing this account{_of(holder.reference)}."
    return f"{holder.client_name} has this account with all its numbers{_of(holder.reference)}. Nothing to do."


def _of(reference: str) -> str:
    return f" ({reference})" if reference else ""


def outcomes(done: Collection[Adopted]) -> Mapping[str, int]:
    """How many of each outcome."""
    return {
        outcome: sum(one.outcome == outcome for one in done) for outcome in ("begun", "held", "under_way", "refused")
    }
