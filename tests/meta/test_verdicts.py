"""Which error an answer is. Every expectation is read from Meta's error reference, by hand."""

import pytest
from requests.structures import CaseInsensitiveDict

from app.meta.errors import (
    AlreadyDone,
    MetaBusy,
    MetaError,
    MetaRefused,
    MetaUnreachable,
    PermissionMissing,
    TokenDead,
)
from app.meta.verdicts import Kind, error_in, error_without_envelope, kind_of

NOTHING: CaseInsensitiveDict[str] = CaseInsensitiveDict()

# (HTTP status, code, subcode) → what it is
AS_META_WRITES = [
    (401, 0, None, TokenDead),
    (400, 1, None, MetaRefused),
    (500, 1, None, MetaBusy),
    (503, 2, None, MetaBusy),
    (500, 3, None, PermissionMissing),
    (400, 4, None, MetaBusy),
    (403, 10, None, PermissionMissing),
    (400, 12, None, MetaRefused),
    (400, 2635, None, MetaRefused),
    (400, 33, None, MetaRefused),
    (400, 100, None, MetaRefused),
    (400, 100, 33, PermissionMissing),
    (400, 100, 36007, MetaRefused),
    (400, 100, 36008, MetaRefused),
    (400, 100, 36009, MetaRefused),
    (401, 102, None, TokenDead),
    (401, 190, None, TokenDead),
    *[(401, 190, subcode, TokenDead) for subcode in (458, 459, 460, 463, 464, 467, 492)],
    (400, 190, 460, TokenDead),
    *[(403, code, None, PermissionMissing) for code in (200, 210, 299)],
    (400, 199, None, MetaRefused),
    (400, 300, None, MetaRefused),
    (403, 368, None, MetaRefused),
    (400, 613, None, MetaBusy),
    (404, 803, None, MetaRefused),
    (400, 80007, None, MetaBusy),
    (400, 2200, None, MetaRefused),
    (400, 130429, None, MetaBusy),
    (403, 130497, None, MetaRefused),
    (500, 131000, None, MetaBusy),
    (403, 131005, None, PermissionMissing),
    (400, 131008, None, MetaRefused),
    (400, 131009, None, MetaRefused),
    (500, 131016, None, MetaBusy),
    (400, 131021, None, MetaRefused),
    (400, 131026, None, MetaRefused),
    (400, 131030, None, MetaRefused),
    (403, 131031, None, MetaRefused),
    (400, 131037, None, MetaRefused),
    (400, 131042, None, MetaRefused),
    (500, 131045, None, MetaRefused),
    (400, 131047, None, MetaRefused),
    (400, 131056, None, MetaBusy),
    (500, 131057, None, MetaBusy),
    (500, 133000, None, MetaBusy),
    (503, 133004, None, MetaBusy),
    (400, 133005, None, MetaRefused),
    (400, 133006, None, MetaRefused),
    (400, 133008, None, MetaRefused),
    (400, 133009, None, MetaRefused),
    (400, 133010, None, MetaRefused),
    (400, 133015, None, MetaBusy),
    (400, 133016, None, MetaRefused),
    (400, 134101, None, MetaBusy),
    (500, 134102, None, MetaBusy),
    (400, 136024, None, MetaRefused),
    (400, 1752041, None, AlreadyDone),
    (400, 2388001, None, MetaRefused),
    (400, 2388012, None, AlreadyDone),
    (400, 100, 2388012, AlreadyDone),
    (400, 2494100, None, MetaBusy),
    (400, 100, 2494100, MetaBusy),
    (400, 2593107, None, AlreadyDone),
    (400, 100, 2593107, AlreadyDone),
    (400, 2593108, None, MetaRefused),
    # Codes nobody has written down: the status decides.
    (401, 987654, None, TokenDead),
    (403, 987, None, PermissionMissing),
    (403, 987654, None, MetaRefused),
    (429, 987654, None, MetaBusy),
    (500, 987654, None, MetaBusy),
    (400, 987654, None, MetaRefused),
    (200, 987654, None, MetaRefused),
    # A subcode that decides for code 100 says nothing beside another code.
    (401, 190, 33, TokenDead),
    (400, 368, 33, MetaRefused),
    # An error object without numbers.
    (400, None, None, MetaRefused),
    (401, None, None, MetaRefused),
    (403, None, None, MetaRefused),
    (500, None, None, MetaBusy),
    (400, None, 33, PermissionMissing),
]


@pytest.mark.parametrize(("status", "code", "subcode", "expected"), AS_META_WRITES)
def test_an_answer_is_told_by_status_code_and_subcode(
    status: int, code: int | None, subcode: int | None, expected: type[MetaError]
) -> None:
    envelope = {"message": "x", "type": "OAuthException", "fbtrace_id": "T1"}
    envelope |= {"code": code} if code is not None else {}
    envelope |= {"error_subcode": subcode} if subcode is not None else {}
    error = error_in(status, {"error": envelope}, NOTHING)
    assert type(error) is expected
    assert (error.code, error.subcode, error.status, error.trace_id) == (code, subcode, status, "T1")


def test_a_transient_error_is_busy_unless_its_code_says_more() -> None:
    assert kind_of(1, status=400, is_transient=True) is Kind.BUSY
    assert kind_of(987654, status=400, is_transient=True) is Kind.BUSY
    assert kind_of(190, status=400, is_transient=True) is Kind.TOKEN


def test_every_word_of_the_envelope_is_kept() -> None:
    error = error_in(
        400,
        {
            "error": {
                "message": "(#131030) Recipient phone number not in allowed list",
                "type": "OAuthException",
                "code": 131030,
                "error_data": {"messaging_product": "whatsapp", "details": "Add the recipient and try again."},
                "error_subcode": 2655007,
                "is_transient": True,
                "error_user_title": "A title",
                "error_user_msg": "A message",
                "fbtrace_id": "AbCdEf1",
            }
        },
        NOTHING,
    )
    assert isinstance(error, MetaError)
    assert (error.code, error.subcode, error.trace_id) == (131030, 2655007, "AbCdEf1")
    assert (error.details, error.user_title, error.user_msg) == (
        "Add the recipient and try again.",
        "A title",
        "A message",
    )
    assert error.is_transient is True


def test_without_details_the_message_is_the_detail_and_long_words_are_cut() -> None:
    error = error_in(400, {"error": {"code": 100, "message": "m" * 600, "error_data": "odd"}}, NOTHING)
    assert error is not None
    assert error.details == "m" * 500


@pytest.mark.parametrize("code", ["190", 190])
def test_a_number_may_come_as_text(code: object) -> None:
    assert isinstance(error_in(401, {"error": {"code": code}}, NOTHING), TokenDead)


@pytest.mark.parametrize("code", [True, 1.5, "19o", "1" * 12, "", None, [], {}])
def test_what_is_no_number_counts_as_no_code(code: object) -> None:
    error = error_in(400, {"error": {"code": code, "message": "", "fbtrace_id": 7}}, NOTHING)
    assert type(error) is MetaRefused
    assert (error.code, error.details, error.trace_id) == (None, None, None)


def test_the_trace_may_come_in_a_header() -> None:
    error = error_in(400, {"error": {"code": 100}}, CaseInsensitiveDict({"X-FB-Trace-ID": "T7"}))
    assert error is not None
    assert error.trace_id == "T7"


@pytest.mark.parametrize(
    "reply", [{}, {"id": "1"}, {"error": "text"}, {"error": None}, {"data": {"error": {"code": 1}}}]
)
def test_an_answer_without_an_error_object_holds_no_error(reply: dict[str, object]) -> None:
    assert error_in(200, reply, NOTHING) is None


def test_busy_says_when_to_come_back() -> None:
    told = error_in(400, {"error": {"code": 4}}, CaseInsensitiveDict({"Retry-After": "90"}))
    known = error_in(400, {"error": {"code": 133015}}, NOTHING)
    open_end = error_in(503, {"error": {"code": 2}}, NOTHING)
    nameless = error_in(503, {"error": {}}, NOTHING)
    assert [error.retry_after for error in (told, known, open_end, nameless) if isinstance(error, MetaBusy)] == [
        90,
        300,
        None,
        None,
    ]


def test_a_body_that_is_no_json_is_judged_by_its_status() -> None:
    headers = CaseInsensitiveDict({"Retry-After": "5", "x-fb-trace-id": "T3"})
    broken = error_without_envelope(502, headers)
    assert isinstance(broken, MetaUnreachable)
    assert (broken.request_written, broken.status, broken.trace_id) == (True, 502, "T3")
    flooded = error_without_envelope(429, headers)
    assert isinstance(flooded, MetaBusy)
    assert flooded.retry_after == 5
    assert type(error_without_envelope(404, headers)) is MetaRefused
    assert type(error_without_envelope(302, headers)) is MetaRefused
    assert error_without_envelope(200, headers) is None
    assert error_without_envelope(299, headers) is None
