"""What is made of the signup window's first page: refusals are told by words, everything else proves nothing."""

import pytest

from app.meta import dialog
from app.meta.errors import MetaUnreachable
from tests.meta.local_graph import LocalGraph, closed_port, raw, silence

PAGE = "https://connect.partner.example"


def asked(url: str, back: str = PAGE) -> str | None:
    return dialog.ask(
        url, "v25.0", app_id="1234567890", config_id="998877665544332", redirect_uri=back, timeout=(0.5, 0.5)
    )


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("Invalid App ID: The provided app ID does not look like a valid app ID.", "app"),
        ("Invalid parameter: config_id is not a configuration of this app.", "config"),
        ("JSSDK Unknown Host domain", "domain"),
        ("The domain you are hosting is not in your app's Javascript SDK host domain list.", "domain"),
        ("URL blocked: This redirect failed because the redirect URI is not white-listed in the app's", "redirect"),
        ("URL Blocked: This redirect failed because it&#039;s not whitelisted in the app&#039;s settings", "redirect"),
        ("The domain of this URL isn&#39;t included in the app&#39;s domains.", "redirect"),
        ("Log in to use your account with Example Connect.", None),
        ("", None),
    ],
)
def test_a_refusal_is_recognised_by_its_words(local: LocalGraph, words: str, refusal: str | None) -> None:
    local.answers(raw(f"<html><h1>{words}</h1></html>".encode(), headers={"Content-Type": "text/html"}))
    assert asked(local.url) == refusal


def test_an_answer_that_leads_on_is_no_refusal_and_is_not_followed(local: LocalGraph) -> None:
    elsewhere = {"Location": f"{local.url}/login.php?next=x%3Fconfig_id%3D998877665544332"}
    local.answers(raw(b"", 302, elsewhere))
    assert asked(local.url) is None
    assert len(local.seen) == 1


def test_the_window_is_asked_as_a_browser_would_ask_it(local: LocalGraph) -> None:
    local.answers(raw(b""))
    asked(local.url, dialog.popup("https://connect.partner.example"))
    seen = local.only
    assert (seen.version, seen.path) == ("v25.0", "/dialog/oauth")
    assert seen.query == {
        "client_id": "1234567890",
        "app_id": "1234567890",
        "config_id": "998877665544332",
        "redirect_uri": "https://staticxx.facebook.com/x/connect/xd_arbiter/?version=46"
        "#cb=f0&domain=connect.partner.example&origin=https%3A%2F%2Fconnect.partner.example",
        "response_type": "code",
        "override_default_response_type": "true",
        "display": "popup",
    }
    assert seen.headers["user-agent"].startswith("Mozilla/5.0")
    assert "authorization" not in seen.headers


def test_no_answer_and_a_fault_of_metas_prove_nothing(local: LocalGraph) -> None:
    with pytest.raises(MetaUnreachable) as nobody:
        asked(f"http://127.0.0.1:{closed_port()}")
    assert nobody.value.request_written is False
    local.answers(silence, raw(b"URL blocked", 503))
    with pytest.raises(MetaUnreachable):
        asked(local.url)
    with pytest.raises(MetaUnreachable) as fault:
        asked(local.url)
    assert fault.value.status == 503
