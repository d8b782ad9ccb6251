"""Connections to Meta: a pool shared by all threads, one repeat for lost reads, and whether a request went out."""

import ssl
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError, ReadTimeoutError
from urllib3.util.retry import Retry

if TYPE_CHECKING:
    from urllib3.connectionpool import ConnectionPool
    from urllib3.response import BaseHTTPResponse

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class OneMoreGet(Retry):
    """Repeats a GET once when its connection could not be made or broke. Never a POST, never for a status or silence.

    Repeating of business steps belongs to the worker, which looks before it acts. A read that timed out has cost its
    full time already.
    """

    @classmethod
    def allowed(cls) -> "OneMoreGet":
        return cls(
            total=1,
            status=0,
            redirect=0,
            other=0,
            allowed_methods={"GET"},
            backoff_factor=0,
            respect_retry_after_header=False,
        )

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: "BaseHTTPResponse | None" = None,
        error: Exception | None = None,
        _pool: "ConnectionPool | None" = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        if error is not None and (method != "GET" or isinstance(error, ReadTimeoutError)):
            raise MaxRetryError(_pool, url, error)  # type: ignore[arg-type]
        return super().increment(method, url, response, error, _pool, _stacktrace)


def new_adapter(pool: int) -> HTTPAdapter:
    """A pool that keeps up to `pool` connections per host open; more callers than that get connections of their own."""
    return HTTPAdapter(pool_connections=4, pool_maxsize=pool, max_retries=OneMoreGet.allowed())


def outfit(session: requests.Session, adapter: HTTPAdapter, base_url: str) -> None:
    """Prepare any `requests.Session` for Meta: our pool, no cookies, no proxy in front of a loopback address."""
    session.mount(base_url, adapter)
    session.headers.update({"User-Agent": "Gangway", "Accept": "application/json"})
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.trust_env = urlsplit(base_url).hostname not in LOOPBACK


def was_written(error: Exception) -> bool:
    """Whether Meta may have received the request. False only where we know that no byte of it left."""
    reason = _root(error)
    if isinstance(reason, NewConnectionError | ConnectTimeoutError | ProxyError):
        return False
    return not (reason.args and isinstance(reason.args[0], ssl.SSLCertVerificationError))


def _root(error: Exception) -> Exception:
    """The first cause inside the wrappers of requests and urllib3."""
    while True:
        inner = error.reason if isinstance(error, MaxRetryError) else (error.args or (None,))[0]
        if not isinstance(inner, requests.RequestException | urllib3.exceptions.HTTPError):
            return error
        error = inner
