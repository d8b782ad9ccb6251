"""Floods: how often one address may knock at a door that anybody can reach.

    @bp.post("/…")
    @limiter.limit("30 per minute")

counts per caller's address; give `key_func` to count something else. The counts are shared by all web processes and
outlive a restart: in the Redis of `QUEUE_URL`, else in a file beside the database. A refusal is `TooMany` with
`Retry-After`, in the shape every other error has.
"""

from flask import Flask, request
from flask_limiter import Limiter, RateLimitExceeded

from app.kit import clock
from app.kit.errors import TooMany
from app.web import limit_store  # noqa: F401 - registers the scheme "sqlite-limits"
from app.web.requests import client_address
from config import Settings

limiter = Limiter(key_func=client_address, strategy="fixed-window")


def install(app: Flask, settings: Settings) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = storage_address(settings)
    limiter.init_app(app)


def storage_address(settings: Settings) -> str:
    """Where the counts lie, as the `limits` library names places."""
    if settings.queue_url.startswith(("redis://", "rediss://")):
        return settings.queue_url
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return f"sqlite-limits://{(settings.data_dir / 'limits.db').absolute()}"


def by_link() -> str:
    """Count per link, wherever its visitors sit."""
    return f"link:{(request.view_args or {}).get('link_id', '')}"


def too_many(_refused: RateLimitExceeded) -> TooMany:
    """The library's refusal as ours, with the seconds until the door opens again."""
    here = limiter.current_limit
    wait = max(1, here.reset_at - int(clock.now().timestamp())) if here else 60
    return TooMany("That was too often in a short time. Wait a moment, then try again.", retry_after=wait)
