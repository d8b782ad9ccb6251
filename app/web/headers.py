"""What we tell browsers about our pages: where code may come from, who may frame us, what may leak.

Every page gets the strict policy. A page that needs more says so for itself with `use_policy`, once per request; the
only one is the signup page, which loads Meta's SDK and talks to Meta's window.
"""

from collections.abc import Mapping, Sequence

from flask import Flask, Response, g
from flask_talisman import DENY, Talisman

Policy = Mapping[str, Sequence[str]]

STRICT: Policy = {
    "default-src": ("'self'",),
    "base-uri": ("'none'",),
    "object-src": ("'none'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
}
NO_DEVICES = dict.fromkeys(("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics"), "()")


def install(app: Flask, *, https: bool) -> None:
    """Wire the headers; `https` says whether people reach us encrypted (cookies are then marked so)."""
    # Ours is registered first, so it runs after the library's and has the last word.
    app.after_request(_finish)
    Talisman(
        app,
        # Whoever ends TLS redirects; a redirect of ours would also catch the load balancer's plain health checks.
        force_https=False,
        strict_transport_security=True,
        content_security_policy={name: list(sources) for name, sources in STRICT.items()},
        frame_options=DENY,
        referrer_policy="no-referrer",
        permissions_policy=NO_DEVICES,
        session_cookie_secure=https,
        session_cookie_http_only=True,
        session_cookie_samesite="Lax",
    )
    # The library sets this only with the first request that comes in; cookies must be right before that, too.
    app.config["SESSION_COOKIE_SECURE"] = https


def use_policy(policy: Policy, *, opener: str = "same-origin", reports: str = "") -> None:
    """Give the response being made its own content policy and opener policy; `reports` is the path told of breaches."""
    told = {**policy, "report-uri": (reports,)} if reports else policy
    g.page_policy = (policy_text(told), opener)


def policy_text(policy: Policy) -> str:
    """A policy as the header's text."""
    return "; ".join(" ".join((name, *sources)) for name, sources in policy.items())


def _finish(response: Response) -> Response:
    policy, opener = g.get("page_policy", (None, "same-origin"))
    if policy:
        response.headers["Content-Security-Policy"] = policy
    response.headers["Cross-Origin-Opener-Policy"] = opener
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Pages speak of one client or one staff member: no cache on the way and no back button may show them later.
    response.headers.setdefault("Cache-Control", "no-store")
    return response
