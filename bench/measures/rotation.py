"""Keys that turn: a hundred thousand rows put under a new master key while eight workers read and renew them.

On SQLite and on PostgreSQL, with real processes: eight hands (`bench/rotation_hand.py`) and `flask keys rotate`, which
is killed when two fifths are done and started again. At the end every row of every version is opened with the new key
alone and compared with what it held. Nothing may have been unreadable at any time, nothing may be left under the old
key, no renewal may be lost, and both runs together do each row once. The time is that of both runs with their starts;
its goal says that nobody has to plan a day around a rotation, on a machine whose processors the hands use as well.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.rotation_house import Plan, postgres, turn_keys

ROWS = 100_000
PLAN = Plan(rows=ROWS, processes=8, threads=1, batch=100)
SECONDS = 600.0


def measure(rounds: int) -> Iterator[Figure]:
    """One round on each database: every row of it is a sample."""
    del rounds
    with tempfile.TemporaryDirectory(prefix="gangway-") as folder:
        yield from turned("SQLite", f"sqlite:///{folder}/gangway.db", Path(folder))
    with tempfile.TemporaryDirectory(prefix="gangway-") as folder, postgres("gangway_bench_rotation") as address:
        if address is None:
            print("No PostgreSQL server answers at TEST_POSTGRES_URL or 127.0.0.1:5432: not measured there.")
        else:
            yield from turned("PostgreSQL", address, Path(folder))


def turned(kind: str, address: str, folder: Path, plan: Plan = PLAN) -> Iterator[Figure]:
    name = f"rotation of {plan.rows} on {kind}"
    found = turn_keys(address, folder, plan)
    speed = {"rows a second": f"{plan.rows / found.seconds:.0f}", "hands": plan.hands}
    killed = {"killed after": found.first, "resumed and done": found.second, "exit code": found.code}
    yield Figure(f"{name}: both runs", found.seconds, "s", SECONDS, beside=speed | killed)
    yield Figure(f"{name}: wrong or unreadable meanwhile", len(found.wrong), "reads", 0, beside={"reads": found.reads})
    yield Figure(f"{name}: unreadable by the new key alone", found.unreadable, "rows", 0)
    yield Figure(f"{name}: left under the old key", found.left, "rows", 0)
    yield Figure(f"{name}: renewals lost", found.lost, "rows", 0, beside={"renewals": found.renewals})
    twice = abs(plan.rows - found.first - found.second)
    yield Figure(f"{name}: rows done twice or not at all", twice, "rows", 0)
