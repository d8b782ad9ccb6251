"""Who has which of Meta's accounts with us, also those a signup is just bringing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.clients.models import Client
from app.numbers.models import Account
from app.onboarding import rules
from app.onboarding.models import Link, Onboarding, Signup, Step
from app.onboarding.plans import FIRST_STEPS, OF_LONG_STANDING
from app.onboarding.shares.adopting import Holder

# An end event whose code has not come within this time never gets one: the code lives 30 seconds.
CODE_MAY_COME = timedelta(minutes=2)


def holders_of(session: Session, waba_ids: Collection[str], *, now: datetime) -> Mapping[str, Holder]:
    """The holder of each of these accounts; accounts nobody ever had are left out.

    Where several clients have had one, the run that still counts wins, then the newest.
    """
    found: dict[str, Holder] = {}
    found.update(_ended(session, waba_ids))
    found.update(_in_windows(session, waba_ids, now=now))
    found.update(_under_way(session, waba_ids))
    found.update(_held(session, waba_ids))
    return found


def other_client_of(session: Session, waba_ids: Collection[str], client_id: str) -> str | None:
    """The name of another client that has one of these accounts aboard; None where nobody has."""
    return session.scalar(
        select(Client.name)
        .join(Onboarding, Onboarding.client_id == Client.id)
        .where(Onboarding.waba_id.in_(waba_ids), Onboarding.ended_at.is_(None), Onboarding.client_id != client_id)
        .order_by(Onboarding.id)
        .limit(1)
    )


def clients_of_portfolio(session: Session, business_id: str) -> Sequence[Client]:
    """The clients of ours whose accounts belong to a portfolio, oldest first."""
    with_account = exists().where(Account.client_id == Client.id, Account.business_id == business_id)
    with_run = exists().where(Onboarding.client_id == Client.id, Onboarding.business_id == business_id)
    return session.scalars(select(Client).where(with_account | with_run).order_by(Client.id)).all()


def _held(session: Session, waba_ids: Collection[str]) -> dict[str, Holder]:
    rows = session.execute(
        select(Onboarding, Client.name)
        .join(Client, Client.id == Onboarding.client_id)
        .where(Onboarding.waba_id.in_(waba_ids), Onboarding.ended_at.is_(None))
        .order_by(Onboarding.id)
    ).all()
    numbers: dict[str, set[str]] = defaultdict(set)
    for run, _name in rows:
        numbers[str(run.waba_id)] |= {run.phone_number_id} if run.phone_number_id else set()
    return {
        str(run.waba_id): Holder("held", run.client_id, name, run.reference, frozenset(numbers[str(run.waba_id)]))
        for run, name in rows
    }


def _under_way(session: Session, waba_ids: Collection[str]) -> dict[str, Holder]:
    """Runs that were told an account and have not proven it yet.

    A signup that stands still at its first step brings nothing any more; a run that staff began can be tried again.
    """
    told = Onboarding.event_ids["waba_id"].as_string()
    stopped = exists().where(
        Step.onboarding_id == Onboarding.id, Step.name.in_(FIRST_STEPS), Step.state.in_(rules.PARKED)
    )
    rows = session.execute(
        select(Onboarding, Client.name, told.label("told"))
        .join(Client, Client.id == Onboarding.client_id)
        .where(
            Onboarding.waba_id.is_(None),
            Onboarding.ended_at.is_(None),
            told.in_(waba_ids),
            Onboarding.way.in_(OF_LONG_STANDING) | ~stopped,
        )
        .order_by(Onboarding.id)
    )
    return {row.told: Holder("under_way", row[0].client_id, row[1], row[0].reference) for row in rows}


def _in_windows(session: Session, waba_ids: Collection[str], *, now: datetime) -> dict[str, Holder]:
    """Windows that ended moments ago, whose code is still on its way."""
    told = Signup.event["waba_id"].as_string()
    rows = session.execute(
        select(Client.id, Client.name, told.label("told"))
        .select_from(Signup)
        .join(Link, Link.id == Signup.link_id)
        .join(Client, Client.id == Link.client_id)
        .where(Signup.onboarding_id.is_(None), Signup.event_at > now - CODE_MAY_COME, told.in_(waba_ids))
    )
    return {row.told: Holder("under_way", row.id, row.name, "") for row in rows}


def _ended(session: Session, waba_ids: Collection[str]) -> dict[str, Holder]:
    rows = session.execute(
        select(Onboarding, Client.name)
        .join(Client, Client.id == Onboarding.client_id)
        .where(Onboarding.waba_id.in_(waba_ids), Onboarding.ended_at.is_not(None))
        .order_by(Onboarding.id)
    )
    return {str(run.waba_id): Holder("ended", run.client_id, name, run.reference) for run, name in rows}
