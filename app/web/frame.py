"""Puts the shared frame around an application, in the order in which a request meets it."""

from pathlib import Path

from flask import Flask
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from app.runtime import Runtime
from app.web import access_log, assets, csrf, errors, headers, here, languages, limits, times

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes any door takes at most; each says less for itself (`requests.read_body`)."""


def install(app: Flask, rt: Runtime) -> None:
    """Wire everything the doors share. Blueprints are registered afterwards."""
    settings = rt.settings
    https = settings.is_https
    newest, *older = (key.get_secret_value() for key in settings.secret_keys)
    app.config.update(
        SECRET_KEY=newest,
        SECRET_KEY_FALLBACKS=older,
        SESSION_COOKIE_NAME="gangway",
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        PREFERRED_URL_SCHEME="https" if https else "http",
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    here.put(app, rt)
    app.jinja_loader = FileSystemLoader(Path(__file__).parent)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        partner_name=settings.partner_name,
        help_url=settings.help_url,
        privacy_url=settings.privacy_url,
    )

    access_log.install(app, behind_proxy=settings.proxy_hops > 0)
    headers.install(app, https=https)
    limits.install(app, settings)
    csrf.install(app)
    languages.install(app)
    times.install(app)
    errors.install(app)
    assets.install(app)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
