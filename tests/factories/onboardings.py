"""Onboardings as rows, in any state, without anybody having walked them."""

from datetime import datetime, timedelta
from typing import Any

from app.clients.store import add_client
from app.kit import clock
from app.kit.ids import new_reference
from app.onboarding.models import Onboarding, Proof, Step, StepCall
from app.runtime import Runtime

STANDARD = ("exchange", "subscribe", "credit", "register", "test")
COEXISTENCE = ("exchange", "subscribe", "credit", "sync", "test")
UNVERIFIED = ("exchange", "subscribe", "credit", "verify", "register", "test")
STEPS_OF = {"coexistence": COEXISTENCE, "unverified": UNVERIFIED}
CONNECTED = ("token_valid", "subscription_listed", "callback_ours", "credit_attached", "number_registered")
LIVE = (*CONNECTED, "message_in", "message_out")
REFUSED: dict[str, Any] = {"key": "credit_not_allowed", "code": 200, "subcode": None, "trace_id": "Fz71LpQ0wYd"}
SAY_HI: dict[str, Any] = {"key": "say_hi"}


def add_onboarding(
    rt: Runtime,
    client: str = "Example Bakery",
    *,
    plan: str = "standard",
    states: tuple[str, ...] = ("done", "done", "done", "done", "done"),
    troubles: dict[str, dict[str, Any]] | None = None,
    proofs: tuple[str, ...] = (),
    evidence: dict[str, dict[str, Any]] | None = None,
    ago: timedelta = timedelta(minutes=20),
    link_id: str | None = None,
) -> Onboarding:
    """An onboarding with its client, steps and proofs; each step took two seconds, one after the other."""
    begun = clock.now() - ago
    with rt.db.write() as session:
        owner = add_client(
            session,
            name=client,
            external_ref=None,
            contact_name="Alex Example",
            contact_email="alex@bakery.example",
            language="en",
            now=begun,
        )
        row = Onboarding(
            reference=new_reference("onb"),
            client_id=owner.id,
            link_id=link_id,
            plan_asked=plan,
            plan=plan,
            waba_id="524126980791429",
            phone_number_id="106540352242922",
            business_id="2729063490586005",
            test_word="K7QX",
            begun_at=begun,
        )
        session.add(row)
        session.flush()
        for place, (name, state) in enumerate(zip(STEPS_OF.get(plan, STANDARD), states, strict=True)):
            session.add(
                _step(row.id, name, place + 1, state, begun, (troubles or {}).get(name), (evidence or {}).get(name, {}))
            )
        for place, kind in enumerate(proofs):
            session.add(Proof(onboarding_id=row.id, kind=kind, seen_at=begun + timedelta(seconds=2 * place + 2)))
    return row


def add_stuck(rt: Runtime, client: str = "Example Bakery", **more: Any) -> Onboarding:
    """Meta refuses the credit line; everything else went well, the client has yet to say hi."""
    return add_onboarding(
        rt,
        client,
        states=("done", "done", "refused", "done", "needs_client"),
        troubles={"credit": REFUSED, "test": SAY_HI},
        proofs=("token_valid", "subscription_listed", "callback_ours", "number_registered"),
        **more,
    )


def add_call(
    rt: Runtime,
    row: Onboarding,
    *,
    step: str = "credit",
    status: int | None = 400,
    reply: dict[str, Any] | None = None,
    request: dict[str, Any] | None = None,
    path: str = "1972385232742146/whatsapp_credit_sharing_and_attach",
    method: str = "POST",
    error: str | None = None,
    ago: timedelta = timedelta(minutes=10),
    actor: str = "system",
) -> None:
    with rt.db.write() as session:
        session.add(
            StepCall(
                onboarding_id=row.id,
                step_name=step,
                attempt=1,
                at=clock.now() - ago,
                method=method,
                path=path,
                request=request or {"waba_currency": "USD", "access_token": "(secret)"},
                status=status,
                reply=reply,
                trace_id="Fz71LpQ0wYd" if status else None,
                took_ms=412,
                error=error,
                actor=actor,
            )
        )


def _step(
    key: str,
    name: str,
    position: int,
    state: str,
    begun: datetime,
    trouble: dict[str, Any] | None,
    evidence: dict[str, Any],
) -> Step:
    started = begun + timedelta(seconds=2 * position - 2)
    moved = state != "not_started"
    return Step(
        onboarding_id=key,
        name=name,
        position=position,
        state=state,
        attempts=4 if state == "refused" else int(moved),
        failures=int(state in {"refused", "retrying"}),
        started_at=started if moved else None,
        ended_at=started + timedelta(seconds=2) if state in {"done", "skipped"} else None,
        next_try_at=clock.now() + timedelta(minutes=1) if state == "retrying" else None,
        trouble=trouble,
        evidence=evidence,
    )
