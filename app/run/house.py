"""One run of the whole house: in which order the parts start, and what each is told.

Stand-in for Meta (if any) → migrations → web, worker, clock → ready → first look → until somebody says stop.
"""

import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import requests
from honcho.environ import parse_procfile

from app.build import build
from app.kit import clock
from app.run.files import write_private
from app.run.first_look import FirstLook, prepare
from app.run.keys import get_keys
from app.run.ports import HOST, pick_port
from app.run.processes import Ended, Processes
from app.run.stand_in import COMMAND, StandIn
from config import Rehearsal, Settings, handed_on, load

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until a part that does not come up ends the run
SERVING = ("web", "worker", "clock")


class House:
    """The parts of one run. `open()` returns when everything answers; `stay()` returns only by raising `Ended`."""

    def __init__(self, asked: Rehearsal, processes: Processes, *, without: Collection[str] = ()) -> None:
        self._processes = processes
        self._without = frozenset(without)
        self._lines: Mapping[str, str] = parse_procfile((ROOT / "Procfile").read_text()).processes
        self._real = bool(asked.meta_app_id)
        self._port = pick_port(asked.port, "PORT")
        self.base_url = asked.public_url or f"http://localhost:{self._port}"
        self._asked = asked
        self.data_dir = asked.data_dir.absolute()
        # What the parts were told, for one more process beside them: `ENV_FILE=var/run.env flask --app wsgi …`
        self.env_file = self.data_dir / "run.env"
        self.stand_in: StandIn | None = None
        self.first_look: FirstLook | None = None

    def open(self) -> None:
        """Start everything; raises `SettingsRefused`, `PortTaken`, or `Ended` when a part does not come up."""
        told = self._told() if self._real else self._told() | self._keys() | self._start_stand_in()
        settings = load(
            **{name.lower(): value for name, value in told.items() if name.lower() in Settings.model_fields}
        )
        if self.stand_in is not None:
            write_private(self.env_file, "".join(f"{name}={value}\n" for name, value in told.items()))
        self._start("release", told)
        self._processes.finish("release")
        for name in SERVING:
            if name not in self._without:
                self._start(name, told)
        if "web" not in self._without:
            self._wait_for("web", self._is_ready)
        if self.stand_in is not None:
            rt = build(settings)
            self.first_look = prepare(rt, self.stand_in.url, now=clock.now())
            rt.close()

    def stay(self) -> None:
        """Show what the parts say until one ends or a signal comes."""
        self._processes.wait(lambda: False)

    def _told(self) -> dict[str, str]:
        return {
            "PORT": str(self._port),
            "WEB_HOST": self._asked.web_host,
            "PUBLIC_URL": self.base_url,
            "DATA_DIR": str(self.data_dir),
            "WEB_THREADS": str(self._asked.web_threads),
        }

    def _keys(self) -> dict[str, str]:
        """Keys of our own making, for those that nobody has given."""
        given = {"SECRET_KEYS": self._asked.secret_keys, "CREDENTIAL_KEYS": self._asked.credential_keys}
        made = get_keys(self.data_dir)
        return {name: given[name] or made[name] for name in given}

    def _start_stand_in(self) -> dict[str, str]:
        self.stand_in = StandIn(self.data_dir, pick_port(self._asked.sandbox_port, "SANDBOX_PORT"), self.base_url)
        self._start("meta", self._told() | self.stand_in.environment(handed_on()), COMMAND)
        self._wait_for("meta", self.stand_in.answers)
        return self.stand_in.settings() | {"META_WEEKLY_SIGNUP_LIMIT": str(self._asked.meta_weekly_signup_limit)}

    def _start(self, name: str, told: Mapping[str, str], command: str = "") -> None:
        here = str(Path(sys.executable).parent)
        path = f"{here}:{handed_on().get('PATH', '')}"
        self._processes.start(
            name, command or self._lines[name], handed_on(**told, PATH=path, PYTHONUNBUFFERED="1"), ROOT
        )

    def _wait_for(self, name: str, until: Callable[[], bool]) -> None:
        if not self._processes.wait(until, seconds=PATIENCE):
            self._processes.say(f"{name} does not answer after {PATIENCE:.0f} seconds")
            raise Ended(name, 1)

    def _is_ready(self) -> bool:
        try:
            silent = requests.get(f"http://{HOST}:{self._port}/readyz", timeout=5).json()["silent"]
        except (requests.RequestException, ValueError):
            return False
        return set(silent) <= self._without
