from datetime import UTC, date, datetime

from app.console.drawn import coded, heading, moment, payload, thousands


def test_what_was_cut_out_is_a_block_and_markup_is_text() -> None:
    drawn = payload({"access_token": "(secret)", "note": "<b>&"})
    assert '<span class="cut">secret</span>' in drawn
    assert "&lt;b&gt;&amp;" in drawn
    assert "<b>" not in drawn


def test_what_stands_between_backticks_is_code_and_markup_is_text() -> None:
    assert coded("Run `flask doctor`, <b>then</b> `a & b`.") == (
        "Run <code>flask doctor</code>, &lt;b&gt;then&lt;/b&gt; <code>a &amp; b</code>."
    )
    assert coded("") == ""


def test_nothing_is_an_empty_object() -> None:
    assert payload(None) == "{}"


def test_moments_carry_the_exact_time() -> None:
    at = datetime(2026, 11, 20, 12, 31, 4, tzinfo=UTC)
    assert moment(at) == (
        '<time datetime="2026-11-20T12:31:04+00:00" title="20.11.2026 12:31:04 UTC" data-clock>12:31:04</time>'
    )


def test_days_and_counts_read_as_people_write_them() -> None:
    assert heading(date(2026, 11, 3)) == "3 November 2026"
    assert thousands(1304) == "1,304"
