"""What this installation tells of itself: its public door, its database and processes, the room on its disk."""

import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
import urllib3
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.credentials import key_service
from app.credentials.models import Credential
from app.credentials.refusals import KeyServiceRefused, Refusal, keeper_in_words
from app.db import Database
from app.kit.ids import unguessable
from app.mail.jobs import server_of
from app.mail.sending import NotSent
from app.runtime import Runtime
from app.upkeep.alerts.channels import channels_in
from app.upkeep.doctor import challenge
from app.upkeep.doctor.facts import ClientToken, Door, FromHouse, KeptKey, ProvenRenewal, Records, Trouble
from app.upkeep.doctor.verdicts import shown_address
from app.upkeep.tokens.proving import find_proven
from app.upkeep.tokens.words import try_in_words
from app.work.beats import silent_roles
from app.work.leadership import led_until
from config import Settings

PATIENCE = (3.05, 4.0)  # seconds to connect, to answer
LARGEST = 1024
# Outcomes that say nothing of the way: Meta was busy or silent, or our own token was dead.
PASSING = frozenset({"busy", "lost", "ours_dead"})
ROLES = ("worker", "clock")
OF_SQLITE = {"0": "OFF", "1": "NORMAL", "2": "FULL", "3": "EXTRA"}
SILENT_KEEPER = KeptKey("AWS KMS", Refusal.AWAY.why, Refusal.AWAY.fix)
NEWEST_MIGRATION = Path(__file__).resolve().parents[3] / "migrations/.current-head"


def questions_for(rt: Runtime, *, now: datetime) -> Mapping[str, Callable[[], Any]]:
    """Every question about this installation by its name."""
    return {
        "door": lambda: knock(rt.settings),
        "records": lambda: _read_records(rt.db, now=now),
        "disk_free": lambda: _disk_free(rt.db),
        "mail": lambda: _mail(rt.settings),
        "channels": lambda: _channels(rt.settings),
        "keys": lambda: _keys(rt.settings),
    }


def read_answers(answers: Mapping[str, Any]) -> FromHouse:
    """The answers as facts. A door that says nothing in time is silent like one that is not there."""
    door, records, disk_free = answers["door"], answers["records"], answers["disk_free"]
    return FromHouse(
        door=Door("silent", "there was no answer in time") if isinstance(door, Trouble) else door,
        records=records,
        disk_free=None if isinstance(disk_free, Trouble) else disk_free,
        mail="it gave no answer in time" if isinstance(answers["mail"], Trouble) else answers["mail"],
        channels=answers["channels"],
        keys=(SILENT_KEEPER,) if isinstance(answers["keys"], Trouble) else answers["keys"],
    )


def _mail(settings: Settings) -> str | None:
    """Sign in at the mail server and leave again; see `FromHouse.mail`."""
    server = server_of(settings)
    if server is None:
        return None
    try:
        server.knock()
    except NotSent as refused:
        return str(refused)
    return ""


def _channels(settings: Settings) -> tuple[int, tuple[str, ...]]:
    """Nobody is told anything; an entry is only read."""
    found = channels_in(settings)
    return len(found.usable), found.problems


def _keys(settings: Settings) -> tuple[KeptKey, ...]:
    """Whoever keeps a key is asked for it again: what is in memory here does not tell if another could start."""
    found = []
    for key in settings.credential_keys:
        entry = key_service.read_entry(key.get_secret_value())
        keeper, why, fix = keeper_in_words("" if entry is None else entry.key), "", ""
        try:
            if entry is not None:
                key_service.open_entry(entry)
        except KeyServiceRefused as refused:
            why, fix = refused.refusal.why, refused.refusal.fix
        found.append(KeptKey(keeper, why, fix))
    return tuple(found)


def knock(settings: Settings) -> Door:
    """Call our own callback address as Meta does, and see who answers. Meta follows no redirect, so we follow none."""
    nonce = unguessable()
    params = {"hub.mode": challenge.MODE, "hub.challenge": nonce}
    with requests.Session() as session:
        session.trust_env = not settings.is_loopback
        session.headers["User-Agent"] = "Gangway"
        try:
            with session.get(
                settings.callback_url, params=params, timeout=PATIENCE, allow_redirects=False, stream=True
            ) as answer:
                told = answer.raw.read(LARGEST, decode_content=True).decode("utf-8", "replace").strip()
        except (requests.RequestException, urllib3.exceptions.HTTPError) as lost:
            return Door("silent", _why(lost))
    if 300 <= answer.status_code < 400:
        return Door("redirect", shown_address(answer.headers.get("Location", "")))
    if answer.status_code != 200:
        return Door("status", str(answer.status_code))
    return Door(challenge.read_answer(settings, nonce, told))


def _why(lost: Exception) -> str:
    """The reason in words; the library's own text repeats the address."""
    kinds = (
        (requests.exceptions.SSLError, "its certificate is not valid"),
        (requests.exceptions.ConnectTimeout, "nobody took the call in time"),
        (requests.exceptions.Timeout, "there was no answer in time"),
        (requests.exceptions.ConnectionError, "no connection could be made"),
    )
    return next((words for kind, words in kinds if isinstance(lost, kind)), "the answer could not be read")


def _read_records(db: Database, *, now: datetime) -> Records | Trouble:
    try:
        with db.read() as session:
            synced = str(session.scalar(text("PRAGMA synchronous" if db.is_sqlite else "SHOW synchronous_commit")))
            revision, head = _revision(session), NEWEST_MIGRATION.read_text().strip()
            # Tables of another time may lack what the rest asks for.
            known = revision == head
            return Records(
                sqlite=db.is_sqlite,
                synced=OF_SQLITE.get(synced, synced) if db.is_sqlite else synced,
                revision=revision,
                head=head,
                silent_roles=frozenset(silent_roles(session, ROLES, now=now)) if known else frozenset(ROLES),
                led_until=led_until(session, "clock") if known else None,
                newest_token=_newest_token(session) if known else None,
                proven=_proven(session) if known else None,
            )
    except SQLAlchemyError:
        return Trouble("silent")


def _revision(session: Session) -> str | None:
    """Where the last migration left the tables; None where none ever ran."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    version: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _newest_token(session: Session) -> ClientToken | None:
    """The last client's token that Meta has told us the end of."""
    row = session.execute(
        select(Credential.created_at, Credential.expires_at)
        .where(Credential.kind == "business_token", Credential.inspected_at.is_not(None))
        .order_by(Credential.created_at.desc(), Credential.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else ClientToken(row.created_at, row.expires_at)


def _proven(session: Session) -> ProvenRenewal | None:
    """The last renewal somebody asked the doctor for, in words."""
    found = find_proven(session)
    if found is None:
        return None
    said = " ".join(try_in_words(*one) for one in found.outcomes)
    worked_by = next((way for way, outcome, _, _ in found.outcomes if outcome == "renewed"), None)
    waits = any(outcome in PASSING for _, outcome, _, _ in found.outcomes)
    return ProvenRenewal(found.at, found.client_name, worked_by, said, waits, found.new_end)


def _disk_free(db: Database) -> int | None:
    """Bytes left where the SQLite file lies."""
    return shutil.disk_usage(Path(str(db.url.database)).parent).free if db.is_sqlite else None
