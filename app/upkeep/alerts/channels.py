"""Channels: where incidents are told, and which of them each one wants.

    warning=mail:ops@partner.example  critical,token_dead=slack://…  jsons://hooks.partner.example/gangway

In front of an address stand severities (that one and worse) or kinds; nothing in front means warning. `mail:` goes by
`MAIL_URL`; everything else is an address of Apprise. An address may hold a password, so a channel shows its kind and
host only, and rows name it by a digest.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import apprise

from app.incidents.kinds import KINDS, SEVERITIES, height
from app.kit.secret import Secret
from config import Settings

_WANTS: Final = re.compile(r"([a-z_,]+)=(.+)", re.DOTALL)
USUAL: Final = "warning"
BY_MAIL: Final = "mail:"


class ChannelRefused(Exception):
    """An entry of ALERT_URLS cannot be used; the text names its place and the rule, never the address."""


@dataclass(frozen=True)
class Channel:
    """One channel: `key` names it in rows, `label` for people. It wants `kinds`, and everything from `severity` on."""

    key: str
    label: str
    address: Secret
    severity: str | None
    kinds: frozenset[str]

    @property
    def mail_to(self) -> str | None:
        """The e-mail address of a channel that is one."""
        text = self.address.reveal()
        return text.removeprefix(BY_MAIL) if text.startswith(BY_MAIL) else None

    @property
    def wants(self) -> str:
        """In words: what this channel is told."""
        parts = ([f"{self.severity} and worse"] if self.severity else []) + sorted(self.kinds)
        return ", ".join(parts)

    def is_for(self, kind: str, severity: str) -> bool:
        return kind in self.kinds or (self.severity is not None and height(severity) >= height(self.severity))


@dataclass(frozen=True)
class Channels:
    """The channels that can be used, and what is wrong with the other entries, in words without their addresses."""

    usable: tuple[Channel, ...]
    problems: tuple[str, ...]


def channels_in(settings: Settings) -> Channels:
    """The channels of `ALERT_URLS`. One that is mistyped must not silence the others."""
    return read_channels([Secret(value) for value in settings.alert_urls])


def read_channels(entries: Sequence[Secret]) -> Channels:
    """What the entries come to, in their order."""
    usable, problems = [], []
    for place, entry in enumerate(entries, start=1):
        try:
            usable.append(_channel(place, entry.reveal()))
        except ChannelRefused as refused:
            problems.append(str(refused))
    return Channels(tuple(usable), tuple(problems))


def _channel(place: int, entry: str) -> Channel:
    found = _WANTS.fullmatch(entry)
    words = frozenset(found.group(1).split(",")) if found else frozenset({USUAL})
    address = found.group(2) if found else entry
    unknown = sorted(words - set(SEVERITIES) - set(KINDS))
    if unknown:
        raise ChannelRefused(f"entry {place}: {unknown[0]} is neither a severity nor a kind of incident")
    if not _can_be_used(address):
        raise ChannelRefused(f"entry {place}: this is no address that can be told anything")
    severities = sorted(words & set(SEVERITIES), key=height)
    return Channel(
        key=hashlib.sha256(address.encode()).hexdigest()[:16],
        label=_label(address),
        address=Secret(address),
        severity=severities[0] if severities else None,
        kinds=words & set(KINDS),
    )


def _can_be_used(address: str) -> bool:
    if address.startswith(BY_MAIL):
        return re.fullmatch(r"[^@\s,]+@[^@\s,]+", address.removeprefix(BY_MAIL)) is not None
    return apprise.Apprise.instantiate(address, suppress_exceptions=True) is not None


def _label(address: str) -> str:
    if address.startswith(BY_MAIL):
        return f"mail to {address.removeprefix(BY_MAIL)}"
    parts = urlsplit(address)
    host = parts.hostname or ""
    # In many services' addresses the place of a host holds a token.
    return f"{parts.scheme} {host}" if "." in host or host in {"localhost"} else parts.scheme
