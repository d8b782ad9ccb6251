"""One line a request, with an id, without what must not be kept."""

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from app.web.access_log import loggable
from tests.web.conftest import BROWSER, CANARY, MakeApp


def test_a_request_is_one_line_without_its_query(http: FlaskClient) -> None:
    with capture_logs() as lines:
        reply = http.get(f"/page?token={CANARY}", headers=BROWSER)

    (line,) = lines
    assert (line["event"], line["method"], line["path"], line["status"]) == ("request", "GET", "/page", 200)
    assert line["took_ms"] >= 0
    assert reply.headers["X-Request-Id"]
    assert CANARY not in str(line)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/connect/jLNDZSNyaiDnSqR1I8LB9fFBiOyqB6wQchB7S-Ma6YE", "/connect/•••"),
        ("/connect/short", "/connect/•••"),
        ("/connect/some-token/extra", "/connect/•••/extra"),
        ("/connect/c/01a1f953-bcf3-701d-bd17-c0251f1dd937", "/connect/c/01a1f953-bcf3-701d-bd17-c0251f1dd937"),
        ("/connect/about/terms", "/connect/about/terms"),
        ("/connect/csp-reports", "/connect/csp-reports"),
        ("/console/onboardings", "/console/onboardings"),
    ],
)
def test_link_tokens_are_cut_from_paths_and_nothing_else(path: str, told: str) -> None:
    assert loggable(path) == told


def test_a_path_of_any_length_fits_the_log() -> None:
    assert len(loggable("/" + "x" * 5000)) == 200


def test_only_our_own_proxy_may_name_a_request(make_app: MakeApp) -> None:
    given = {"X-Request-Id": "from-the-proxy-1"}

    behind = make_app(proxy_hops=1).test_client().get("/page", headers=given)
    bare = make_app().test_client().get("/page", headers=given)
    odd = make_app(proxy_hops=1).test_client().get("/page", headers={"X-Request-Id": "a b"})

    assert behind.headers["X-Request-Id"] == "from-the-proxy-1"
    assert bare.headers["X-Request-Id"] != "from-the-proxy-1"
    assert odd.headers["X-Request-Id"] != "a b"
