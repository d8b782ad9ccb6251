"""Onboarding: our own time on top of Meta's, one client at a time and fifty at once.

The real house runs; the local Meta answers after 0, 100 and 300 ms. A client's time is taken from what is stored: from
the moment the code was received (`begun_at`, after which it is exchanged) until the last proof of "connected" was seen.
What Meta needed of that is counted from the local Meta's own log: the longest chain of calls in which each began after
the one before had ended. Whoever put calls one after the other that could go side by side would lengthen the chain and
hide behind it, so the chain itself has a goal too, written by hand.
"""

import statistics
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from bench.figures import Figure
from bench.local_meta import LocalMeta
from bench.partner import Onboarding, Partner, is_connected
from bench.stack import Stack, stack
from bench.visitor import Visitor

PLANS = ("standard", "coexistence")
AT_ONCE = 50
# By hand, from Meta's order of calls. Both: exchange, then token, account and numbers side by side.
# Standard: look, register, look again; the credit line beside it: look, share and attach, read both ends back.
# Coexistence: look, subscribe, look again; only then the number: look, then both syncs side by side, because what they
# bring comes as notifications.
LONGEST_CHAIN = {"standard": 5, "coexistence": 7}
SLACK = 0.001  # seconds by which two readings of one moment may differ


def measure(rounds: int) -> Iterator[Figure]:
    with stack(LOG_LEVEL="WARNING") as house:
        bench = Bench(house)
        bench.warm_up()
        yield from bench.alone(rounds)
        yield from bench.together(max(rounds // 2, 3))


class Bench:
    """One running house and what is done to it."""

    def __init__(self, house: Stack) -> None:
        self._meta = LocalMeta(house.sandbox_url)
        self._partner = Partner(house.base_url, house.demo["api_key"])
        self._count = 0

    def warm_up(self) -> None:
        """Open every pool and load every module once; the first client of a day is not what is measured."""
        for plan in PLANS * 3:
            self.come_aboard(self.arrive(plan), plan)

    def alone(self, rounds: int) -> Iterator[Figure]:
        for delay in (0, 100, 300):
            for plan in PLANS:
                with_meta = [self._one(plan, delay) for _ in range(rounds)]
                yield from judge(plan, delay, with_meta)

    def together(self, rounds: int) -> Iterator[Figure]:
        """Fifty at once beside one alone, in turns, so that whatever else the machine does meets both."""
        ones, fifties, slowest = [], [], []
        for _ in range(rounds):
            ones.append(self._one("standard", 300)[0])
            times = self._many("standard", 300)
            fifties.append(statistics.median(times))
            slowest.append(max(times))
        yield Figure(
            "fifty at once, Meta at 300 ms: the slowest to one alone",
            statistics.median(slow / one for slow, one in zip(slowest, ones, strict=True)),
            "×",
            1.3,
            beside={
                "rounds": rounds,
                "one alone": f"{statistics.median(ones):.2f} s",
                "median of fifty": f"{statistics.median(fifties):.2f} s",
                "slowest of fifty": f"{statistics.median(slowest):.2f} s",
            },
        )

    def arrive(self, plan: str) -> Visitor:
        """A browser on its page, with Meta's window open: everything that comes before the code."""
        self._count += 1
        visitor = Visitor(self._partner.make_link(f"Example {self._count}")["url"])
        visitor.open_window(plan)
        return visitor

    def come_aboard(self, visitor: Visitor, plan: str, *, quiet: float = 0.5) -> Onboarding:
        """Give the code, leave the house alone for `quiet` seconds, then ask until the client is connected."""
        popup = self._meta.sign_up(plan)
        reference = visitor.give_code(popup.code, popup.event)
        return self._partner.wait(reference, is_connected, seconds=120, first=quiet, every=0.5)

    def _one(self, plan: str, delay: int) -> tuple[float, list[dict[str, Any]]]:
        """The time of one client, and the calls that were made for it."""
        visitor = self.arrive(plan)
        since = self._meta.last_call()
        fault = self._slow(delay)
        try:
            onboarding = self.come_aboard(visitor, plan, quiet=0.3 + LONGEST_CHAIN[plan] * delay / 1000)
        finally:
            self._lift(fault)
        end = moment(onboarding["connected_at"])
        return time_of(onboarding), [call for call in self._meta.calls(since=since) if call["at"] < end]

    def _many(self, plan: str, delay: int) -> list[float]:
        visitors = [self.arrive(plan) for _ in range(AT_ONCE)]
        fault = self._slow(delay)
        try:
            with ThreadPoolExecutor(AT_ONCE) as everybody:
                popups = list(everybody.map(lambda _: self._meta.sign_up(plan), visitors))
                codes = zip(visitors, popups, strict=True)
                references = list(everybody.map(lambda one: one[0].give_code(one[1].code, one[1].event), codes))
            quiet = 2 * LONGEST_CHAIN[plan] * delay / 1000
            done = [
                self._partner.wait(reference, is_connected, seconds=120, first=quiet if place == 0 else 0, every=0.5)
                for place, reference in enumerate(references)
            ]
        finally:
            self._lift(fault)
        return [time_of(onboarding) for onboarding in done]

    def _slow(self, delay: int) -> int | None:
        return self._meta.fault(action={"delay_ms": delay}) if delay else None

    def _lift(self, fault: int | None) -> None:
        if fault is not None:
            self._meta.lift(fault)


def judge(plan: str, delay: int, rounds: Sequence[tuple[float, list[dict[str, Any]]]]) -> Iterator[Figure]:
    """The figures of one plan at one delay."""
    times = [time for time, _ in rounds]
    chains = [chain_of(calls) for _, calls in rounds]
    metas = [sum(call["took_ms"] for call in chain) / 1000 for chain in chains]
    longest = max(len(chain) for chain in chains)
    beside = {
        "rounds": len(rounds),
        "median": f"{statistics.median(times) * 1000:.0f} ms",
        "of it Meta": f"{statistics.median(metas) * 1000:.0f} ms",
        "calls": len(rounds[0][1]),
        "chain": longest,
    }
    if delay:
        ratio = statistics.median(time / meta for time, meta in zip(times, metas, strict=True))
        yield Figure(f"{plan}, Meta at {delay} ms: time to Meta's share", ratio, "×", 1.1, beside=beside)
        yield Figure(f"{plan}, Meta at {delay} ms: calls one after the other", longest, "calls", LONGEST_CHAIN[plan])
    else:
        own = statistics.median(time - meta for time, meta in zip(times, metas, strict=True)) * 1000
        yield Figure(f"{plan}, Meta at 0 ms: our own time", own, "ms", 120, beside=beside)


def chain_of(calls: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The chain of calls, each begun after the one before had ended, that took longest in all."""
    chains: list[tuple[float, list[dict[str, Any]]]] = []
    for call in sorted(calls, key=lambda call: float(call["at"])):
        before = [(took, chain) for took, chain in chains if ended(chain[-1]) <= call["at"] + SLACK]
        took, chain = max(before, key=lambda pair: pair[0], default=(0.0, []))
        chains.append((took + call["took_ms"], [*chain, call]))
    return max(chains, key=lambda pair: pair[0])[1]


def ended(call: dict[str, Any]) -> float:
    return float(call["at"]) + float(call["took_ms"]) / 1000


def time_of(onboarding: Onboarding) -> float:
    """Seconds from the code to the last proof of "connected", both as stored."""
    return moment(onboarding["connected_at"]) - moment(onboarding["begun_at"])


def moment(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
