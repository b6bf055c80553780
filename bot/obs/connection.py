"""One connection to OBS, over the unmodified simpleobsws, with an end to every wait.

The library waits out its time when OBS refuses the password or goes away in the middle of a
request, and would take a proxy of the system even to this machine; here both are known at once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import simpleobsws  # type: ignore[import-untyped]
import websockets
from websockets.typing import Subprotocol

from bot.obs import errors
from bot.obs.errors import ObsError

CONNECT_S = 5.0
ANSWER_S = 10.0
MESSAGE_MAX = 2**24
# docs/generated/protocol.md of obs-websocket: WebSocketCloseCode
AUTHENTICATION_FAILED, UNSUPPORTED_RPC_VERSION = 4009, 4010


class _Client(simpleobsws.WebSocketClient):  # type: ignore[misc]
    """The library's client; only how the socket is opened is ours, since no argument says it."""

    async def connect(self) -> bool:
        """Open the socket and listen; never through a proxy of the system."""
        self.ws = await websockets.connect(
            self.url,
            subprotocols=[Subprotocol("obswebsocket.msgpack")],
            max_size=MESSAGE_MAX,
            open_timeout=CONNECT_S,
            close_timeout=1,
            proxy=None,
        )
        self.ws_open = True
        self.recv_task = asyncio.create_task(self._ws_recv_task())
        return True


class _Answer(dict[str, Any]):
    """What OBS said. What it should have said, but did not, is told like a refusal."""

    def __init__(self, request: str, values: dict[str, Any]) -> None:
        super().__init__(values)
        self._request = request

    def __missing__(self, key: str) -> Any:
        raise ObsError(errors.REFUSED, f"OBS's answer to {self._request} lacks {key}")


class ObsConnection:
    """`bot.obs.studio.Connection`."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def ask(self, request: str, **data: Any) -> dict[str, Any]:
        """See `Connection`."""
        call = asyncio.ensure_future(
            self._client.call(simpleobsws.Request(request, data or None), timeout=ANSWER_S)
        )
        try:
            await asyncio.wait({call, self._client.recv_task}, return_when="FIRST_COMPLETED")
            if not call.done():
                raise errors.lost()
            answer = call.result()
        except (simpleobsws.MessageTimeout, simpleobsws.NotIdentifiedError) as error:
            late = isinstance(error, simpleobsws.MessageTimeout)
            raise (errors.silent(request, ANSWER_S) if late else errors.lost()) from None
        except websockets.ConnectionClosed:
            raise errors.lost() from None
        finally:
            call.cancel()
        if not answer.ok():
            status, why = answer.requestStatus.code, answer.requestStatus.comment or "no reason"
            raise ObsError(
                errors.REFUSED, f"OBS refused {request}: {why} (code {status})", status=status
            )
        return _Answer(request, answer.responseData or {})

    async def ended(self) -> None:
        """See `Connection`."""
        await asyncio.wait({self._client.recv_task})


@asynccontextmanager
async def connected(url: str, password: str) -> AsyncIterator[ObsConnection]:
    """A connection that is closed again. Raises `ObsError` when OBS does not let us in."""
    client = _Client(
        url, password, simpleobsws.IdentificationParameters(eventSubscriptions=0)
    )  # no events: we only ask
    await _open(client, url)
    try:
        await _identify(client, url, password)
        yield ObsConnection(client)
    finally:
        client.recv_task.cancel()
        await asyncio.gather(client.recv_task, return_exceptions=True)
        await client.ws.close()


async def _open(client: Any, url: str) -> None:
    try:
        await client.connect()
    except (websockets.InvalidHandshake, websockets.ProtocolError, EOFError) as error:
        gone = isinstance(error.__cause__ or error, EOFError)  # OBS is closing just now
        raise (errors.lost() if gone else errors.not_obs(url)) from None
    except (OSError, TimeoutError):
        raise errors.not_running(url) from None


async def _identify(client: Any, url: str, password: str) -> None:
    identified = asyncio.ensure_future(client.wait_until_identified(CONNECT_S))
    try:
        await asyncio.wait({identified, client.recv_task}, return_when="FIRST_COMPLETED")
        if client.is_identified():
            return
        if client.recv_task.done():
            raise _turned_away(client.ws.close_code, url, given=bool(password))
        if client.hello_message is None:
            raise errors.old_protocol(url)
        raise errors.silent("Identify", CONNECT_S)
    finally:
        identified.cancel()


def _turned_away(code: int | None, url: str, *, given: bool) -> ObsError:
    if code == AUTHENTICATION_FAILED:
        return errors.bad_password(given=given)
    return errors.old_protocol(url) if code == UNSUPPORTED_RPC_VERSION else errors.lost()
