"""The policy of the page that loads Meta's SDK: written from what the SDK loads, and no wider."""

from pathlib import Path

import pytest

from app.connect.policy import meta_policy, reported, widened
from app.web.headers import policy_text
from tests.conftest import settings_with
from tests.connect.conftest import Visits

PUBLIC = {"public_url": "https://connect.example.com", "meta_graph_url": "https://graph.facebook.com"}


def test_with_metas_own_hosts_the_policy_is_this(tmp_path: Path) -> None:
    assert policy_text(meta_policy(settings_with(tmp_path, **PUBLIC))) == (
        "default-src 'self'; base-uri 'none'; object-src 'none'; "
        "form-action 'self' https://www.facebook.com https://business.facebook.com; frame-ancestors 'none'; "
        "script-src 'self' https://connect.facebook.net; "
        "connect-src 'self' https://www.facebook.com https://web.facebook.com https://staticxx.facebook.com"
        " https://graph.facebook.com; "
        "frame-src https://www.facebook.com https://web.facebook.com https://staticxx.facebook.com"
        " https://graph.facebook.com; "
        "img-src 'self' https://www.facebook.com https://web.facebook.com"
    )


def test_a_stand_in_for_meta_is_let_in_by_the_same_rule(tmp_path: Path) -> None:
    home = "http://localhost:5001"
    policy = meta_policy(
        settings_with(tmp_path, meta_graph_url=home, meta_sdk_url=f"{home}/en_US/sdk.js", meta_web_origins=home)
    )

    assert policy["script-src"] == ("'self'", home)
    assert policy["frame-src"] == (home, "https://staticxx.facebook.com")
    assert policy["img-src"] == ("'self'", home)
    assert "facebook.net" not in policy_text(policy)


def test_one_setting_widens_the_policy_without_a_release(tmp_path: Path) -> None:
    extra = "img-src https://static.example; style-src 'unsafe-inline'; worker-src blob:"
    policy = meta_policy(settings_with(tmp_path, **PUBLIC, connect_csp_extra=extra))

    assert policy["img-src"][-1] == "https://static.example"
    assert policy["style-src"] == ("'self'", "'unsafe-inline'")
    assert policy["worker-src"] == ("'self'", "blob:")
    assert policy["script-src"] == ("'self'", "https://connect.facebook.net")


@pytest.mark.parametrize(
    "extra", ["", ";", "sandbox", "frame-ancestors *", "form-action https://x.example", "IMG-SRC *"]
)
def test_only_sources_can_be_widened(extra: str) -> None:
    before = {"default-src": ("'self'",), "frame-ancestors": ("'none'",)}

    assert widened(before, extra) == before


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (
            {"csp-report": {"violated-directive": "img-src", "blocked-uri": "inline"}},
            {"rule": "img-src", "blocked": "inline"},
        ),
        (
            {"body": {"effectiveDirective": "frame-src", "blockedURL": "https://x.example/a?b=c"}},
            {"rule": "frame-src", "blocked": "https://x.example"},
        ),
        ({"csp-report": "text"}, {"rule": "None", "blocked": "None"}),
        ({"csp-report": {"effective-directive": "x" * 999}}, {"rule": "x" * 60, "blocked": "None"}),
    ],
)
def test_of_a_report_only_the_rule_and_the_host_are_kept(report: dict[str, object], told: dict[str, str]) -> None:
    assert reported(report) == told


def test_only_the_page_that_opens_the_window_gets_the_wide_policy(visitor: Visits) -> None:
    browser = visitor()
    page, fragment = browser.look().headers, browser.poll().headers
    terms = browser.http.get("/connect/about/terms").headers

    assert "https://connect.facebook.net" in page["Content-Security-Policy"]
    assert page["Content-Security-Policy"].endswith("; report-uri /connect/csp-reports")
    assert page["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert "facebook" not in fragment["Content-Security-Policy"] + terms["Content-Security-Policy"]
    assert terms["Cross-Origin-Opener-Policy"] == "same-origin"
