"""The house: what each part is told, without starting any of them."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.run.house import SERVING, House
from app.run.processes import Ended, Processes
from config import Rehearsal, SettingsRefused
from tests.run.test_stand_in import FOUND


class Stage(Processes):
    """Stands where processes are started; writes down what each is told, and says that all went well."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.told: dict[str, dict[str, str]] = {}
        self.commands: dict[str, str] = {}

    def start(self, name: str, command: str, env: Any, folder: Path) -> None:
        self.told[name], self.commands[name] = dict(env), command

    def finish(self, name: str) -> None:
        assert name == "release"

    def wait(self, until: Callable[[], bool], *, seconds: float | None = None, but: str = "") -> bool:
        return False


def asked(tmp_path: Path, **given: object) -> Rehearsal:
    return Rehearsal(_env_file=None, data_dir=tmp_path, port=0, sandbox_port=0, **given)  # type: ignore[call-arg]


def test_the_stand_in_starts_first_and_is_told_where_we_are(tmp_path: Path) -> None:
    stage = Stage()
    house = House(asked(tmp_path), stage)
    with pytest.raises(Ended) as ended:
        house.open()
    assert ended.value.name == "meta", "it never answers here"
    assert list(stage.told) == ["meta"]
    assert stage.told["meta"]["SANDBOX_CALLBACK_URL"] == f"{house.base_url}/api/webhooks/whatsapp"
    assert stage.told["meta"]["DATA_DIR"] == str(tmp_path)


class Answering(Stage):
    """The stand-in says who it is; the run ends where the database would be migrated."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def start(self, name: str, command: str, env: Any, folder: Path) -> None:
        super().start(name, command, env, folder)
        if name == "meta":
            (self._folder / "sandbox.json").write_text(json.dumps(FOUND))

    def wait(self, until: Callable[[], bool], *, seconds: float | None = None, but: str = "") -> bool:
        return True

    def finish(self, name: str) -> None:
        raise Ended(name, 1)


@pytest.mark.parametrize(("given", "told"), [({}, "200"), ({"meta_weekly_signup_limit": 3}, "3")])
def test_a_stand_in_stops_nobody_at_metas_weekly_limit_unless_asked_to(
    tmp_path: Path, given: dict[str, object], told: str
) -> None:
    stage = Answering(tmp_path)
    with pytest.raises(Ended):
        House(asked(tmp_path, **given), stage).open()
    assert stage.told["release"]["META_WEEKLY_SIGNUP_LIMIT"] == told
    assert f"META_WEEKLY_SIGNUP_LIMIT={told}\n" in (tmp_path / "run.env").read_text()


def test_with_real_meta_nothing_starts_until_all_settings_are_there(tmp_path: Path) -> None:
    stage = Stage()
    with pytest.raises(SettingsRefused):
        House(asked(tmp_path, meta_app_id="1234567890"), stage).open()
    assert stage.told == {}
    assert list(tmp_path.iterdir()) == []


def test_the_parts_are_those_of_the_procfile() -> None:
    lines = (Path(__file__).resolve().parents[2] / "Procfile").read_text().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["release", *SERVING]


def test_a_given_public_address_is_kept(tmp_path: Path) -> None:
    house = House(asked(tmp_path, public_url="http://127.0.0.1:7000"), Stage())
    assert house.base_url == "http://127.0.0.1:7000"
