"""Ports on this machine: which one the embedded Label Studio may listen on."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.storage.files import PRIVATE_MODE, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["DEFAULT_PORTS", "HOST", "choose_port", "is_free", "keep_port", "port_before"]

HOST = "127.0.0.1"
"""Where the embedded Label Studio listens: nobody else's machine can reach it."""

DEFAULT_PORTS = range(8080, 8100)
"""Tried in this order when no port is asked for."""

_PORT_FILE = "studio.port"


def choose_port(
    wanted: int | None, say: Callable[[str, float | None], None], *, before: int | None = None
) -> int:
    """The port asked for, the one from before, or the first free one; tested right before its use.

    Args:
        wanted: The port asked for.
        say: Told when it is another one than people will look for.
        before: Where the workspace's Label Studio listened last: links to it stay good when it
            listens there again.

    Raises:
        UsageError: The port asked for is taken, or none of the default ones is free.
    """
    if wanted is not None:
        if not is_free(wanted):
            raise UsageError(
                f"port {wanted} cannot be used: another program listens there, "
                "or this user may not",
                where=f"{HOST}:{wanted}",
                remedy="name another port, or none to take the next free one from "
                f"{DEFAULT_PORTS[0]} to {DEFAULT_PORTS[-1]}",
            )
        return wanted
    if before is not None and is_free(before):
        return before
    for port in DEFAULT_PORTS:
        if is_free(port):
            if port != (before or DEFAULT_PORTS[0]):
                say(f"port {before or DEFAULT_PORTS[0]} is taken, using {port}", None)
            return port
    raise UsageError(
        f"no port from {DEFAULT_PORTS[0]} to {DEFAULT_PORTS[-1]} is free",
        where=HOST,
        remedy="end one of the programs that listen there, or name another port",
    )


def is_free(port: int) -> bool:
    """Whether a server may listen on the port; asks in the way Label Studio will."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            if probe.connect_ex((HOST, port)) == 0:
                return False
        except OverflowError:  # not a port number
            return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def port_before(state: Path) -> int | None:
    """Where the workspace's Label Studio listened last; ``None`` where that is not known.

    Args:
        state: The workspace's ``.claimset/``.
    """
    try:
        return int((state / _PORT_FILE).read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def keep_port(state: Path, port: int) -> None:
    """Put down where it listens: what annotators were given leads there."""
    replace_file(state / _PORT_FILE, b"%d" % port, mode=PRIVATE_MODE)
