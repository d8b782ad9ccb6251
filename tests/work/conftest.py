"""A worker process, and the two carriers of its wake-ups."""

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from app.db import Database
from app.work.engine import Engine
from tests.waiting import until
from tests.work.serving import KEY


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of this test process alone; skipped where none is installed."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server is installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    options = ["--bind", "127.0.0.1", "--save", "", "--dir", str(folder), "--daemonize", "no"]
    server = subprocess.Popen([program, "--port", str(port), *options], stdout=subprocess.DEVNULL)
    with redis.Redis(port=port) as asking:

        def answers() -> bool:
            with contextlib.suppress(redis.ConnectionError):
                return bool(asking.ping())
            return False

        assert until(answers)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(10)


@pytest.fixture(params=["file", "redis"])
def queue_url(request: pytest.FixtureRequest) -> str:
    """Each way to carry wake-ups."""
    if request.param == "file":
        return ""
    url: str = request.getfixturevalue("redis_url")
    with redis.Redis.from_url(url) as server:
        server.flushdb()
    return url


@pytest.fixture
def engine(queue_url: str, tmp_path: Path) -> Iterator[Engine]:
    made = Engine(queue_url, tmp_path, KEY)
    yield made
    made.close()


@dataclass
class Worker:
    """A worker process; what it writes goes to a file."""

    process: "subprocess.Popen[bytes]"
    output: Path

    def said(self) -> list[str]:
        return self.output.read_text().splitlines()

    def says(self, word: str, *, times: int = 1) -> bool:
        return until(lambda: self.said().count(word) >= times)

    def end(self) -> int:
        """Tell it to end, once it has come so far that it listens for that; its exit code."""
        assert until(self._catches_term)
        self.process.terminate()
        return self.process.wait(20)

    def _catches_term(self) -> bool:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
        return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


@pytest.fixture
def start_worker(queue_url: str, new_worker: Callable[[Database, str], Worker]) -> Callable[[Database], Worker]:
    """Starts worker processes on a database, with each way to carry wake-ups."""
    return lambda db: new_worker(db, queue_url)


@pytest.fixture
def new_worker(tmp_path: Path) -> Iterator[Callable[[Database, str], Worker]]:
    """Starts worker processes on a database and a `QUEUE_URL`, and ends them with the test."""
    started: list[Worker] = []

    def start(db: Database, queue_url: str) -> Worker:
        address = db.url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.work.serving", address, str(tmp_path), queue_url]
        output = tmp_path / f"worker-{len(started)}.out"
        with output.open("wb") as writing:
            process = subprocess.Popen(command, stdout=writing, stderr=subprocess.STDOUT)
        started.append(Worker(process, output))
        assert started[-1].says("ready"), started[-1].said()
        return started[-1]

    yield start
    for worker in started:
        if worker.process.poll() is None:
            worker.process.kill()
        worker.process.wait(10)
