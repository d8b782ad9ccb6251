"""Onboardings laid down in a given state, for pages that a walk would reach only on a special day."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.kit.ids import new_id, new_reference
from app.numbers.models import Account, Number
from app.onboarding.links.links import get_link
from app.onboarding.models import Onboarding, Proof, Step
from app.onboarding.plans import PLANS
from app.runtime import Runtime

WABA, PHONE = "524126980791429", "106540352242922"
SAY_HI = {"key": "say_hi"}


@dataclass
class State:
    """`steps` maps a step to its state or to the columns that differ; a step left out is done."""

    plan: str = "standard"
    steps: dict[str, Any] = field(default_factory=dict)
    proofs: tuple[str, ...] = ()
    number: str | None = "+44 7700 900142"
    name_status: str = "APPROVED"
    ended: str | None = None


def running() -> State:
    later = dict.fromkeys(("subscribe", "credit", "register", "test"), "not_started")
    return State(steps={"exchange": "running", **later}, number=None)


def waiting_for_billing() -> State:
    return State(steps={"credit": "waiting", "test": "not_started"})


def say_hi(plan: str = "standard", *, heard: bool = False) -> State:
    step = {"state": "needs_client", "trouble": SAY_HI}
    if heard:
        step = {"state": "waiting", "evidence": {"heard": {"wamid": "wamid.1", "contact": "15550009001"}}}
    return State(plan=plan, steps={"test": step})


def live(plan: str = "standard") -> State:
    return State(plan=plan, proofs=PLANS[plan].proofs)


def waived() -> State:
    return State(steps={"test": "skipped"}, proofs=PLANS["standard"].connected)


def in_trouble(step: str, state: str, key: str, **numbers: Any) -> State:
    return State(steps={step: {"state": state, "trouble": {"key": key, **numbers}}, "test": "not_started"})


def waits(step: str, condition: str, plan: str, *, since: datetime, **more: Any) -> State:
    """A step of this plan waits for something of Meta's, three days at most."""
    waiting = {
        "state": "waiting",
        "waits_for": condition,
        "waiting_since": since,
        "waits_until": since + timedelta(days=3),
        "next_try_at": since + timedelta(hours=1),
    }
    return State(plan=plan, steps={step: waiting, "test": "not_started"}, **more)


def wants_code(*, sent: bool = False, refused: bool = False) -> State:
    """A number that was never confirmed; a code may have been sent, or refused by Meta."""
    at = "2026-11-20T12:41:00+00:00"
    evidence: dict[str, Any] = {"code_sent": {"method": "SMS", "at": at}} if sent else {}
    if refused:
        evidence["code_refused"] = {"key": "verification_code_not_sent", "at": at}
    verify = {"state": "needs_client", "trouble": {"key": "number_not_verified"}, "evidence": evidence}
    return State(plan="unverified", steps={"verify": verify, "register": "not_started", "test": "not_started"})


def wants_pin() -> State:
    return in_trouble("register", "needs_client", "pin_mismatch", code=133005, trace_id="AbC9xKq2LmT")


def lay(rt: Runtime, link_id: str, state: State, *, now: datetime) -> str:
    """Write an onboarding of this link in this state; its key."""
    begun = now - timedelta(seconds=108)
    with rt.db.write() as session:
        client_id = get_link(session, link_id).client_id
        onboarding = Onboarding(
            id=new_id(),
            reference=new_reference("onb"),
            client_id=client_id,
            link_id=link_id,
            plan=state.plan,
            waba_id=WABA,
            phone_number_id=PHONE if state.number else None,
            test_word="K7QX",
            begun_at=begun,
            ended_because=state.ended,
            ended_at=now if state.ended else None,
        )
        session.add(onboarding)
        session.flush()
        for position, name in enumerate(PLANS[state.plan].steps, start=1):
            session.add(_step(onboarding.id, name, position, state.steps.get(name, "done"), begun))
        for kind in state.proofs:
            session.add(Proof(onboarding_id=onboarding.id, kind=kind, seen_at=now))
        if state.number:
            account = Account(client_id=client_id, waba_id=WABA, name="Example Bakery Ltd", seen_at=now)
            session.add(account)
            session.flush()
            session.add(
                Number(
                    account_id=account.id,
                    phone_number_id=PHONE,
                    display_phone_number=state.number,
                    name_status=state.name_status,
                    seen_at=now,
                )
            )
        return onboarding.id


def _step(onboarding_id: str, name: str, position: int, given: Any, begun: datetime) -> Step:
    columns: dict[str, Any] = dict(given) if isinstance(given, dict) else {"state": given}
    started = begun + timedelta(seconds=position)
    done = columns["state"] in {"done", "skipped"}
    evidence = {"account": "Example Bakery Ltd"} if name == "exchange" and done else {}
    return Step(
        onboarding_id=onboarding_id,
        name=name,
        position=position,
        started_at=None if columns["state"] == "not_started" else started,
        ended_at=started + timedelta(milliseconds=600) if done else None,
        **({"evidence": evidence, "attempts": 1} | columns),
    )
