"""Hearing in order: one lane for each viewer, all lanes side by side."""

import asyncio
from collections import deque
from collections.abc import Callable

import structlog

from commands.chat import ChatMessage, Reply
from commands.desk import Desk

UNDER_WAY_MAX = 10_000


class Lanes:
    """Hands messages to the desk.

    Two messages of one viewer are decided in the order typed. Those of different viewers do
    not wait for each other, so that the journal can commit them together.
    """

    def __init__(self, desk: Desk, answer: Callable[[ChatMessage, Reply], None]) -> None:
        self._desk = desk
        self._answer = answer
        self._lanes: dict[str, deque[ChatMessage]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._under_way = 0

    def put(self, message: ChatMessage) -> None:
        """Take a message and return at once."""
        if self._under_way >= UNDER_WAY_MAX:
            structlog.get_logger().error("twitch.message_dropped", why="too many under way")
            return
        self._under_way += 1
        viewer = message.viewer.user_id
        lane = self._lanes.get(viewer)
        if lane is not None:
            lane.append(message)
            return
        self._lanes[viewer] = deque([message])
        task = asyncio.create_task(self._drive(viewer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, patience_s: float) -> None:
        """Let what was heard be decided, but not for long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _drive(self, viewer: str) -> None:
        lane = self._lanes[viewer]
        try:
            while lane:
                await self._hear(lane.popleft())
        finally:
            del self._lanes[viewer]

    async def _hear(self, message: ChatMessage) -> None:
        try:
            reply = await self._desk.hear(message)
        except Exception:  # noqa: BLE001 - the next message may be heard
            structlog.get_logger().exception("twitch.message_failed", id=message.id)
            return
        finally:
            self._under_way -= 1
        if reply is not None and reply.text and not reply.quiet:
            self._answer(message, reply)
