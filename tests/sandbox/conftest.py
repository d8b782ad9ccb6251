"""What tests of the local Meta may ask for: a fresh world, a caller, a callback, a running courier, a real process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sandbox.runtime import Runtime, build_runtime
from sandbox.world import World
from tests.sandbox.desk import PARTNER, Desk
from tests.sandbox.receiver import Receiver
from tests.waiting import until


@pytest.fixture
def runtime() -> Runtime:
    """A strict local Meta that sends nothing: its courier is not started."""
    return build_runtime(PARTNER)


@pytest.fixture
def world(runtime: Runtime) -> World:
    return runtime.world


@pytest.fixture
def desk(runtime: Runtime) -> Desk:
    return Desk(runtime)


@pytest.fixture
def lenient_desk() -> Desk:
    """A local Meta that takes every kind of token that works in practice."""
    return Desk(build_runtime(replace(PARTNER, require_proof=False), strict=False))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def told(desk: Desk, receiver: Receiver) -> Iterator[Receiver]:
    """The same world with its courier started and the app's callback set to the receiver."""
    desk.runtime.world.records.apps[PARTNER.app_id].callback_url = f"{receiver.url}/app"
    desk.runtime.courier.start()
    yield receiver
    desk.runtime.courier.stop()


@dataclass(frozen=True)
class Process:
    """A real ``python -m sandbox`` and the facts it wrote."""

    url: str
    facts: dict[str, str]
    path: Path
    process: "subprocess.Popen[bytes]"


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")}
    environ = {**kept, "SANDBOX_PORT": "0", "DATA_DIR": str(tmp_path)}
    started = subprocess.Popen([sys.executable, "-m", "sandbox"], env=environ)
    path = tmp_path / "sandbox.json"
    try:
        assert until(path.exists)
        facts = json.loads(path.read_text())
        yield Process(facts["sandbox_url"].replace("localhost", "127.0.0.1"), facts, path, started)
    finally:
        started.terminate()
        started.wait(10)
