"""The wire to the Graph API: one place that adds version, token, proof and time limits, and keeps a record.

Every call with a token carries `appsecret_proof` made with the newest app secret (Meta's page "Secure Graph API
calls"). The token travels in the `Authorization` header, never in an address.
"""

import copy
import json as jsonlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Self

import requests
from requests.auth import AuthBase

from app.kit.secret import Secret
from app.kit.signing import appsecret_proof
from app.meta.calls import Call, Sink, Watch
from app.meta.errors import MetaError, TokenDead
from app.meta.redaction import secrets_in, silence_addresses
from app.meta.wire import new_adapter, outfit

__all__ = ["Call", "Gate", "Graph"]

# One node and at most one edge: an id that came from outside can never reach another path.
_PATH = re.compile(r"/[A-Za-z0-9_]+(?:/[a-z_]+)?")
_VISIBLE = re.compile(r"[\x21-\x7e]+")

Gate = Callable[[], AbstractContextManager[None]]

# (connect, read) in seconds.
TIMEOUT = (3.05, 20.0)
# One try of a call ends after at most so many seconds: its body must be complete within their sum as well.
LONGEST_TRY = 2 * sum(TIMEOUT)


class Graph:
    """Calls of one app. Safe to share between threads; `recording` gives a clone that shares the connections.

    `timeout` is (connect, read) in seconds. A body must be complete within their sum, so one try of a call ends after
    at most twice that; a GET whose connection broke is tried once more.
    """

    def __init__(
        self,
        *,
        base_url: str,
        version: str,
        app_id: str,
        app_secrets: Sequence[Secret],
        timeout: tuple[float, float] = TIMEOUT,
        pool: int = 128,
    ) -> None:
        if not app_secrets:
            raise ValueError("an app has at least one secret")
        self.base_url = base_url.rstrip("/")
        self.version = version
        self.app_id = app_id
        self.app_secret = app_secrets[0]
        self.timeout = timeout
        self._adapter = new_adapter(pool)
        self._session = requests.Session()
        self.outfit(self._session)
        self._proves = True
        self._sinks: tuple[Sink, ...] = ()
        self._gate: Gate = nullcontext
        self._hear_dead: Callable[[TokenDead], None] | None = None
        silence_addresses()

    def recording(self, sink: Callable[[Call], None]) -> Self:
        """A clone that also tells `sink` about every call, failed ones included, in the thread that made it."""
        clone = copy.copy(self)
        clone._sinks = (*self._sinks, sink)
        return clone

    def paced(self, gate: Gate) -> Self:
        """A clone that makes every call inside of `gate()`, which may let it wait; shares the connections."""
        clone = copy.copy(self)
        clone._gate = gate
        return clone

    def hearing(self, hear_dead: Callable[[TokenDead], None]) -> Self:
        """A clone that tells `hear_dead` of every call whose token Meta takes no more, before the caller hears of it.

        Clones of the clone tell it as well, so that whoever calls, and however, nobody can forget to.
        """
        clone = copy.copy(self)
        clone._hear_dead = hear_dead
        return clone

    def variant(self, *, timeout: tuple[float, float] | None = None, proves: bool = True) -> Self:
        """A clone with other time limits, or one that leaves the proof out to see whether Meta asks for it.

        It shares the connections.
        """
        clone = copy.copy(self)
        clone.timeout = timeout or self.timeout
        clone._proves = proves
        return clone

    def call(
        self,
        method: str,
        path: str,
        *,
        token: Secret | None,
        params: Mapping[str, Any] | None = None,
        form: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Meta's JSON object, or a `MetaError`. A `Secret` among the values is opened on the wire only.

        In `params` and `form`, lists and mappings travel as JSON, as Graph wants them.
        """
        watch = self.watch(method, path, {**(params or {}), **(form or {}), **(json or {})}, token)
        query = {name: _flat(value) for name, value in (params or {}).items()}
        if token is not None and self._proves:
            query["appsecret_proof"] = appsecret_proof(self.app_secret, token)
        auth = _Bearer(token)

        def send() -> dict[str, Any]:
            response = self._session.request(
                method,
                self.address(path),
                params=query,
                data=None if form is None else {name: _flat(value) for name, value in form.items()},
                json=None if json is None else _opened(json),
                auth=auth,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
            )
            return watch.read(response)

        try:
            with self._gate():
                return watch.run(send)
        except MetaError as failure:
            failure.token = token
            if isinstance(failure, TokenDead) and token is not None and self._hear_dead is not None:
                self._hear_dead(failure)
            raise

    def watch(self, method: str, path: str, request: Mapping[str, Any], token: Secret | None = None) -> Watch:
        """A record of one call, for those who bring their own session (the code exchange)."""
        if not _PATH.fullmatch(path):
            raise ValueError("a Graph path is one node and at most one edge")
        return Watch(
            method,
            path,
            request,
            secrets=[self.app_secret, *secrets_in(request), *([token] if token else [])],
            sinks=self._sinks,
            longest=sum(self.timeout),
        )

    def address(self, path: str) -> str:
        return f"{self.base_url}/{self.version}{path}"

    def outfit(self, session: requests.Session) -> None:
        """Give `session` our connections and manners."""
        outfit(session, self._adapter, self.base_url)


class _Bearer(AuthBase):
    """Sets the header itself; having any `auth` also keeps requests from looking for a password in ~/.netrc."""

    def __init__(self, token: Secret | None) -> None:
        # http.client would quote a header it dislikes in its error text.
        if token is not None and not _VISIBLE.fullmatch(token.reveal()):
            raise ValueError("a token holds visible ASCII characters only")
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request


def _flat(value: Any) -> str:
    """A value as one text for a query or a form."""
    opened = _opened(value)
    return opened if isinstance(opened, str) else jsonlib.dumps(opened, separators=(",", ":"))


def _opened(value: Any) -> Any:
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Mapping):
        return {key: _opened(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_opened(item) for item in value]
    return value
