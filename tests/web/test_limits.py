"""Floods are refused with the time to wait, per address, counted together and over a restart."""

from datetime import timedelta

import time_machine
from flask.testing import FlaskClient

from app.kit import clock
from app.web.limits import storage_address
from tests.conftest import settings_with
from tests.web.conftest import BROWSER, MakeApp


def test_a_flood_is_refused_until_the_minute_is_over(http: FlaskClient) -> None:
    with time_machine.travel("2026-11-20T12:00:10Z", tick=False):
        replies = [http.get("/rare", headers={"Accept": "application/json"}) for _ in range(3)]
    with time_machine.travel("2026-11-20T12:01:11Z", tick=False):
        later = http.get("/rare")

    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert replies[2].json["code"] == "too_many"
    assert 59 <= int(replies[2].headers["Retry-After"]) <= 61
    assert later.status_code == 200


def test_one_address_does_not_use_up_the_turns_of_another(http: FlaskClient) -> None:
    for _ in range(3):
        http.get("/rare", environ_base={"REMOTE_ADDR": "192.0.2.1"})

    assert http.get("/rare", environ_base={"REMOTE_ADDR": "192.0.2.2"}).text == "192.0.2.2"


def test_counts_are_shared_by_processes_and_outlive_a_restart(make_app: MakeApp) -> None:
    first = make_app()
    for _ in range(2):
        first.test_client().get("/rare")

    assert make_app().test_client().get("/rare", headers=BROWSER).status_code == 429


def test_behind_proxies_only_the_trusted_hop_names_the_caller(make_app: MakeApp) -> None:
    behind, bare = make_app(proxy_hops=1).test_client(), make_app().test_client()
    told = {"X-Forwarded-For": "198.51.100.9, 192.0.2.7"}

    assert behind.get("/rare", headers=told).text == "192.0.2.7"
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert bare.get("/rare", headers=told).text == "127.0.0.1"


def test_counts_lie_in_redis_where_one_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    redis = settings_with(tmp_path, queue_url="redis://127.0.0.1:6379/3")

    assert storage_address(redis) == "redis://127.0.0.1:6379/3"
    assert storage_address(settings_with(tmp_path)) == f"sqlite-limits://{tmp_path / 'limits.db'}"
