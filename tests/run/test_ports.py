"""Ports: any free one, or a plain word about the one that is taken."""

import socket

import pytest

from app.run.ports import PortTaken, pick_port


def test_zero_finds_a_port_that_can_be_listened_on() -> None:
    port = pick_port(0, "PORT")
    with socket.socket() as door:
        door.bind(("127.0.0.1", port))
    assert port > 1023


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        taken = door.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {taken} is in use; .* with SANDBOX_PORT=0"):
            pick_port(taken, "SANDBOX_PORT")


def test_a_free_port_is_kept() -> None:
    wanted = pick_port(0, "PORT")
    assert pick_port(wanted, "PORT") == wanted
