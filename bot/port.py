"""Which port to answer on: the one that links in OBS name, or the next free one."""

import socket
from pathlib import Path

from bot.errors import StartError
from bot.running import holder, kept_port
from bot.settings import ServerSettings
from overlay.server import PortTakenError, bind


def links_port(server: ServerSettings, folder: Path) -> int:
    """The port that the next start listens on, as far as the settings and links tell."""
    kept = kept_port(folder)
    return kept if kept is not None and not (server.chosen and server.port) else server.port


def bind_port(server: ServerSettings, folder: Path) -> socket.socket:
    """A listening socket. Once a browser source exists, its port is kept and a clash refused."""
    kept = kept_port(folder)
    wanted = server.port if server.chosen or kept is None else kept
    try:
        return bind(server.host, wanted, fixed=kept is not None)
    except PortTakenError:
        if kept is None:
            raise StartError(
                f"Ports {wanted} and the next ones are all taken (the first by {holder(wanted)}). "
                "Choose another: giftcast run --port 9000"
            ) from None
        raise StartError(
            f"Port {wanted} is taken by {holder(wanted)}, and the links in OBS name this port. "
            f"Stop that program, or run: giftcast run --port {wanted + 1} "
            "and copy the links into OBS again"
        ) from None
