"""How long Meta asks us to wait, read from the headers of its answer.

Meta's page: "Graph API rate limits": `X-Business-Use-Case-Usage` maps an account or business to a list of
`{"type", "call_count", "total_cputime", "total_time", "estimated_time_to_regain_access"}`; the last one is in minutes.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST_WAIT = 24 * 60 * 60


def seconds_to_wait(headers: Mapping[str, str]) -> int | None:
    """Seconds until Meta takes calls again: the larger of `Retry-After` and the usage header; None if neither says."""
    waits = [*_from_retry_after(headers.get("retry-after")), *_from_usage(headers.get("x-business-use-case-usage"))]
    return min(max(waits), LONGEST_WAIT) if waits else None


def percent_used(headers: Mapping[str, str]) -> int | None:
    """How much of what Meta grants about an account or business is used up, by the fullest of its counts."""
    counts = [
        count
        for entry in _usage(headers.get("x-business-use-case-usage"))
        for name in ("call_count", "total_cputime", "total_time")
        if isinstance(count := entry.get(name), int)
    ]
    return max(counts, default=None)


def _from_retry_after(value: str | None) -> Iterator[int]:
    # Meta sends seconds. The date form of HTTP would need a clock we share with Meta, so it counts as not said.
    if value is not None and value.isascii() and value.isdecimal():
        yield int(value[:9])


def _usage(value: str | None) -> Iterator[Mapping[str, Any]]:
    if value is None:
        return
    try:
        usage = json.loads(value)
    except ValueError:
        return
    yield from _entries(usage)


def _from_usage(value: str | None) -> Iterator[int]:
    for entry in _usage(value):
        minutes = entry.get("estimated_time_to_regain_access")
        if isinstance(minutes, int) and minutes > 0:
            yield minutes * 60


def _entries(usage: object) -> Iterator[Mapping[str, Any]]:
    lists = usage.values() if isinstance(usage, Mapping) else ()
    for entries in lists:
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, Mapping):
                yield entry
