"""Response headers of the window: it may do nothing but show itself and talk to the page that opened it."""

from urllib.parse import urlsplit

from flask import Response, request

from sandbox.dialog.desk import Window


def harden(reply: Response, window: Window | None) -> Response:
    """Adds the page's policy. The popup must keep its opener, so it opts out of opener isolation by name."""
    frames = (twin_origin() if window is not None and window.tricks.forge else None) or "'none'"
    forms = "'self'"
    if window is not None and window.arrival.redirect_uri:
        # A browser checks form-action again on the redirect that answers the form.
        parts = urlsplit(window.arrival.redirect_uri)
        forms += f" {parts.scheme}://{parts.netloc}"
    reply.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            f"form-action {forms}",
            f"frame-src {frames}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
    reply.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    reply.headers["Referrer-Policy"] = "no-referrer"
    reply.headers["X-Content-Type-Options"] = "nosniff"
    reply.headers["Cache-Control"] = "no-store"
    return reply


def twin_origin() -> str | None:
    """The other name of this loopback machine: the same server, but another origin to a browser. Else None."""
    host = urlsplit(request.host_url)
    twin = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}.get(host.hostname or "")
    if twin is None:
        return None
    return f"{host.scheme}://{twin}" + (f":{host.port}" if host.port else "")
