"""The whole house on free ports, for as long as a `with` block lasts: the same `python -m app.run` that people use.

with stack(LOG_LEVEL="DEBUG") as house:
    requests.get(house.base_url + "/readyz")
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from config import Rehearsal, Settings, handed_on

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 90.0  # seconds until everything must be up
GRACE = 30.0  # seconds it may take to end
# What a process of each kind has in its command line.
ROLES = {"web": "wsgi:app", "worker": "app.worker", "clock": "app.clock", "meta": "-m\0sandbox"}


class StackDown(Exception):
    """The house did not come up; the text holds the end of what it said."""


@dataclass(frozen=True)
class Stack:
    """A running house. `env_file` holds the settings its processes were given, for one more process beside them."""

    base_url: str
    sandbox_url: str
    demo: Mapping[str, str]
    data_dir: Path
    log_path: Path
    env: Mapping[str, str]
    run: subprocess.Popen[bytes]

    @property
    def env_file(self) -> Path:
        return self.data_dir / "run.env"

    def pid_of(self, role: str) -> int:
        """The process of `web`, `worker`, `clock` or `meta` that the supervisor has started."""
        for pid in _children_of(self.run.pid):
            if ROLES[role] in Path(f"/proc/{pid}/cmdline").read_text():
                return pid
        raise LookupError(f"no process of this house is a {role}")

    @contextmanager
    def second(self, module: str) -> Iterator[subprocess.Popen[bytes]]:
        """One more process (`app.worker`, `app.clock`) beside the supervised ones; killed when the block ends."""
        with (self.data_dir / f"second-{module}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env={**self.env, "ENV_FILE": str(self.env_file)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def web(self) -> Iterator[subprocess.Popen[bytes]]:
        """The web process of a house that was started without it; its whole group is killed when the block ends."""
        line = next(row for row in (ROOT / "Procfile").read_text().splitlines() if row.startswith("web: "))
        told = dict(row.split("=", 1) for row in self.env_file.read_text().splitlines() if "=" in row)
        told["PATH"] = f"{Path(sys.executable).parent}:{self.env['PATH']}"
        with (self.data_dir / "second-web.log").open("ab") as log:
            process = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {line.removeprefix('web: ')}"],
                cwd=ROOT,
                env={**self.env, **told},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            kill_group(process)


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """`kill -9` of a process and of those it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def stack(*, without: Sequence[str] = (), **given: str) -> Iterator[Stack]:
    """Start the house with these settings on top of none, wait until it is ready, end it whatever happens.

    A part named in `without` is left out, to be run by `Stack.second`.
    """
    left_out = [word for name in without for word in ("--without", name)]
    with tempfile.TemporaryDirectory(prefix="gangway-", ignore_cleanup_errors=True) as folder:
        data_dir = Path(folder)
        env = bare_environment() | {"DATA_DIR": folder, "PORT": "0", "SANDBOX_PORT": "0"} | given
        log_path = data_dir / "run.log"
        with log_path.open("wb") as log:
            run = subprocess.Popen(
                [sys.executable, "-m", "app.run", "--with-parent", *left_out],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            demo = _wait_for_demo(run, data_dir / "demo.json", log_path)
            yield Stack(demo["base_url"], demo["sandbox_url"], demo, data_dir, log_path, env, run)
        finally:
            _end(run)


def bare_environment() -> dict[str, str]:
    """Our environment without a single setting of the product, and with no `.env` read."""
    settings = {name.upper() for name in (Settings.model_fields | Rehearsal.model_fields)}
    kept = {
        name: value
        for name, value in handed_on().items()
        if name not in settings and not name.startswith(("SANDBOX_", "COV_CORE", "PYTEST_"))
    }
    return kept | {"ENV_FILE": ""}


def _wait_for_demo(run: subprocess.Popen[bytes], path: Path, log_path: Path) -> dict[str, str]:
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        if run.poll() is not None or time.monotonic() > deadline:
            said = log_path.read_text(errors="replace")[-6000:]
            raise StackDown(f"the house did not come up (code {run.poll()}):\n{said}")
        time.sleep(0.05)
    demo = json.loads(path.read_text())
    assert isinstance(demo, dict)
    return demo


def _end(run: subprocess.Popen[bytes]) -> None:
    run.terminate()
    try:
        run.wait(GRACE)
    except subprocess.TimeoutExpired:
        # The supervisor's children end with it, by the kernel's hand.
        run.kill()
        run.wait()


def _children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
