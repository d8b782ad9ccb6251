"""The list of calls: Graph calls in, webhooks out, and what happened in signup windows, newest first."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from sandbox.calls import Entry, cut_secrets
from sandbox.dialog.desk import Desk, Note
from sandbox.runtime import Runtime
from sandbox.webhooks.deliveries import Delivery

SHOWN = 80


class Kind(StrEnum):
    """The filters above the list."""

    ALL = "all"
    GRAPH = "graph"
    WEBHOOKS = "webhooks"
    POPUP = "popup"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``tone`` is ok, wait, act or stop; ``took_ms`` is known for Graph calls alone."""

    key: str
    at: float
    method: str
    what: str
    answer: str
    tone: str
    took_ms: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The row as the page's script gets it."""
        return {
            "key": self.key,
            "at": self.at,
            "method": self.method,
            "what": self.what,
            "answer": self.answer,
            "tone": self.tone,
            "ms": None if self.took_ms is None else round(self.took_ms),
        }


def list_rows(runtime: Runtime, desk: Desk, kind: Kind) -> tuple[list[Row], int]:
    """The newest rows of a kind, and how many there are of it altogether."""
    entries = runtime.calls.list() if kind in (Kind.ALL, Kind.GRAPH) else []
    deliveries = runtime.courier.list_recent() if kind in (Kind.ALL, Kind.WEBHOOKS) else []
    notes = desk.list_notes(runtime.world) if kind in (Kind.ALL, Kind.POPUP) else []
    rows: list[Row] = [
        *map(_from_entry, _last(entries)),
        *(_from_delivery(delivery, runtime.world.now()) for delivery in _last(deliveries)),
        *map(_from_note, _last(notes)),
    ]
    rows.sort(key=lambda row: row.at, reverse=True)
    return rows[:SHOWN], len(entries) + len(deliveries) + len(notes)


def find_detail(runtime: Runtime, desk: Desk, key: str) -> str | None:
    """What is behind a row, as text. Secrets are cut; ``None`` for a row that is gone."""
    kind, serial = key[:1], key[1:]
    if not serial.isdigit():
        return None
    number = int(serial)
    if kind == "g":
        entry = next((entry for entry in runtime.calls.list(since=number - 1) if entry.id == number), None)
        return None if entry is None else _explain_entry(entry)
    if kind == "w":
        sent = next((delivery for delivery in runtime.courier.list_recent() if delivery.id == number), None)
        return None if sent is None else _explain_delivery(sent)
    note = next((note for note in desk.list_notes(runtime.world) if note.id == number), None)
    return None if note is None else note.detail


def _last(items: list[Any]) -> Iterable[Any]:
    return islice(reversed(items), SHOWN)


def _from_entry(entry: Entry) -> Row:
    if entry.status is None:
        answer, tone = "cut off", "stop"
    else:
        answer, tone = str(entry.status), _tone_of(entry.status)
    fields = entry.params.get("fields")
    what = f"{entry.path}?fields={fields}" if isinstance(fields, str) else entry.path
    return Row(f"g{entry.id}", entry.at, entry.method, what, answer, tone, entry.took_ms)


def _from_delivery(delivery: Delivery, now: float) -> Row:
    status = delivery.last_status
    if delivery.state == "waiting" and delivery.attempts == 0:
        answer, tone = "waiting", "wait"
    elif delivery.state == "dropped":
        answer, tone = "no taker", "wait"
    elif status is None:
        answer, tone = "no answer", "stop"
    else:
        answer, tone = str(status), _tone_of(status)
    # What is due a moment from now stands at the top, not in the future.
    return Row(f"w{delivery.id}", min(delivery.since, now), "OUT", _name_notice(delivery), answer, tone)


def _from_note(note: Note) -> Row:
    return Row(f"p{note.id}", note.at, "POPUP", note.what, note.answer, note.tone)


def _tone_of(status: int) -> str:
    if status < 400:
        return "ok"
    return "act" if status < 500 else "stop"


def _name_notice(delivery: Delivery) -> str:
    notice = delivery.notice
    for kind, key in (("messages", "type"), ("statuses", "status")):
        items = notice.value.get(kind)
        if isinstance(items, list) and items and isinstance(items[0], dict):
            word = "message" if kind == "messages" else "status"
            return f"{word} {items[0].get(key, '')}"
    event = notice.value.get("event") or notice.value.get("decision")
    return f"{notice.field} {event}" if isinstance(event, str) else notice.field


def _explain_entry(entry: Entry) -> str:
    lines = [f"Token: {entry.token_kind or 'none'}", f"Effect: {entry.effect or 'none'}", "", _pretty(entry.params)]
    answer = "connection cut" if entry.status is None else str(entry.status)
    return "\n".join([*lines, "", answer, _pretty(entry.reply)])


def _explain_delivery(delivery: Delivery) -> str:
    lines = [
        f"To: {delivery.last_address or 'nobody yet'}",
        f"Attempts: {delivery.attempts}, {delivery.state.replace('_', ' ')}",
        f"Signature: {delivery.signature}",
    ]
    return "\n".join([*lines, "", _pretty(json.loads(delivery.body))])


def _pretty(value: Any) -> str:
    return json.dumps(cut_secrets(value), indent=1, ensure_ascii=False)
