import json

import pytest
from requests.structures import CaseInsensitiveDict

from app.meta.limits import percent_used, seconds_to_wait

USAGE = {
    "524126980791429": [
        {
            "type": "whatsapp_business_management",
            "call_count": 100,
            "total_cputime": 25,
            "total_time": 25,
            "estimated_time_to_regain_access": 12,
        }
    ]
}


def headers(**named: str) -> CaseInsensitiveDict[str]:
    return CaseInsensitiveDict({name.replace("_", "-"): value for name, value in named.items()})


def test_nothing_said_is_no_wait() -> None:
    assert seconds_to_wait(headers()) is None


def test_retry_after_is_seconds() -> None:
    assert seconds_to_wait(headers(Retry_After="30")) == 30


def test_the_usage_header_speaks_in_minutes() -> None:
    assert seconds_to_wait(headers(X_Business_Use_Case_Usage=json.dumps(USAGE))) == 720


def test_the_longer_of_the_two_counts() -> None:
    usage = json.dumps(USAGE)
    assert seconds_to_wait(headers(Retry_After="30", X_Business_Use_Case_Usage=usage)) == 720
    assert seconds_to_wait(headers(Retry_After="3000", X_Business_Use_Case_Usage=usage)) == 3000


def test_no_wait_is_longer_than_a_day() -> None:
    assert seconds_to_wait(headers(Retry_After="999999999999")) == 86400


@pytest.mark.parametrize("value", ["", "-3", "1.5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "٣"])
def test_a_retry_after_that_is_no_count_of_seconds_is_not_said(value: str) -> None:
    assert seconds_to_wait(headers(Retry_After=value)) is None


@pytest.mark.parametrize(
    "usage",
    [
        "",
        "{",
        "[]",
        "7",
        '{"1": 7}',
        '{"1": [7]}',
        '{"1": [{}]}',
        '{"1": [{"estimated_time_to_regain_access": 0}]}',
        '{"1": [{"estimated_time_to_regain_access": "9"}]}',
    ],
)
def test_a_usage_header_of_another_shape_is_not_said(usage: str) -> None:
    assert seconds_to_wait(headers(X_Business_Use_Case_Usage=usage)) is None


@pytest.mark.parametrize(
    ("usage", "percent"), [(json.dumps(USAGE), 100), ("no json", None), ("{}", None), (None, None)]
)
def test_how_much_of_the_hour_is_used_is_the_fullest_count(usage: str | None, percent: int | None) -> None:
    given = headers() if usage is None else headers(X_Business_Use_Case_Usage=usage)
    assert percent_used(given) == percent
