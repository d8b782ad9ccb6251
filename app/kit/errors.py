"""What may go wrong, by meaning. `app/web/errors.py` alone turns these into HTTP.

AppError
├── InvalidInput   422  what arrived breaks a rule; names each field and its rule
├── NotFound       404  it is not there, or not yours: the two look the same from outside
├── NotAllowed     401/403  who you are does not permit this
├── Conflict       409  it clashes with what is already so
├── TooLarge       413  the body is longer than this door takes
├── TooMany        429  slow down; says for how long
└── Unavailable    503  a part we need is down; nothing was changed

No text here may hold a secret, a code, a signature or a request body: they are shown and logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One broken rule of one field: `field` is a dotted path (`contact.email`), `rule` a sentence."""

    field: str
    rule: str


class AppError(Exception):
    """Base of all errors that have a meaning for the one who asked."""

    status = 500
    code = "error"
    title = "Something went wrong"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code


class InvalidInput(AppError):
    status = 422
    code = "invalid_input"
    title = "Some of this cannot be accepted"

    def __init__(self, faults: Sequence[Fault], *, code: str | None = None) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.rule}" for fault in faults), code=code)
        self.faults = tuple(faults)


class NotFound(AppError):
    status = 404
    code = "not_found"
    title = "Not found"


class NotAllowed(AppError):
    """401 while nobody is known, 403 when somebody is known but may not."""

    status = 403
    code = "not_allowed"
    title = "Not allowed"

    def __init__(self, detail: str, *, code: str | None = None, known: bool = True) -> None:
        super().__init__(detail, code=code)
        self.status = 403 if known else 401


class Conflict(AppError):
    status = 409
    code = "conflict"
    title = "This clashes with what is already so"


class TooLarge(AppError):
    status = 413
    code = "too_large"
    title = "Too large"


class TooMany(AppError):
    status = 429
    code = "too_many"
    title = "Too many requests"

    def __init__(self, detail: str, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class Unavailable(AppError):
    status = 503
    code = "unavailable"
    title = "Not available just now"
