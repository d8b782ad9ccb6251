"""What people at the house's pages notice while a hundred thousand tokens are renewed beside them.

A real house on SQLite, its worker put aside. Two people, each at an own pace: a client who opens a link (that writes
the opening down) and reads its page, and one of the partner's people who reads the console. First while nothing else
goes on, then while a worker renews every token against a stand-in that answers at once: never again does so much of
our own work come in one piece. The judge is the time that ninety-nine of a hundred visits stay below.
"""

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import NamedTuple

from app.build import build
from app.credentials.keyring import Keyring
from bench.figures import Figure
from bench.local_meta import SECONDS, session
from bench.measures.checks import settings_of
from bench.partner import Partner
from bench.stack import ROOT, Stack, stack
from bench.staff import Staff
from bench.token_house import sow

MANY = 100_000
TIMES = 2.0
ROUNDS = 3
PAGES = ("the client's page", "the console")
LINKS = 200
PAUSE = 0.02  # seconds a person looks at what came
QUIET = 25.0  # seconds


def measure(_rounds: int, many: int = MANY) -> Iterator[Figure]:
    """Quiet and beside in turn, because a shared machine drifts between them; of the rounds the middle one counts."""
    with stack(without=["worker", "clock"], LOG_LEVEL="WARNING", PROXY_HOPS="1") as house:
        people = People(house)
        rounds = [one_round(house, people, many) for _ in range(ROUNDS)]
    for page in PAGES:
        each = [slow(one.beside[page]) / slow(one.quiet[page]) for one in rounds]
        middle = statistics.median_low(each)
        counted = rounds[each.index(middle)]
        yield Figure(
            f"tokens, {many} renewed meanwhile: {page}, 99 of 100 visits below, to the quiet house's",
            middle,
            "×",
            TIMES,
            beside={
                "each": " ".join(f"{one:.2f}" for one in each),
                "quiet": f"{slow(counted.quiet[page]) * 1e3:.0f} ms of {len(counted.quiet[page])}",
                "meanwhile": f"{slow(counted.beside[page]) * 1e3:.0f} ms of {len(counted.beside[page])}",
                "renewed in": f"{counted.took:.1f} s",
            },
        )


class Round(NamedTuple):
    """Seconds of each visit by page, before and meanwhile, and how long meanwhile was."""

    quiet: dict[str, list[float]]
    beside: dict[str, list[float]]
    took: float


def one_round(house: Stack, people: "People", many: int) -> Round:
    rt = build(settings_of(house))
    sow(rt.db, [("EAAold", "102290129340398")], many, keyring=Keyring.from_settings(rt.settings.credential_keys))
    rt.close()
    people.look(lambda: False, 3.0)
    quiet = people.look(lambda: False, QUIET)
    worker = renewing_worker(house)
    beside = people.look(lambda: worker.poll() is not None, 900.0)
    told = json.loads(worker.communicate()[0].splitlines()[-1])
    assert told["done"] == many, told
    return Round(quiet, beside, told["took"])


def slow(times: Sequence[float]) -> float:
    """The time below which ninety-nine of a hundred stay."""
    return sorted(times)[int(len(times) * 0.99)]


def renewing_worker(house: Stack) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bench.silent_meta"],
        cwd=ROOT,
        env={**house.env, "ENV_FILE": str(house.env_file)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


class People:
    """A client's browser and a signed-in one, which come again and again."""

    def __init__(self, house: Stack) -> None:
        partner = Partner(house.base_url, house.demo["api_key"])
        self._links = [partner.make_link(f"Example {place}")["url"] for place in range(LINKS)]
        self._staff = Staff(house.base_url, house.demo["staff_email"], house.demo["staff_password"])
        self._visits = count()

    def look(self, ended: Callable[[], bool], seconds: float) -> dict[str, list[float]]:
        """Seconds of each visit by page, until it has ended."""
        times: dict[str, list[float]] = {page: [] for page in PAGES}
        until = time.monotonic() + seconds

        def come(page: str, visit: Callable[[], None]) -> None:
            while not ended() and time.monotonic() < until:
                began = time.perf_counter()
                visit()
                times[page].append(time.perf_counter() - began)
                time.sleep(PAUSE)

        visits = (self._open_link, lambda: self._staff.read("/console/onboardings"))
        threads = [threading.Thread(target=come, args=each) for each in zip(times, visits, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return times

    def _open_link(self) -> None:
        visit = next(self._visits)
        with session() as browser:
            browser.headers["X-Forwarded-For"] = f"198.51.{visit // 250 % 250}.{visit % 250}"
            page = browser.get(self._links[visit % LINKS], timeout=SECONDS)
        if page.status_code != 200:
            raise RuntimeError(f"the signup page answered {page.status_code}")
