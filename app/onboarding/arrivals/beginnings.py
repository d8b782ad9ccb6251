"""How an onboarding begins without any window: staff took an account over, or entered it by hand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.clients.store import add_client, get_client, hold_by_external_ref
from app.kit.errors import Conflict
from app.kit.ids import new_id, new_reference, readable
from app.onboarding.ledger import ledger
from app.onboarding.models import Onboarding
from app.onboarding.shares.holders import clients_of_portfolio
from app.onboarding.window.events import EndEvent


@dataclass(frozen=True)
class ClientChoice:
    """Whose account it is: a client by our key or by the partner's own, or a new one by name; else by portfolio."""

    client_id: str | None = None
    external_ref: str | None = None
    name: str | None = None


def hold_client(session: Session, choice: ClientChoice, *, business_id: str | None, name: str, now: datetime) -> Client:
    """The client meant, locked until the transaction ends, or made.

    Whoever names none means the client that has accounts of this portfolio already; `name` is for a new one. Raises
    `NotFound`, and `Conflict` where several clients of ours share the portfolio.
    """
    if choice.external_ref:
        return hold_by_external_ref(session, choice.external_ref, name=choice.name or name, now=now)
    known = choice.client_id or _by_portfolio(session, business_id)
    if known:
        client = get_client(session, known)
        session.execute(select(Client.id).where(Client.id == known).with_for_update())
        return client
    return add_client(
        session,
        name=choice.name or name,
        external_ref=None,
        contact_name=None,
        contact_email=None,
        language=None,
        now=now,
    )


def tell_client(session: Session, choice: ClientChoice, *, business_id: str | None, name: str) -> str:
    """The same decision in words, without making anything: “Example Bakery”, “new: Example Bakery”."""
    if choice.external_ref:
        known = session.scalar(select(Client.name).where(Client.external_ref == choice.external_ref))
        return known or f"new: {choice.name or name}"
    found = choice.client_id or _by_portfolio(session, business_id)
    return get_client(session, found).name if found else f"new: {choice.name or name}"


def lay_down(
    session: Session, client: Client, *, way: str, event: EndEvent, on_our_credit: bool, now: datetime
) -> Onboarding:
    """An onboarding with the steps of its way; nothing of what the event names is proven yet."""
    onboarding = Onboarding(
        id=new_id(),
        reference=new_reference("onb"),
        client_id=client.id,
        way=way,
        on_our_credit=on_our_credit,
        event_kind=event.kind,
        event_ids=event.as_stored(),
        # What Meta's list says of the owner; the first step proves it, and other accounts of it find this client.
        business_id=event.business_id,
        test_word=readable(4),
        begun_at=now,
        due_at=now,
    )
    session.add(onboarding)
    session.flush()  # steps, secrets and calls refer to it
    ledger.lay_steps(session, onboarding)
    return onboarding


def _by_portfolio(session: Session, business_id: str | None) -> str | None:
    known = clients_of_portfolio(session, business_id) if business_id else ()
    if len(known) > 1:
        names = ", ".join(client.name for client in known)
        raise Conflict(f"Several clients have accounts of this portfolio ({names}). Name one.", code="client_unclear")
    return known[0].id if known else None
