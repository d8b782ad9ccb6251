"""Private files: whole or not at all, and never readable by others."""

import os
from pathlib import Path

from app.run.files import write_private


def test_a_private_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "deep" / "demo.json", "{}")
    finally:
        os.umask(before)
    assert (tmp_path / "deep/demo.json").stat().st_mode & 0o777 == 0o600


def test_writing_again_replaces_the_whole_text(tmp_path: Path) -> None:
    write_private(tmp_path / "demo.json", "a much longer text")
    write_private(tmp_path / "demo.json", "short")
    assert (tmp_path / "demo.json").read_text() == "short"
    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]
