from datetime import date
from pathlib import Path

from app.meta.versions import read_versions


def test_the_table_is_that_of_metas_page() -> None:
    assert read_versions() == {
        "v19.0": date(2026, 5, 21),
        "v20.0": date(2026, 9, 24),
        "v21.0": date(2027, 1, 21),
        "v22.0": date(2027, 5, 20),
        "v23.0": date(2027, 10, 8),
        "v24.0": date(2028, 2, 18),
        "v25.0": date(2028, 7, 29),
        "v26.0": None,
    }


def test_another_table_may_be_read(tmp_path: Path) -> None:
    table = tmp_path / "versions.toml"
    table.write_text('[until]\n"v30.0" = 2031-01-02\n[no_end_yet]\n"v31.0" = 2029-01-01\n')
    assert read_versions(table) == {"v30.0": date(2031, 1, 2), "v31.0": None}
