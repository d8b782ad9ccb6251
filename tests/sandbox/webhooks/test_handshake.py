"""Meta's question to a callback."""

import pytest

from sandbox.webhooks.handshake import shake_hands
from sandbox.world import Refusal
from tests.sandbox.receiver import Receiver


def test_a_callback_that_echoes_the_challenge_is_believed(receiver: Receiver) -> None:
    shake_hands(f"{receiver.url}/hook?tenant=7", "typed")
    (asked,) = receiver.asked
    assert asked["tenant"] == "7"
    assert asked["hub.mode"] == "subscribe"
    assert asked["hub.verify_token"] == "typed"
    assert asked["hub.challenge"].isdecimal()


def test_another_status_fails(receiver: Receiver) -> None:
    receiver.answers_challenge = False
    with pytest.raises(Refusal) as refused:
        shake_hands(receiver.url, "typed")
    assert refused.value.code == 2200


@pytest.mark.parametrize("address", ["ftp://hook.example/", "hook.example", "https://hook.example/" + "x" * 200])
def test_an_address_must_be_a_short_web_address(address: str) -> None:
    with pytest.raises(Refusal) as refused:
        shake_hands(address, "typed")
    assert refused.value.code == 100
