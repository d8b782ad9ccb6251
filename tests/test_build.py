from pathlib import Path

from app.build import build, secrets_of
from app.work.engine import Engine
from config import Settings
from tests.conftest import settings_with


def test_settings_become_the_real_parts(settings: Settings, tmp_path: Path) -> None:
    rt = build(settings)
    assert rt.settings is settings
    assert rt.db.is_sqlite
    assert rt.db.url.database == str(tmp_path / "gangway.db")
    assert (rt.meta.graph.base_url, rt.meta.graph.version) == ("http://localhost:9", "v25.0")
    assert rt.meta.graph.app_id == "100000000000001"
    assert isinstance(rt.wakes, Engine)
    rt.close()


def test_the_newest_of_several_secrets_signs(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, meta_app_secrets="newest_app_secret,older_app_secret")
    assert [secret.reveal() for secret in secrets_of(settings.meta_app_secrets)] == [
        "newest_app_secret",
        "older_app_secret",
    ]
    rt = build(settings)
    assert rt.meta.graph.app_secret.reveal() == "newest_app_secret"
    rt.close()


def test_no_part_shows_a_secret(settings: Settings) -> None:
    rt = build(settings)
    rt.close()
    assert "EAATESTSYSTEMTOKEN" not in repr(rt)
    assert "test_app_secret" not in repr(rt)
    assert "a-signing-key-for-tests" not in repr(rt)
