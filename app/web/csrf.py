"""Forged requests: a browser's POST counts only with the token we put on the page.

Every door that trusts a cookie is covered; doors that ask for a key or a signature say so in their guard and are left
out (`guards.guarded`). A script sends the token as `X-CSRFToken`, a form as the field `csrf_token`.
"""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()


def install(app: Flask) -> None:
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a signup page may stay open overnight; the token ends with its session
    # The library's second check reads the Referer header, and our own policy tells browsers to send none.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    csrf.init_app(app)
