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
    # As for the session, whose token it is: a page opened under an older of SECRET_KEYS may still be sent. The library
    # hands this to itsdangerous, which signs with the last of a list and takes all.
    app.config["WTF_CSRF_SECRET_KEY"] = [*reversed(app.config["SECRET_KEY_FALLBACKS"]), app.config["SECRET_KEY"]]
    csrf.init_app(app)
