"""One call of the Graph API, watched: what was asked, what came back, how long it took, what it meant."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import requests
import urllib3

from app.kit import clock
from app.kit.secret import Secret
from app.meta import verdicts
from app.meta.bodies import read_body
from app.meta.errors import MetaError, MetaUnreachable
from app.meta.limits import percent_used
from app.meta.redaction import shown_reply, shown_request, without_secrets
from app.meta.wire import was_written

T = TypeVar("T")
Sink = Callable[["Call"], None]


@dataclass(frozen=True)
class Call:
    """What is kept of one call. Nothing in it is secret; `path` has neither version nor query.

    `status` is None when no answer came, `reply` when it was no JSON object. `took_ms` is wall time on our side.
    `version` is the one Meta says it served with, `dated_at` its own clock, to the second; None when it says neither.
    `used` is how many percent of the hour's calls about this account are used up, as far as Meta says.
    """

    at: datetime
    method: str
    path: str
    request: dict[str, Any]
    status: int | None
    reply: dict[str, Any] | None
    trace_id: str | None
    took_ms: int
    error: str | None
    version: str | None = None
    dated_at: datetime | None = None
    used: int | None = None


class Watch:
    """A call under way. `run` performs it and tells the sinks once; `read` turns the answer into a dict or an error."""

    def __init__(
        self,
        method: str,
        path: str,
        request: Mapping[str, Any],
        *,
        secrets: Iterable[Secret],
        sinks: tuple[Sink, ...],
        longest: float,
    ) -> None:
        self._method = method
        self._path = path
        self._secrets = tuple(secrets)
        self._request = shown_request(request, self._secrets)
        self._sinks = sinks
        self._longest = longest
        self._status: int | None = None
        self._reply: dict[str, Any] | None = None
        self._trace_id: str | None = None
        self._version: str | None = None
        self._dated_at: datetime | None = None
        self._used: int | None = None

    def run(self, send: Callable[[], T]) -> T:
        """Do `send`, which must hand its response to `read`; raise what went wrong as a MetaError.

        An error of the HTTP library is never chained to ours: its text holds the address with its query.
        """
        self._at, started = clock.now(), clock.monotonic()
        failure: MetaError
        try:
            result = send()
        except MetaError as error:
            failure = error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            failure = MetaUnreachable(request_written=was_written(error), status=self._status, trace_id=self._trace_id)
        else:
            self._tell(started, None)
            return result
        self._tell(started, failure)
        raise failure

    def read(self, response: requests.Response) -> dict[str, Any]:
        """The JSON object of an answer that holds no error."""
        self._status = response.status_code
        self._trace_id = response.headers.get("x-fb-trace-id")
        self._version = response.headers.get("facebook-api-version")
        self._dated_at = _moment_of(response.headers.get("date"))
        self._used = percent_used(response.headers)
        reply = read_body(response, longest=self._longest)
        if reply is None:
            raise verdicts.error_without_envelope(self._status, response.headers) or self.not_understood()
        self._reply = reply
        error = verdicts.error_in(self._status, reply, response.headers)
        if error is None and self._status >= 300:
            error = verdicts.error_without_envelope(self._status, response.headers)
        if error is not None:
            self._trace_id = error.trace_id
            for words in ("details", "user_title", "user_msg"):
                setattr(error, words, without_secrets(getattr(error, words), self._secrets))
            raise error
        return reply

    def not_understood(self) -> MetaUnreachable:
        """The error for a 2xx whose body is not what Meta promises: it may have acted, we cannot tell."""
        return MetaUnreachable(request_written=True, status=self._status, trace_id=self._trace_id)

    def _tell(self, started: float, error: MetaError | None) -> None:
        call = Call(
            at=self._at,
            method=self._method,
            path=self._path,
            request=self._request,
            status=self._status,
            reply=None if self._reply is None else shown_reply(self._reply, self._secrets),
            trace_id=self._trace_id,
            took_ms=round((clock.monotonic() - started) * 1000),
            error=None if error is None else str(error),
            version=self._version,
            dated_at=self._dated_at,
            used=self._used,
        )
        for sink in self._sinks:
            sink(call)


def _moment_of(date: str | None) -> datetime | None:
    """A `Date` header as an aware time; None when it is missing, of another form, or of no zone."""
    try:
        moment = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else None
