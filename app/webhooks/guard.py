"""The door for Meta alone: the handshake knows our verify token, a notification carries the signature of our app.

One more may knock: the doctor, whose question `app/upkeep/doctor/challenge.py` answers without giving anything away.

The signature is checked over the raw bytes before anything is parsed and before the database is touched, so forgeries
cost one HMAC. Missing and wrong are answered alike. Meta's pages: "Webhooks, verification requests" and "event
notifications".
"""

import hmac

from flask import g, request

from app.kit.errors import NotAllowed
from app.kit.secret import Secret
from app.kit.signing import signature_matches
from app.upkeep.doctor import challenge
from app.web.guards import Guard
from app.web.here import rt
from app.web.requests import read_body

LARGEST = 4 * 1024 * 1024
"""Bytes. Meta sends at most 3 MB."""


def check() -> None:
    """Let a signed POST, a handshake with the right token or a question of ours in; all else is `NotAllowed`."""
    if request.method == "POST":
        _check_signature()
    elif not asks_who_we_are():
        _check_verify_token()


def asks_who_we_are() -> bool:
    """Whether this is the doctor's question, from whomever it comes."""
    return request.args.get("hub.mode") == challenge.MODE and challenge.is_nonce(request.args.get("hub.challenge", ""))


def signed_body() -> bytes:
    """The bytes whose signature was checked."""
    body: bytes = g.signed_body
    return body


def _check_signature() -> None:
    body = read_body(LARGEST)
    secrets = [Secret(secret.get_secret_value()) for secret in rt().settings.meta_app_secrets]
    if not signature_matches(secrets, body, request.headers.get("X-Hub-Signature-256")):
        raise NotAllowed("This notification is not signed by the app.", code="bad_signature")
    g.signed_body = body


def _check_verify_token() -> None:
    given = request.args.get("hub.verify_token", "").encode()
    expected = rt().settings.meta_verify_token.get_secret_value().encode()
    fits = hmac.compare_digest(given, expected)
    if not fits or request.args.get("hub.mode") != "subscribe" or not request.args.get("hub.challenge"):
        raise NotAllowed("This is not a handshake of Meta's.", code="bad_handshake")


from_meta = Guard("from_meta", check, trusts_cookies=False, speaks="problem")
