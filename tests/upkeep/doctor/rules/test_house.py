from datetime import timedelta

import pytest

from app.upkeep.doctor.checks import Rule
from app.upkeep.doctor.facts import Facts, KeptKey
from app.upkeep.doctor.rules import house
from app.upkeep.doctor.verdicts import verdict
from tests.upkeep.doctor.healthy import HEALTHY, NOON, SILENT, of_house, of_records, of_wire

UNKNOWN = verdict("unchecked", because="the database does not answer")


def test_the_database_answers() -> None:
    assert house.database(HEALTHY, NOON) == verdict("ok", kind="PostgreSQL")
    assert house.database(of_records(sqlite=True), NOON) == verdict("ok", kind="SQLite")
    assert house.database(of_house(records=SILENT), NOON) == verdict("silent")


@pytest.mark.parametrize(
    ("sqlite", "synced", "case"),
    [
        (True, "FULL", "ok"),
        (True, "EXTRA", "ok"),
        (True, "NORMAL", "sqlite"),
        (True, "OFF", "sqlite"),
        (False, "on", "ok"),
        (False, "local", "ok"),
        (False, "remote_apply", "ok"),
        (False, "off", "postgres"),
    ],
)
def test_what_is_committed_is_on_the_disk(sqlite: bool, synced: str, case: str) -> None:
    assert house.durable(of_records(sqlite=sqlite, synced=synced), NOON) == verdict(case, synced=synced)


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("0007", verdict("ok", revision="0007", head="0007")),
        ("0006", verdict("differs", revision="0006", head="0007")),
        ("0008", verdict("differs", revision="0008", head="0007")),
        (None, verdict("never", head="0007")),
    ],
)
def test_the_tables_are_those_of_this_program(revision: str | None, said: object) -> None:
    assert house.migrations(of_records(revision=revision), NOON) == said


def test_a_worker_lives() -> None:
    assert house.worker(of_records(silent_roles=frozenset({"clock"})), NOON) == verdict("ok")
    assert house.worker(of_records(silent_roles=frozenset({"worker"})), NOON) == verdict("silent")


@pytest.mark.parametrize(
    ("facts", "case"),
    [
        (HEALTHY, "ok"),
        (of_records(silent_roles=frozenset({"worker"})), "ok"),
        (of_records(silent_roles=frozenset({"clock"})), "silent"),
        (of_records(led_until=None), "nobody_leads"),
        (of_records(led_until=NOON), "nobody_leads"),
        (of_records(led_until=NOON + timedelta(microseconds=1)), "ok"),
    ],
)
def test_a_clock_lives_and_leads(facts: Facts, case: str) -> None:
    assert house.clock_process(facts, NOON) == verdict(case)


@pytest.mark.parametrize("rule", [house.durable, house.migrations, house.worker, house.clock_process])
def test_without_a_database_nothing_of_it_is_judged(rule: Rule) -> None:
    assert rule(of_house(records=SILENT), NOON) == UNKNOWN


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (0.2, verdict("ok", seconds="0")),
        (10.0, verdict("ok", seconds="10")),
        (-10.0, verdict("ok", seconds="10")),
        (10.1, verdict("drifts", seconds="10", direction="ahead of")),
        (-59.9, verdict("drifts", seconds="60", direction="behind")),
        (60.0, verdict("drifts", seconds="60", direction="ahead of")),
        (60.1, verdict("wrong", seconds="60", direction="ahead of")),
        (-3600.0, verdict("wrong", seconds="3600", direction="behind")),
        (None, verdict("unchecked", because="no answer of Meta’s told its time")),
    ],
)
def test_this_machines_time_is_metas(ahead: float | None, said: object) -> None:
    assert house.clock_time(of_wire(ahead=ahead), NOON) == said


@pytest.mark.parametrize(
    ("free", "said"),
    [
        (None, verdict("elsewhere")),
        (83_865_000_000, verdict("ok", megabytes="83,865")),
        (1_000_000_000, verdict("ok", megabytes="1,000")),
        (999_999_999, verdict("filling", megabytes="1,000")),
        (100_000_000, verdict("filling", megabytes="100")),
        (99_999_999, verdict("full", megabytes="100")),
        (0, verdict("full", megabytes="0")),
    ],
)
def test_the_disk_has_room(free: int | None, said: object) -> None:
    assert house.disk(of_house(disk_free=free), NOON) == said


def test_whoever_keeps_a_key_gives_it_out() -> None:
    kept = (KeptKey("AWS KMS, alias/gangway"), KeptKey("the settings"))
    assert house.credential_keys(of_house(keys=kept), NOON) == verdict(
        "ok", kept="key 1: AWS KMS, alias/gangway; key 2: the settings"
    )
    lost = (KeptKey("the settings"), KeptKey("AWS KMS, alias/gangway", "it gave no answer", "Mend it."))
    assert house.credential_keys(of_house(keys=lost), NOON) == verdict(
        "refused", place=2, keeper="AWS KMS, alias/gangway", why="it gave no answer", fix="Mend it."
    )


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        (None, verdict("none")),
        ("", verdict("ok")),
        ("535 authentication failed", verdict("refused", why="535 authentication failed")),
    ],
)
def test_letters_can_leave(mail: str | None, said: object) -> None:
    assert house.mail(of_house(mail=mail), NOON) == said


@pytest.mark.parametrize(
    ("usable", "problems", "said"),
    [
        (2, (), verdict("ok", many=2)),
        (0, (), verdict("none")),
        (2, ("ticker is no channel", "no severity"), verdict("unusable", problem="ticker is no channel")),
        (0, ("ticker is no channel",), verdict("unusable", problem="ticker is no channel")),
    ],
)
def test_somebody_is_told_of_incidents(usable: int, problems: tuple[str, ...], said: object) -> None:
    assert house.alert_channels(of_house(channels=(usable, problems)), NOON) == said
