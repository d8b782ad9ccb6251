"""The content policy of the page that loads Meta's SDK, written from what the SDK really loads.

Sources come from the settings alone: the SDK's own host for scripts; Meta's web and Graph hosts for frames and
connections; its web hosts for images. The SDK also frames a helper page on `staticxx.facebook.com`. When Meta moves
something, `CONNECT_CSP_EXTRA` widens this without a release: `img-src https://example.com; style-src 'unsafe-inline'`.
Breaches are reported to `/connect/csp-reports`.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from app.web.headers import STRICT, Policy, use_policy
from config import Settings

HELPER_FRAME = "https://staticxx.facebook.com"
REPORTS = "/connect/csp-reports"
POPUPS_MAY_TALK = "same-origin-allow-popups"
_DIRECTIVE = re.compile(r"[a-z]+(-[a-z]+)*-src")
_SOURCE = re.compile(r"[!-+\--:<-~]+")  # anything printable but space, comma and semicolon


def allow_meta(settings: Settings) -> None:
    """Give the response being made the policy of a page that opens Meta's window."""
    use_policy(meta_policy(settings), opener=POPUPS_MAY_TALK, reports=REPORTS)


def keep_window() -> None:
    """The strict policy, but a window that is still open may finish its sentence."""
    use_policy(STRICT, opener=POPUPS_MAY_TALK)


def meta_policy(settings: Settings) -> Policy:
    """Our strict policy plus what the SDK needs."""
    scripts = origin_of(settings.meta_sdk_url)
    graph = origin_of(settings.meta_graph_url)
    web = tuple(settings.meta_web_origins)
    return widened(
        {
            **STRICT,
            "script-src": _unique("'self'", scripts),
            "connect-src": _unique("'self'", *web, HELPER_FRAME, graph),
            "frame-src": _unique(*web, HELPER_FRAME, graph),
            "img-src": _unique("'self'", *web),
            # The forms that lead to Meta's own pages: a browser checks this again on the redirect that answers them.
            "form-action": _unique("'self'", web[0], settings.meta_hosted_origin),
        },
        settings.connect_csp_extra,
    )


def widened(policy: Policy, extra: str) -> Policy:
    """The policy with the sources of `extra` added; what is no `…-src` directive is left out."""
    result: dict[str, Sequence[str]] = dict(policy)
    for part in extra.split(";"):
        name, *sources = part.split() or [""]
        if _DIRECTIVE.fullmatch(name):
            before = result.get(name, policy["default-src"])
            result[name] = _unique(*before, *(source for source in sources if _SOURCE.fullmatch(source)))
    return result


def origin_of(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def reported(report: Mapping[str, object]) -> dict[str, str]:
    """What is worth logging of a browser's report, old shape or new: the rule, and whose address it stopped."""
    body = report.get("csp-report", report.get("body", report))
    body = body if isinstance(body, Mapping) else {}
    rule = body.get("effective-directive") or body.get("effectiveDirective") or body.get("violated-directive")
    blocked = body.get("blocked-uri") or body.get("blockedURL")
    return {"rule": str(rule)[:60], "blocked": _host_only(str(blocked))}


def _host_only(address: str) -> str:
    # A whole address may carry what a page's address must not tell a log; the origin is all a setting needs.
    return origin_of(address)[:200] if "://" in address else address[:40]


def _unique(*sources: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sources))
