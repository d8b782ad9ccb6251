"""A crowd: a hundred clients at once while Meta answers after 300 ms, on a good day and on one with 5 % failures.

Good day: the slowest of the hundred beside their median. Bad day: every twentieth call, drawn by a seed, is answered
with 503 and nothing done. Each client may then take that day's median, and as long in addition as its own pauses
were: they are read from the stored calls of its steps (from the end of one attempt to the first call of the
next), and each counts for no more than the rules order, so that what we add to a pause is not hidden in it. On both
days Meta's own log must show every effect once a client. Every client comes from an address of its own, by a proxy.
"""

import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from sqlalchemy import select

from app.db import Database
from app.onboarding.models import Onboarding, StepCall
from app.onboarding.rules import BACK_OFF
from bench.figures import Figure
from bench.local_meta import LocalMeta, Popup
from bench.measures.onboarding import time_of
from bench.partner import Partner, is_connected
from bench.stack import Stack, stack
from bench.visitor import Visitor

AT_ONCE = 100
DELAY = 300  # ms
SLOWEST = 1.5  # times the median
SLOWEST_WITHOUT_PAUSES = 1.0  # times the median of the same day
CALLS = 18  # of one client of the plan "standard" until it is connected
FAILING = 0.05
SEED = 2026
STRETCH = 1.2  # a pause is stretched by up to a fifth
FIRST_LOOK, SLOWER = 2.0, 1.5  # seconds until what Meta does not show yet is looked at, and each further look later
EFFECTS = ("exchanged", "subscribed", "credit_attached", "registered")
ONCE = {"registered": "register", "credit_attached": "whatsapp_credit_sharing_and_attach"}
DOWN = {
    "status": 503,
    "body": {"error": {"message": "(#2) Service temporarily unavailable", "code": 2, "is_transient": True}},
}


@dataclass(frozen=True)
class Round:
    """One crowd: each client's seconds to connected and its pauses; what Meta saw twice or never."""

    times: list[float]
    pauses: list[float]
    failed: int
    wrong: int

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def longest_without_pauses(self) -> float:
        """The longest time of a client, its own pauses taken away."""
        return max(time - pause for time, pause in zip(self.times, self.pauses, strict=True))


def measure(rounds: int) -> Iterator[Figure]:
    rounds = max(rounds // 2, 3)
    with stack(LOG_LEVEL="WARNING", PROXY_HOPS="1") as house:
        crowd = Crowd(house)
        crowd.come(10)
        good, bad = [], []
        for place in range(rounds):
            good.append(crowd.come(AT_ONCE))
            bad.append(crowd.come(AT_ONCE, failing=random.Random(SEED + place)))
    usual = statistics.median(one.median for one in good)
    yield Figure(
        f"{AT_ONCE} at once, Meta at {DELAY} ms: the slowest to the median",
        statistics.median(max(one.times) / one.median for one in good),
        "×",
        SLOWEST,
        beside={
            "rounds": rounds,
            "median": f"{usual:.2f} s",
            "slowest": f"{statistics.median(max(one.times) for one in good):.2f} s",
        },
    )
    yield Figure(
        f"{AT_ONCE} at once, 5 % of calls fail: the slowest, its own pauses taken away, to the median",
        statistics.median(one.longest_without_pauses / one.median for one in bad),
        "×",
        SLOWEST_WITHOUT_PAUSES,
        beside={
            "to a good day's": f"{statistics.median(one.longest_without_pauses for one in bad) / usual:.2f} ×",
            "failed calls": sum(one.failed for one in bad),
            "slowest": f"{statistics.median(max(one.times) for one in bad):.2f} s",
            "longest pauses": f"{statistics.median(max(one.pauses) for one in bad):.2f} s",
        },
    )
    clients = 2 * rounds * AT_ONCE
    yield Figure(
        f"{AT_ONCE} at once: effects that Meta saw twice, or never",
        sum(one.wrong for one in [*good, *bad]),
        "effects",
        0,
        beside={"clients": clients, "effects": clients * len(EFFECTS)},
    )


class Crowd:
    """One running house, and crowds that come to it."""

    def __init__(self, house: Stack) -> None:
        self._meta = LocalMeta(house.sandbox_url)
        self._partner = Partner(house.base_url, house.demo["api_key"])
        self._db = Database(f"sqlite:///{house.data_dir / 'gangway.db'}")
        self._count = 0

    def come(self, many: int, *, failing: random.Random | None = None) -> Round:
        visitors = [self._arrive() for _ in range(many)]
        popups = [self._meta.sign_up("standard") for _ in visitors]
        since = self._meta.last_call()
        self._meta.fault(action={"delay_ms": DELAY})
        for nth in failing.sample(range(1, many * CALLS), int(many * CALLS * FAILING)) if failing else ():
            self._meta.fault(path="*", nth=nth, times=1, action=DOWN)
        try:
            # The codes live thirty seconds, so all of them are given at the same moment.
            with ThreadPoolExecutor(many) as everybody:
                references = list(everybody.map(_give, visitors, popups))
            done = [
                self._partner.wait(reference, is_connected, seconds=240, first=4.0 if place == 0 else 0.0, every=0.5)
                for place, reference in enumerate(references)
            ]
        finally:
            self._meta.lift_all()
        log = self._meta.calls(since=since)
        return Round(
            [time_of(onboarding) for onboarding in done],
            [self._pauses(reference) for reference in references],
            sum(call["status"] == DOWN["status"] for call in log),
            count_wrong(log, many),
        )

    def _arrive(self) -> Visitor:
        self._count += 1
        # The addresses are of the block kept for benchmarks (RFC 2544).
        address = f"198.18.{self._count // 250}.{self._count % 250 + 1}"
        visitor = Visitor(self._partner.make_link(f"Example {self._count}")["url"], address=address)
        visitor.open_window("standard")
        return visitor

    def _pauses(self, reference: str) -> float:
        """The pauses of the steps, as stored; those that lie side by side count once, as the longest of them."""
        with self._db.read() as session:
            rows = session.execute(
                select(StepCall.step_name, StepCall.attempt, StepCall.at, StepCall.took_ms)
                .join(Onboarding, Onboarding.id == StepCall.onboarding_id)
                .where(Onboarding.reference == reference)
            ).all()
        attempts: defaultdict[tuple[str, int], list[tuple[datetime, int]]] = defaultdict(list)
        for name, attempt, at, took in rows:
            attempts[name, attempt].append((at, took))
        paused: defaultdict[str, float] = defaultdict(float)
        for (name, attempt), calls in attempts.items():
            before = attempts.get((name, attempt - 1))
            if before:
                ended = max(at.timestamp() + took / 1000 for at, took in before)
                gap = min(at for at, _ in calls).timestamp() - ended
                paused[name] += min(gap, _longest(attempt - 1))
        # What comes first is waited for by all; of what goes on side by side, the slowest is waited for.
        return paused.pop("exchange", 0.0) + max(paused.values(), default=0.0)


def count_wrong(log: Sequence[dict[str, Any]], clients: int) -> int:
    """How many effects are too many or too few, and how many calls came again after their effect."""
    effects: Counter[str] = Counter(call["effect"] for call in log)
    wrong = sum(abs(effects[name] - clients) for name in EFFECTS)
    done: set[tuple[str, str]] = set()
    for call in log:
        node, _, edge = call["path"].strip("/").partition("/")
        subject = str(call["params"].get("waba_id", node))
        wrong += edge in ONCE.values() and (edge, subject) in done
        if call["effect"] in ONCE:
            done.add((edge, subject))
    return wrong


def _give(visitor: Visitor, popup: Popup) -> str:
    """As the page does: once more at once while Meta cannot be reached."""
    for _ in range(5):
        reply = visitor.say("exchange-token", code=popup.code, event=popup.event)
        if reply.status_code not in {requests.codes.unavailable, requests.codes.conflict}:
            break
    if not reply.ok:
        raise RuntimeError(f"the code was refused: {reply.status_code} {reply.text[:300]}")
    return str(reply.json()["onboarding"])


def _longest(failures: int) -> float:
    return max(BACK_OFF[failures - 1] * STRETCH, FIRST_LOOK * SLOWER ** (failures - 1))
