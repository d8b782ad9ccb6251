"""Finding the explanation of an error: the most exact row that agrees with how the error behaves."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.meta.catalogue.rows import Case, Explanation, Step, read_catalogue, read_findings
from app.meta.errors import AlreadyDone, MetaBusy, MetaError, MetaUnreachable, PermissionMissing, TokenDead
from app.meta.verdicts import Kind, kind_of

ROWS = read_catalogue()
FINDINGS = read_findings()
BY_KEY = {row.key: row for row in ROWS.values()} | FINDINGS

# From this number on, a subcode is a code of its own that Meta hangs under code 100.
CODES_OF_THEIR_OWN = 1_000_000


def explain(error: MetaError | tuple[int, int | None], step: Step | None) -> Explanation:
    """What `error`, or a bare (code, subcode) of a notification, means in `step` (None = outside the steps).

    There always is an answer: without a row for the numbers, that of the class of error.
    """
    if isinstance(error, MetaError):
        code, subcode, kind, retryable = error.code, error.subcode, _kind(error), error.retryable
    else:
        code, subcode = error
        kind = kind_of(code, subcode).value
        retryable = kind == Kind.BUSY.value
    for case in _cases(code, subcode, step):
        row = ROWS.get(case)
        # Meta may call passing what its list calls lasting, or the other way round: then a row's advice is wrong.
        if row is not None and (row.retry == "auto") == retryable:
            return row
    return ROWS.get(Case(kind=kind, step=step)) or ROWS[Case(kind=kind)]


def describe(key: str) -> Explanation:
    """The explanation kept under a key, Meta's error or finding of ours. Raises `KeyError` for a key nobody wrote."""
    return BY_KEY[key]


def tell(key: str, facts: Mapping[str, Any]) -> Explanation:
    """As `describe`, with the facts in their places. A place without a fact shows "…": a page must not fail for it."""
    words, filling = describe(key), _Filling(facts)
    return replace(words, meaning=words.meaning.format_map(filling), do=words.do.format_map(filling))


class _Filling(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"


def client_texts() -> tuple[str, ...]:
    """Every text a client may read, sorted: the message ids that the gettext catalogues must hold."""
    return tuple(sorted({text for row in BY_KEY.values() for text in (row.client_meaning, row.client_do)}))


def _cases(code: int | None, subcode: int | None, step: Step | None) -> Iterator[Case]:
    """From the most exact to the most general; a row for one step beats one for all where both fit equally."""
    if code is None:
        return
    if subcode is not None:
        if code == 100 and subcode >= CODES_OF_THEIR_OWN:
            yield from _cases(subcode, None, step)
        yield Case(code=code, subcode=subcode, step=step)
    yield Case(code=code, subcode="*", step=step)
    if subcode is not None:
        yield Case(code=code, subcode=subcode)
    yield Case(code=code, step=step)
    yield Case(code=code)


def _kind(error: MetaError) -> str:
    match error:
        case MetaUnreachable(request_written=written):
            return "outcome_unknown" if written else "not_sent"
        case MetaBusy():
            return Kind.BUSY.value
        case TokenDead():
            return Kind.TOKEN.value
        case PermissionMissing():
            return Kind.PERMISSION.value
        case AlreadyDone():
            return Kind.DONE.value
    return Kind.REFUSED.value
