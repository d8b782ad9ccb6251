"""What may go wrong with a Graph call, by meaning. `verdicts.py` decides which one an answer is.

MetaError           .retryable .code .subcode .trace_id .status .details .user_title .user_msg .is_transient
├── MetaUnreachable     no answer we can read; `.request_written` says whether Meta may have acted nevertheless
├── MetaBusy            Meta asks us to come back: outage, maintenance, rate limit; `.retry_after` seconds if it said
├── TokenDead           this token (and only this one) is expired, revoked or malformed
├── PermissionMissing   the token lives but may not do this, or does not see the object
├── AlreadyDone         what we asked for has been done before
└── MetaRefused         everything else: repeating the same request gives the same answer

The text of an error names numbers only. Meta's own words are in `details`, `user_title` and `user_msg`, with the
secrets of the call cut out: they are for staff, never for logs.
"""

from app.kit.secret import Secret


class MetaError(Exception):
    """Base of all errors of `app.meta`. `code` and `subcode` are Meta's, None when the answer held no envelope.

    `retry_after` is in seconds; only `MetaBusy` ever has one.
    """

    retryable = False
    meaning = "Meta gave an error"
    token: Secret | None = None
    """The token the call was made with: which one is dead matters, and a call may use the client's or our own."""

    def __init__(
        self,
        *,
        code: int | None = None,
        subcode: int | None = None,
        trace_id: str | None = None,
        status: int | None = None,
        details: str | None = None,
        user_title: str | None = None,
        user_msg: str | None = None,
        is_transient: bool = False,
        retry_after: int | None = None,
    ) -> None:
        self.code = code
        self.subcode = subcode
        self.trace_id = trace_id
        self.status = status
        self.details = details
        self.user_title = user_title
        self.user_msg = user_msg
        self.is_transient = is_transient
        self.retry_after = retry_after
        super().__init__(self._text())

    def _text(self) -> str:
        numbers = []
        if self.code is not None:
            numbers.append(f"error {self.code}" + (f"/{self.subcode}" if self.subcode is not None else ""))
        if self.status is not None:
            numbers.append(f"HTTP {self.status}")
        if self.trace_id:
            numbers.append(f"trace {self.trace_id}")
        return f"{self.meaning} ({', '.join(numbers)})" if numbers else self.meaning


class MetaUnreachable(MetaError):
    """No answer, or none that can be read. With `request_written` the outcome is unknown: look before repeating."""

    retryable = True
    meaning = "Meta could not be reached"

    def __init__(self, *, request_written: bool, status: int | None = None, trace_id: str | None = None) -> None:
        self.request_written = request_written
        super().__init__(status=status, trace_id=trace_id)

    def _text(self) -> str:
        known = "outcome unknown" if self.request_written else "nothing was sent"
        return f"{super()._text()}, {known}"


class MetaBusy(MetaError):
    """Meta cannot take the request now; nothing was done. `retry_after` is None when Meta named no time."""

    retryable = True
    meaning = "Meta asks us to come back later"


class TokenDead(MetaError):
    meaning = "Meta no longer accepts this token"


class PermissionMissing(MetaError):
    meaning = "This token may not do that"


class AlreadyDone(MetaError):
    meaning = "Meta says this has been done before"


class MetaRefused(MetaError):
    meaning = "Meta refused the request"
