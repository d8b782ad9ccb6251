"""Tokens: our own time for a hundred thousand that are all due, and how well a limit of calls a second is used.

Own time: the renewer works off 100,000 watches in a SQLite file, each renewed by `fb_exchange_token` (two looks and one
exchange), while a stand-in in this process answers at once; so everything that is measured is ours: claims, opening,
proving, sealing, notes. Memory is this process's own, a tenth of the way in beside the highest from there on.

The limit: 10,000 renewals against the local Meta as a process of its own, which answers after 100 ms. Its own log says
when each call came; the judge is the fullest second of it, wherever that begins. The credentials share the tokens of a
few signups: to the local Meta an exchange of the same token is as much work as that of another.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.credentials.models import Credential
from app.db import Database
from app.kit.memory import settle_in
from app.kit.secret import Secret
from app.runtime import Runtime
from app.upkeep.check.jobs import Checks
from bench.figures import Figure
from bench.local_meta import LocalMeta
from bench.measures.checks import busiest
from bench.silent_meta import renewing, standing_in
from bench.stack import bare_environment
from bench.token_house import LIMIT, house, sow

MANY, RENEWALS = 100_000, 10_000
DELAY = 100
OWN_SECONDS = 20.0
FLAT = 32.0  # MiB
ROOT = Path(__file__).resolve().parents[2]


def measure(_rounds: int) -> Iterator[Figure]:
    """One round each: both are long enough to speak for themselves."""
    yield from own_time(MANY)
    yield from limit_used(RENEWALS)


def own_time(many: int) -> Iterator[Figure]:
    with house({}) as (rt, db):
        sow(db, [("EAAold", "102290129340398")], many)
        with renewing(standing_in(rt)) as renewer:
            settle_in()  # as a worker does
            watcher = Watcher()
            began, spent = time.monotonic(), time.process_time()
            with watcher:
                done = renewer.take("bench")
            took, spent = time.monotonic() - began, time.process_time() - spent
        renewed = count_renewed(db)
    assert (done, renewed) == (many, many), (done, renewed)
    # The processor's own clock: on a machine that others use too, the clock on the wall tells of them.
    beside = {"by the wall": f"{took:.1f} s", "each": f"{spent / many * 1e6:.0f} µs"}
    yield Figure(f"tokens, {many} due: our own time", spent, "s", OWN_SECONDS * many / MANY, beside=beside)
    held = {"highest": f"{max(watcher.seen):.0f} MiB"}
    yield Figure(f"tokens, {many} due: memory grows by", watcher.growth, "MiB", FLAT, beside=held)


def limit_used(many: int) -> Iterator[Figure]:
    with local_meta() as (meta, facts), house(facts) as (rt, db):
        sow(db, [tokens_of(rt, meta) for _ in range(20)], many)
        meta.fault(action={"delay_ms": DELAY})
        calls = Calls(meta)
        checks = Checks(rt)
        with renewing(checks.paced) as renewer, calls:  # as the worker puts them together
            renewer.take("bench")
        checks.close()
        assert count_renewed(db) == many
    times = sorted(calls.times)
    spent = times[-1] - times[0]
    used = len(times) / spent / LIMIT
    beside = {"calls": len(times), "took": f"{spent:.0f} s", "calls a second": f"{len(times) / spent:.0f}"}
    yield Figure(f"tokens, {many} renewals at {DELAY} ms: of the limit used", used * 100, "%", 80, "at least", beside)
    yield Figure(f"tokens, limit {LIMIT} a second: calls in the fullest second", busiest(times), "calls", LIMIT)


def count_renewed(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).where(Credential.version == 2)) or 0


@contextmanager
def local_meta() -> Iterator[tuple[LocalMeta, dict[str, Any]]]:
    """The local Meta alone, as a process of its own on a free port."""
    with tempfile.TemporaryDirectory(prefix="gangway-") as folder:
        env = bare_environment() | {"SANDBOX_PORT": "0", "DATA_DIR": folder}
        process = subprocess.Popen([sys.executable, "-m", "sandbox"], cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
        path, deadline = Path(folder) / "sandbox.json", time.monotonic() + 60
        try:
            while not path.exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            facts = json.loads(path.read_text())
            yield LocalMeta(facts["sandbox_url"]), facts
        finally:
            process.terminate()
            process.wait()


def tokens_of(rt: Runtime, meta: LocalMeta) -> tuple[str, str]:
    """A signup's token, and its account."""
    popup = meta.sign_up("standard", token_ttl="60d")  # noqa: S106 - a time, no token
    return rt.meta.oauth.exchange(Secret(popup.code)).reveal(), popup.waba_id


class Calls:
    """Reads the local Meta's log along the way, which keeps its newest entries only."""

    def __init__(self, meta: LocalMeta) -> None:
        self._meta = meta
        self._since = meta.last_call()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.times: list[float] = []

    def __enter__(self) -> "Calls":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._read()

    def _run(self) -> None:
        while not self._ended.wait(10.0):
            self._read()

    def _read(self) -> None:
        for call in self._meta.calls(since=self._since):
            self.times.append(float(call["at"]))
            self._since = max(self._since, int(call["id"]))


class Watcher:
    """How much memory this process holds, read ten times a second."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.seen: list[float] = []

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(0.1):
            self.seen.append(resident())

    @property
    def growth(self) -> float:
        """From a tenth of the way on."""
        return max(self.seen) - self.seen[len(self.seen) // 10]


def resident() -> float:
    """MiB that are really in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
