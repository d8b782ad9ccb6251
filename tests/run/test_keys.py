"""Keys of a first look: random, made once, for their owner's eyes."""

import base64
from pathlib import Path

from app.run.keys import get_keys, new_key


def test_keys_are_made_once_and_found_again(tmp_path: Path) -> None:
    first = get_keys(tmp_path / "var")
    assert set(first) == {"SECRET_KEYS", "CREDENTIAL_KEYS"}
    assert get_keys(tmp_path / "var") == first


def test_two_houses_have_different_keys(tmp_path: Path) -> None:
    one, other = get_keys(tmp_path / "one"), get_keys(tmp_path / "other")
    assert not set(one.values()) & set(other.values())
    assert one["SECRET_KEYS"] != one["CREDENTIAL_KEYS"]


def test_a_key_is_32_bytes_in_url_safe_base64() -> None:
    assert len(base64.urlsafe_b64decode(new_key())) == 32


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    get_keys(tmp_path)
    assert (tmp_path / "keys.env").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.env"]


def test_a_missing_key_is_added_and_the_other_stays(tmp_path: Path) -> None:
    kept = new_key()
    (tmp_path / "keys.env").write_text(f"# mine\nCREDENTIAL_KEYS={kept}\nOTHER=1\n")
    keys = get_keys(tmp_path)
    assert keys["CREDENTIAL_KEYS"] == kept
    assert get_keys(tmp_path) == keys
