"""What an error says of itself: numbers, never words of Meta's, never the request."""

import pytest

from app.meta.errors import (
    AlreadyDone,
    MetaBusy,
    MetaError,
    MetaRefused,
    MetaUnreachable,
    PermissionMissing,
    TokenDead,
)


def test_all_of_them_are_meta_errors_and_only_waiting_helps_two() -> None:
    kinds = [MetaBusy, TokenDead, PermissionMissing, AlreadyDone, MetaRefused]
    assert all(issubclass(kind, MetaError) for kind in [*kinds, MetaUnreachable])
    assert {kind for kind in kinds if kind.retryable} == {MetaBusy}
    assert MetaUnreachable.retryable is True


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (MetaRefused(), "Meta refused the request"),
        (MetaRefused(status=400), "Meta refused the request (HTTP 400)"),
        (MetaRefused(code=133005, status=400), "Meta refused the request (error 133005, HTTP 400)"),
        (
            TokenDead(code=190, subcode=463, status=401, trace_id="AbC"),
            "Meta no longer accepts this token (error 190/463, HTTP 401, trace AbC)",
        ),
        (PermissionMissing(code=10), "This token may not do that (error 10)"),
        (AlreadyDone(code=2593107), "Meta says this has been done before (error 2593107)"),
        (MetaBusy(retry_after=60, code=2, status=503), "Meta asks us to come back later (error 2, HTTP 503)"),
        (MetaUnreachable(request_written=False), "Meta could not be reached, nothing was sent"),
        (
            MetaUnreachable(request_written=True, status=502),
            "Meta could not be reached (HTTP 502), outcome unknown",
        ),
    ],
)
def test_its_text_names_numbers_only(error: MetaError, text: str) -> None:
    assert str(error) == text


def test_metas_words_are_attributes_and_not_text() -> None:
    error = MetaRefused(details="a detail", user_title="a title", user_msg="a message", is_transient=False)
    assert (error.details, error.user_title, error.user_msg) == ("a detail", "a title", "a message")
    assert str(error) == repr(str(error)).strip("'") == "Meta refused the request"
