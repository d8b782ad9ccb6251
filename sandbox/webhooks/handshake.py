"""Meta's question to a callback before it believes in it: GET with a challenge that must come back as plain text."""

import requests

from sandbox.world import Refusal
from sandbox.world.ids import new_id

TIMEOUT_S = 5
MAX_ADDRESS = 200


def shake_hands(address: str, verify_token: str) -> None:
    """Raises ``Refusal`` 2200 unless the callback answers the challenge at once. Never call it with the lock held."""
    if len(address) > MAX_ADDRESS or not address.startswith(("https://", "http://")):
        raise Refusal(100, "Invalid parameter", "The callback address must be a URL of at most 200 characters.")
    challenge = new_id(10)
    params = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    try:
        answer = requests.get(address, params=params, timeout=TIMEOUT_S, allow_redirects=False)
    except requests.RequestException as error:
        raise _failed(f"{type(error).__name__}") from error
    if answer.status_code != 200:
        raise _failed(f"HTTP Status Code = {answer.status_code}")
    if answer.text.strip() != challenge:
        raise _failed("Challenge Mismatch")


def _failed(reason: str) -> Refusal:
    return Refusal(2200, f"Callback verification failed with the following errors: {reason}")
