"""Every file under `fields/` is found, and one that is not as it must be stops the start."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.webhooks.registry import FIELDS, find_fields

WHOLE = "FIELD = '{field}'\ndef handle(session, changes, now): ...\ndef split(change): ...\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """An empty package of fields."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    made = ModuleType("sample_fields")
    made.__path__ = [str(tmp_path)]
    monkeypatch.setitem(sys.modules, "sample_fields", made)
    yield made
    for name in [name for name in sys.modules if name.startswith("sample_fields.")]:
        del sys.modules[name]


def write(package: ModuleType, name: str, text: str) -> None:
    Path(package.__path__[0], f"{name}.py").write_text(text)


def test_the_fields_of_today_are_found_by_metas_names() -> None:
    assert set(FIELDS) == {
        "account_alerts",
        "account_review_update",
        "account_update",
        "business_capability_update",
        "history",
        "message_template_status_update",
        "messages",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "smb_app_state_sync",
    }
    assert all(callable(field.handle) and callable(field.split) for field in FIELDS.values())


def test_a_new_file_is_found_by_being_there(package: ModuleType) -> None:
    write(package, "calls", WHOLE.format(field="calls"))
    write(package, "security", WHOLE.format(field="security"))
    assert set(find_fields(package)) == {"calls", "security"}


@pytest.mark.parametrize("part", ["FIELD", "handle", "split"])
def test_a_file_that_lacks_a_part_is_named(package: ModuleType, part: str) -> None:
    write(package, "broken", "\n".join(line for line in WHOLE.splitlines() if part not in line))
    with pytest.raises(TypeError, match=rf"fields/broken\.py has no {part}"):
        find_fields(package)


def test_two_files_for_one_field_are_refused(package: ModuleType) -> None:
    write(package, "one", WHOLE.format(field="same"))
    write(package, "two", WHOLE.format(field="same"))
    with pytest.raises(TypeError, match=r"fields/two\.py repeats the field same"):
        find_fields(package)
