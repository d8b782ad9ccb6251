"""Judgements about this installation: database, processes, disk, the time, mail, and who is told of incidents."""

from datetime import datetime

from app.upkeep.doctor.facts import Facts, Trouble
from app.upkeep.doctor.verdicts import Verdict, unchecked, verdict

UNKNOWN = "the database does not answer"
SQLITE_FULL = frozenset({"FULL", "EXTRA"})
POSTGRES_OFF = "off"
MEGABYTE = 1_000_000
DISK_NOTICE, DISK_LEAST = 1_000 * MEGABYTE, 100 * MEGABYTE  # bytes
TIME_NOTICE, TIME_MOST = 10, 60  # seconds


def database(facts: Facts, _now: datetime) -> Verdict:
    """It answers."""
    records = facts.house.records
    if isinstance(records, Trouble):
        return verdict("silent")
    return verdict("ok", kind="SQLite" if records.sqlite else "PostgreSQL")


def durable(facts: Facts, _now: datetime) -> Verdict:
    """What was committed survives a loss of power: our 200 to Meta promises that."""
    records = facts.house.records
    if isinstance(records, Trouble):
        return unchecked(UNKNOWN)
    if records.sqlite:
        return verdict("ok" if records.synced in SQLITE_FULL else "sqlite", synced=records.synced)
    return verdict("ok" if records.synced != POSTGRES_OFF else "postgres", synced=records.synced)


def migrations(facts: Facts, _now: datetime) -> Verdict:
    """The tables are as this program expects them."""
    records = facts.house.records
    if isinstance(records, Trouble):
        return unchecked(UNKNOWN)
    if records.revision is None:
        return verdict("never", head=records.head)
    case = "ok" if records.revision == records.head else "differs"
    return verdict(case, revision=records.revision, head=records.head)


def worker(facts: Facts, _now: datetime) -> Verdict:
    """A worker lives."""
    records = facts.house.records
    if isinstance(records, Trouble):
        return unchecked(UNKNOWN)
    return verdict("silent" if "worker" in records.silent_roles else "ok")


def clock_process(facts: Facts, now: datetime) -> Verdict:
    """A clock lives, and one leads."""
    records = facts.house.records
    if isinstance(records, Trouble):
        return unchecked(UNKNOWN)
    if "clock" in records.silent_roles:
        return verdict("silent")
    return verdict("ok" if records.led_until is not None and records.led_until > now else "nobody_leads")


def clock_time(facts: Facts, _now: datetime) -> Verdict:
    """This machine's time is Meta's, as far as Meta's answers tell it."""
    ahead = facts.meta.wire.ahead
    if ahead is None:
        return unchecked("no answer of Meta’s told its time")
    off = abs(ahead)
    if off <= TIME_NOTICE:
        return verdict("ok", seconds=f"{off:.0f}")
    direction = "ahead of" if ahead > 0 else "behind"
    return verdict("wrong" if off > TIME_MOST else "drifts", seconds=f"{off:.0f}", direction=direction)


def disk(facts: Facts, _now: datetime) -> Verdict:
    """There is room for the SQLite file to grow."""
    free = facts.house.disk_free
    if free is None:
        return verdict("elsewhere")
    shown = f"{free / MEGABYTE:,.0f}"
    if free < DISK_LEAST:
        return verdict("full", megabytes=shown)
    return verdict("ok" if free >= DISK_NOTICE else "filling", megabytes=shown)


def mail(facts: Facts, _now: datetime) -> Verdict:
    """Letters can leave. What a mail server then does with them it does not tell."""
    if facts.house.mail is None:
        return verdict("none")
    return verdict("refused", why=facts.house.mail) if facts.house.mail else verdict("ok")


def alert_channels(facts: Facts, _now: datetime) -> Verdict:
    """Somebody is told of incidents, and every entry can be used."""
    usable, problems = facts.house.channels
    if problems:
        return verdict("unusable", problem=problems[0])
    return verdict("ok", many=usable) if usable else verdict("none")


def credential_keys(facts: Facts, _now: datetime) -> Verdict:
    """Whoever keeps our master keys gives them out, so that a process can start."""
    keys = facts.house.keys
    for place, key in enumerate(keys, start=1):
        if key.why:
            return verdict("refused", place=place, keeper=key.keeper, why=key.why, fix=key.fix)
    return verdict("ok", kept="; ".join(f"key {place}: {key.keeper}" for place, key in enumerate(keys, start=1)))
