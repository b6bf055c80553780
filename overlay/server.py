"""The server: routes, errors in plain words, start and stop."""

import asyncio
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from overlay.answers import fix_for, page, refusal, title_for, wants_page
from overlay.guard import BODY_MAX, make_guard

HERE = Path(__file__).parent
PORT_TRIES = 20


@runtime_checkable
class Routes(Protocol):
    """Something that answers at addresses of its own."""

    def mount(self, app: web.Application) -> None:
        """Add the routes."""


@web.middleware
async def plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every failure says what it is and what to do, as JSON or as a page."""
    try:
        return await handler(request)
    except web.HTTPException as answer:
        if answer.status < 400 or answer.content_type == "application/json":
            raise
        status, reason, allow = answer.status, answer.reason, answer.headers.get("Allow")
    except asyncio.CancelledError:
        raise
    except Exception:  # noqa: BLE001 - a fault in one handler may not stop the server
        structlog.get_logger().exception("server.failed", path=request.path)
        status, reason, allow = 500, "something went wrong here; it is in the log", None
    if status == 401 and wants_page(request.headers):
        raise web.HTTPSeeOther("/login")
    if wants_page(request.headers):
        response = page(
            "error.html", status, title=title_for(status, reason), what="", fix=fix_for(status)
        )
    else:
        response = refusal(status, reason)
    if allow:
        response.headers["Allow"] = allow
    return response


def make_app(routes: Sequence[Routes]) -> web.Application:
    """The application with everything that is served."""
    app = web.Application(middlewares=[make_guard(), plain_errors], client_max_size=BODY_MAX)
    for part in routes:
        part.mount(app)
    for folder in ("static", "widgets", "art/gifts", "art/layers"):
        app.router.add_static(f"/{folder}/", HERE / folder)
    return app


class PortTakenError(Exception):
    """The address is in use by somebody else."""


def bind(host: str, port: int, *, fixed: bool) -> socket.socket:
    """A listening socket. When the port is taken and not `fixed`, the next free one."""
    for candidate in range(port, port + (1 if fixed else PORT_TRIES)):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: nobody may share it
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, candidate))
            sock.listen(1_024)
        except OSError:
            sock.close()
            continue
        sock.setblocking(False)
        return sock
    raise PortTakenError(f"{host}:{port}")


class Server:
    """A running server."""

    def __init__(self, app: web.Application, sock: socket.socket) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        self._sock = sock

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._sock.getsockname()[1])

    async def start(self) -> None:
        """Begin to answer."""
        await self._runner.setup()
        await web.SockSite(self._runner, self._sock).start()

    async def stop(self) -> None:
        """End every connection."""
        await self._runner.cleanup()
