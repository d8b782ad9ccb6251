"""The SDK stand-in as a page meets it: what it offers, what it refuses, what it never answers."""

import pytest
from playwright.sync_api import Page

from tests.browser.sandbox.conftest import Stage, answers, open_window, wait_for_answer
from tests.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture
def complaints(opener: Page) -> list[str]:
    """What the page's console said as errors since it loaded."""
    said: list[str] = []
    opener.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    return said


def reload_without_init(page: Page) -> None:
    """The same page, but its fbAsyncInit does nothing."""
    page.add_init_script("Object.defineProperty(window, 'fbAsyncInit', { value: () => { window.wasCalled = true; } });")
    page.reload()
    page.wait_for_function("window.wasCalled")


def test_login_before_init_opens_nothing(opener: Page, complaints: list[str]) -> None:
    reload_without_init(opener)
    opener.get_by_role("button", name="Connect WhatsApp").click()
    assert until(lambda: opener.evaluate("1") and complaints)
    assert "before FB.init()" in complaints[0]
    assert len(opener.context.pages) == 1
    assert answers(opener) == []


def test_init_wants_a_version(opener: Page) -> None:
    said = opener.evaluate("() => { try { FB.init({ appId: '1' }); } catch (e) { return e.message; } }")
    assert said == "invalid version specified"


def test_an_async_callback_is_refused_as_meta_refuses_it(opener: Page) -> None:
    said = opener.evaluate("() => { try { FB.login(async () => 1, options); } catch (e) { return e.message; } }")
    assert said == "Expression is of type asyncfunction, not function"


def test_an_http_page_elsewhere_may_not_log_in(opener: Page, stage: Stage, complaints: list[str]) -> None:
    script = opener.context.request.get(f"{stage.meta}/en_US/sdk.js").text()
    page = """<!doctype html><button id="go">Go</button><script src="https://sdk.example/en_US/sdk.js"></script>"""
    opener.route("http://client.example/", lambda route: route.fulfill(body=page, content_type="text/html"))
    opener.route("https://sdk.example/en_US/sdk.js", lambda r: r.fulfill(body=script, content_type="text/javascript"))
    opener.goto("http://client.example/")
    opener.evaluate("() => { FB.init({ appId: '1', version: 'v25.0' }); FB.login(() => 1, {}); }")
    assert until(lambda: opener.evaluate("1") and complaints)
    assert "only on https pages" in complaints[-1]
    assert len(opener.context.pages) == 1


def test_the_window_is_asked_for_with_meta_s_parameters(opener: Page) -> None:
    opener.evaluate("() => { window.open = (address) => { window.asked = address; return null; }; }")
    opener.evaluate("() => { options.extras = { setup: { business: { name: 'Example Shoes' } } }; }")
    opener.get_by_role("button", name="Connect WhatsApp").click()
    asked = opener.evaluate("() => [new URL(asked).pathname, Object.fromEntries(new URL(asked).searchParams)]")
    assert asked[0] == "/v25.0/dialog/oauth"
    query = asked[1]
    assert (query["app_id"], query["client_id"], query["config_id"]) == ("2811", "2811", "2822")
    assert (query["display"], query["response_type"]) == ("popup", "code")
    assert query["override_default_response_type"] == "true"
    assert query["extras"] == '{"setup":{"business":{"name":"Example Shoes"}}}'
    assert "/x/connect/xd_arbiter/" in query["redirect_uri"]


def test_a_blocked_window_is_never_answered(opener: Page) -> None:
    opener.evaluate("() => { window.open = () => null; }")
    opener.get_by_role("button", name="Connect WhatsApp").click()
    opener.evaluate("() => new Promise((done) => FB.getLoginStatus(done))")
    assert answers(opener) == []


def test_a_code_from_another_window_or_origin_is_not_believed(opener: Page) -> None:
    opener.evaluate(
        "() => { const real = window.open; window.open = (...all) => (window.popup = real.apply(window, all)); }"
    )
    window = open_window(opener)
    opener.wait_for_function("messages.length")
    cb = opener.evaluate("() => new URLSearchParams(messages[0].data).get('cb')")
    opener.evaluate("(cb) => window.postMessage('cb=' + cb + '&domain=localhost&code=AQBforged', '*')", cb)
    opener.evaluate("() => new Promise((done) => FB.getLoginStatus(done))")
    assert answers(opener) == []
    window.close()
    assert wait_for_answer(opener)["authResponse"] is None


def test_status_and_logout_know_of_no_session(opener: Page) -> None:
    for name in ("getLoginStatus", "logout"):
        answer = opener.evaluate(f"() => new Promise((done) => FB.{name}(done))")
        assert answer == {"authResponse": None, "status": "unknown"}


def test_api_asks_graph_and_survives_silence(opener: Page) -> None:
    opener.route("**/v25.0/me*", lambda route: route.abort())
    answer = opener.evaluate("() => new Promise((done) => FB.api('/me', done))")
    assert answer == {"error": {"message": "unknown error", "type": "http", "status": 0}}
