"""Ports of this machine: find a free one, or say that a wanted one is taken."""

import socket

HOST = "127.0.0.1"


class PortTaken(Exception):
    """Somebody else listens there already."""


def pick_port(wanted: int, name: str) -> int:
    """`wanted`, or any free port when that is 0; raises `PortTaken` with the way out."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError as refused:
            raise PortTaken(f"port {wanted} is in use; choose another, or any free one with {name}=0") from refused
        return int(probe.getsockname()[1])
