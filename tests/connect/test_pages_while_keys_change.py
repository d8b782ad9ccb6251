"""A client's page stays open while SECRET_KEYS are changed: what was signed with an older of them goes on counting."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.runtime import Runtime
from tests.conftest import settings_with
from tests.connect.conftest import make_app
from tests.connect.visitor import Visitor, make_link

OLD = "a-signing-key-for-tests-and-nothing-else-0001"  # as in `settings_with`
NEW = "a-signing-key-for-tests-and-nothing-else-0002"

pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def serving(rt: Runtime, folder: Path, keys: str) -> Runtime:
    return replace(rt, settings=settings_with(folder, secret_keys=keys))


@pytest.mark.parametrize(("keys", "goes_on"), [(f"{NEW},{OLD}", True), (f"{OLD},{NEW}", True), (NEW, False)])
def test_an_open_page_goes_on_while_its_key_is_listed(rt: Runtime, tmp_path: Path, keys: str, goes_on: bool) -> None:
    link = make_link(rt)
    browser = Visitor.at(make_app(serving(rt, tmp_path, OLD)), link)
    browser.http.application = make_app(serving(rt, tmp_path, keys))
    assert browser.open_window().status_code == (204 if goes_on else 400)
    assert browser.look().status_code == 200, "who may see it is a row, and no signature"


def test_a_link_is_signed_with_nothing_and_outlives_every_key(rt: Runtime, tmp_path: Path) -> None:
    link = make_link(rt)
    assert Visitor.at(make_app(serving(rt, tmp_path, NEW)), link).open_window().status_code == 204
