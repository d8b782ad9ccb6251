"""The first look: made once, good as long as what it opens is good, and for its owner alone."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.access.keys import find_key, get_key, revoke_key
from app.access.passwords import matches
from app.access.staff import disable_staff, find_by_email, get_by_email
from app.audit.store import SYSTEM
from app.build import build
from app.kit.secret import Secret
from app.models import Base
from app.onboarding.links.links import get_link, revoke_link
from app.run.first_look import FirstLook, prepare
from app.runtime import Runtime
from tests.conftest import settings_with

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
META = "http://localhost:5001"


@pytest.fixture
def rt(tmp_path: Path) -> Iterator[Runtime]:
    made = build(settings_with(tmp_path))
    Base.metadata.create_all(made.db.engine)
    yield made
    made.close()


def opens(rt: Runtime, look: FirstLook) -> list[bool]:
    """Whether sign-in, key and link of a first look are good."""
    with rt.db.read() as session:
        staff = find_by_email(session, look.staff_email)
        return [
            staff is not None and matches(staff.password_hash, Secret(look.staff_password)),
            find_key(session, look.api_key, NOW) is not None,
            get_link(session, look.link_id).revoked_at is None,
        ]


def test_the_first_look_opens_three_doors(rt: Runtime) -> None:
    look = prepare(rt, META, now=NOW)
    assert opens(rt, look) == [True, True, True]
    assert look.connect_url.startswith("http://localhost:5000/connect/")
    assert look.console_url == "http://localhost:5000/console"
    assert (look.base_url, look.sandbox_url) == ("http://localhost:5000", META)


def test_it_is_written_for_its_owner_alone(rt: Runtime) -> None:
    look = prepare(rt, META, now=NOW)
    path = rt.settings.data_dir / "demo.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text())["api_key"] == look.api_key


def test_what_is_still_good_is_used_again(rt: Runtime) -> None:
    first = prepare(rt, META, now=NOW)
    assert prepare(rt, META, now=NOW + timedelta(days=29)) == first


def test_a_link_that_has_ended_is_replaced_and_the_rest_stays(rt: Runtime) -> None:
    first = prepare(rt, META, now=NOW)
    with rt.db.write() as session:
        revoke_link(session, first.link_id, actor=SYSTEM, now=NOW)
    second = prepare(rt, META, now=NOW)
    assert second.link_id != first.link_id
    assert opens(rt, second) == [True, True, True]
    assert (second.api_key, second.staff_password) == (first.api_key, first.staff_password)


def test_a_link_whose_month_is_over_is_replaced(rt: Runtime) -> None:
    first = prepare(rt, META, now=NOW)
    assert prepare(rt, META, now=NOW + timedelta(days=31)).link_id != first.link_id


def test_a_revoked_key_is_replaced(rt: Runtime) -> None:
    first = prepare(rt, META, now=NOW)
    with rt.db.write() as session:
        revoke_key(session, get_key(session, first.api_key.split("_")[2]), NOW)
    second = prepare(rt, META, now=NOW)
    assert second.api_key != first.api_key
    assert opens(rt, second) == [True, True, True]


def test_another_password_is_given_when_the_noted_one_is_wrong(rt: Runtime) -> None:
    first = prepare(rt, META, now=NOW)
    path = rt.settings.data_dir / "demo.json"
    path.write_text(path.read_text().replace(first.staff_password, "another-password"))
    second = prepare(rt, META, now=NOW)
    assert second.staff_password not in {first.staff_password, "another-password"}
    assert opens(rt, second) == [True, True, True]


def test_a_disabled_person_is_not_let_in_again(rt: Runtime) -> None:
    """Somebody has disabled the demo sign-in on purpose; a restart must not undo that."""
    first = prepare(rt, META, now=NOW)
    with rt.db.write() as session:
        disable_staff(session, get_by_email(session, first.staff_email), NOW)
    prepare(rt, META, now=NOW)
    with rt.db.read() as session:
        assert get_by_email(session, first.staff_email).disabled_at == NOW


@pytest.mark.parametrize("text", ["", "{", "[]", '{"api_key": 5}'])
def test_a_spoilt_file_counts_as_none(rt: Runtime, text: str) -> None:
    (rt.settings.data_dir / "demo.json").write_text(text)
    assert opens(rt, prepare(rt, META, now=NOW)) == [True, True, True]
