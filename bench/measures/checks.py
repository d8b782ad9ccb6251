"""The daily check of many clients: how much of its limit of calls it uses, and whether it ever exceeds it.

The real house runs with a limit of 200 calls a second, and the local Meta answers after 100 ms. Ten thousand connected
clients, each with an account and a number, are all due at once. The judge is the local Meta's own log: in no second,
wherever it begins, may more calls arrive than the limit allows; and over the whole time, from the first call to the
last, at least four fifths of it must have been used.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.build import build
from app.clients.models import Client
from app.kit import clock
from app.kit.ids import new_id, new_reference
from app.kit.secret import Secret
from app.numbers.models import Account, Number
from app.onboarding.models import Onboarding, Proof
from app.runtime import Runtime
from app.upkeep.check.models import AccountCheck, Fact
from bench.figures import Figure
from bench.local_meta import LocalMeta
from bench.stack import Stack, stack
from config import Settings

CLIENTS = 10_000
PORTFOLIOS = 100
LIMIT = 200
DELAY = 100  # ms
USED = 0.8
PATIENCE = 900.0  # seconds
FUNDING = "5985000000000001"
PROOFS = ("token_valid", "subscription_listed", "callback_ours", "credit_attached", "number_registered")


def measure(rounds: int, clients: int = CLIENTS) -> Iterator[Figure]:
    del rounds  # one round takes minutes, and its seconds are its samples
    with stack(LOG_LEVEL="WARNING", META_UPKEEP_CALLS_PER_SECOND=str(LIMIT)) as house:
        rt = build(settings_of(house))
        meta = LocalMeta(house.sandbox_url)
        fill(rt, meta, clients)
        since = meta.last_call()
        fault = meta.fault(action={"delay_ms": DELAY})
        make_due(rt)
        calls = watch(rt, meta, since, clients)
        meta.lift(fault)
        with rt.db.read() as session:
            wrong = session.scalar(select(func.count()).select_from(Fact).where(Fact.verdict != "ok")) or 0
        rt.close()
    times = sorted(float(call["at"]) for call in calls)
    span = times[-1] - times[0]
    beside = {
        "clients": clients,
        "calls": len(times),
        "took": f"{span:.1f} s",
        "slowest answer": f"{max(float(call['took_ms']) for call in calls):.0f} ms",
    }
    yield Figure(
        f"daily check, Meta at {DELAY} ms, limit {LIMIT} calls/s: share of the limit used",
        len(times) / span / LIMIT,
        "of it",
        USED,
        must="at least",
        beside=beside,
    )
    yield Figure("daily check: most calls that arrived at Meta within any second", busiest(times), "calls", LIMIT)
    yield Figure("daily check: facts of clients in order that were found wrong", wrong, "facts", 0)


def busiest(times: Sequence[float]) -> int:
    """The most calls within one second, wherever it begins."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def settings_of(house: Stack) -> Settings:
    """The settings the house's own processes were given."""
    lines = (line.partition("=") for line in house.env_file.read_text().splitlines() if "=" in line)
    given = {name.strip().lower(): value.strip().strip("'\"") for name, _, value in lines}
    known = {name: value for name, value in given.items() if name in Settings.model_fields and value}
    return Settings(_env_file=None, **{**known, "data_dir": house.data_dir})  # type: ignore[arg-type, call-arg]


def fill(rt: Runtime, meta: LocalMeta, clients: int) -> None:
    """Existing customers who share an account with us, and what we hold of each once it is connected."""
    with ThreadPoolExecutor(8) as pool:
        first = list(pool.map(lambda place: share(meta, place, None), range(min(PORTFOLIOS, clients))))
        rest = range(len(first), clients)
        others = list(pool.map(lambda place: share(meta, place, first[place % PORTFOLIOS]["business_id"]), rest))
        system = Secret(rt.settings.meta_system_token.get_secret_value())
        tokens = dict(
            pool.map(
                lambda one: (one["business_id"], rt.meta.system_users.fetch_token(one["business_id"], system)), first
            )
        )
    shared = [*first, *others]
    for start in range(0, len(shared), 500):
        with rt.db.write() as session:
            for place, one in enumerate(shared[start : start + 500], start=start):
                add(session, rt, place, one, tokens[one["business_id"]])


def share(meta: LocalMeta, place: int, business_id: str | None) -> dict[str, Any]:
    business = {"name": f"Example {place}"} if business_id is None else {"id": business_id}
    account = {"subscribed": True, "funding": FUNDING, "currency": "USD"}
    number = {"number": f"1201{place:07}10"}
    return meta.share(business=business, account=account, numbers=[number], told=False)


def add(session: Any, rt: Runtime, place: int, one: dict[str, Any], token: Secret) -> None:
    now = clock.now()
    client = Client(id=new_id(), name=f"Example {place}", created_at=now)
    session.add(client)
    session.flush()
    account = Account(
        id=new_id(),
        client_id=client.id,
        waba_id=one["waba_id"],
        business_id=one["business_id"],
        currency="USD",
        shared_at=now,
        seen_at=now,
    )
    run = Onboarding(
        id=new_id(),
        reference=new_reference("onb"),
        client_id=client.id,
        plan="standard",
        way="adopted",
        waba_id=one["waba_id"],
        phone_number_id=one["phone_number_ids"][0],
        business_id=one["business_id"],
        test_word="K7QX",
        begun_at=now,
    )
    session.add_all([account, run])
    session.flush()
    session.add(Number(account_id=account.id, phone_number_id=one["phone_number_ids"][0], seen_at=now))
    for kind in PROOFS:
        evidence = {"primary_funding_id": FUNDING} if kind == "credit_attached" else {}
        session.add(Proof(onboarding_id=run.id, kind=kind, seen_at=now, evidence=evidence))
    session.add(AccountCheck(account_id=account.id, due_at=now + timedelta(days=1)))
    rt.vault.seal(session, kind="business_token", client_id=client.id, subject=one["waba_id"], secret=token, now=now)


def make_due(rt: Runtime) -> None:
    """Everybody at once."""
    now = clock.now()
    with rt.db.write() as session:
        for row in session.scalars(select(AccountCheck)):
            row.due_at = now
    rt.wakes.ring("checks")


def watch(rt: Runtime, meta: LocalMeta, since: int, clients: int) -> list[dict[str, Any]]:
    """Every call from here on until all have been checked; the log forgets, so it is read as it grows."""
    calls: list[dict[str, Any]] = []
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(2.0)
        calls += meta.calls(since=int(calls[-1]["id"]) if calls else since, brief="true")
        with rt.db.read() as session:
            done = session.scalar(
                select(func.count()).select_from(AccountCheck).where(AccountCheck.checked_at.is_not(None))
            )
        if done == clients:
            return calls + meta.calls(since=int(calls[-1]["id"]) if calls else since, brief="true")
    raise RuntimeError(f"{done} of {clients} were checked")
