"""Lanes: what a platform hears goes to the desk in order, and never more than it can bear.

One lane a viewer, all lanes side by side. Each channel has room for so many commands under way,
and each viewer for their share of it; one more is answered, not queued.
"""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from commands.chat import ChatMessage, Reply
from commands.desk import Desk
from commands.turns import Turn
from commands.words import sentence
from data.errors import Code, GiftError

CHANNEL_MAX = 2_000
VIEWER_MAX = 100
FULL_EVERY_S = 10.0
_CHANNELS_TOLD = 1_000
_FULL = Reply(sentence(GiftError(Code.BUSY)), ok=False, code=Code.BUSY.value)

Ask = Callable[[Turn], Awaitable[Reply | None]]


class Lanes:
    """Hands what is heard to the desk; one for each platform.

    answer: told the reply to a typed line, when there is one to be said. channel_max, viewer_max:
    commands under way at once. full_every_s: a channel is told that it is full only so often.
    clock: monotonic seconds.
    """

    def __init__(
        self,
        desk: Desk,
        answer: Callable[[ChatMessage, Reply], None],
        *,
        channel_max: int = CHANNEL_MAX,
        viewer_max: int = VIEWER_MAX,
        full_every_s: float = FULL_EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk, self._answer, self._clock = desk, answer, clock
        self._channel_max, self._viewer_max = channel_max, viewer_max
        self._full_every_s = full_every_s
        self._last: dict[str, Turn] = {}
        self._of_viewer: Counter[str] = Counter()
        self._of_channel: Counter[str] = Counter()
        self._told_full: OrderedDict[str, float] = OrderedDict()
        self._tasks: set[asyncio.Task[Any]] = set()

    def put(self, message: ChatMessage) -> None:
        """Take a typed line and return at once; lines that ask for nothing are let go."""
        if not self._desk.addressed(message):
            return
        task = self._enter(message, lambda turn: self._desk.hear(message, turn))
        if task is not None:
            task.add_done_callback(lambda done: self._said(message, done))
        elif self._may_tell_full(message.channel):
            self._answer(message, _FULL)

    async def invoke(self, message: ChatMessage, name: str, values: Mapping[str, Any]) -> Reply:
        """Carry out a call whose arguments came apart, in turn with what its viewer typed. The
        call goes on when the asker no longer waits. Raises what the desk raises."""
        task = self._enter(message, lambda turn: self._desk.invoke(message, name, values, turn))
        if task is None:
            return _FULL
        reply = await asyncio.shield(task)
        assert reply is not None, "a call is always answered"
        return reply

    async def finish(self, patience_s: float) -> bool:
        """Let what was heard be decided, but not for long; whether all of it was."""
        tasks = set(self._tasks)
        late: set[asyncio.Task[Any]] = set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return not late

    def _enter(self, message: ChatMessage, ask: Ask) -> "asyncio.Task[Reply | None] | None":
        """Take a place in the lane; None when there is none."""
        viewer, channel = message.viewer.user_id, message.channel
        if (
            self._of_channel[channel] >= self._channel_max
            or self._of_viewer[viewer] >= self._viewer_max
        ):
            structlog.get_logger().warning("lanes.full", channel=channel, id=message.id)
            return None
        self._of_channel[channel] += 1
        self._of_viewer[viewer] += 1
        turn = self._last[viewer] = Turn(self._last.get(viewer))
        task = asyncio.create_task(_carry_out(turn, ask))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._leave(viewer, channel, turn, done))
        return task

    def _leave(self, viewer: str, channel: str, turn: Turn, task: "asyncio.Task[Any]") -> None:
        turn.end()
        self._tasks.discard(task)
        for count, whose in ((self._of_channel, channel), (self._of_viewer, viewer)):
            count[whose] -= 1
            if not count[whose]:
                del count[whose]
        if viewer not in self._of_viewer:
            del self._last[viewer]

    def _said(self, message: ChatMessage, task: "asyncio.Task[Reply | None]") -> None:
        if task.cancelled():
            return
        if error := task.exception():
            structlog.get_logger().error("lanes.failed", id=message.id, exc_info=error)
            return
        reply = task.result()
        if reply is not None and reply.text and not reply.quiet:
            self._answer(message, reply)

    def _may_tell_full(self, channel: str) -> bool:
        now = self._clock()
        if now - self._told_full.get(channel, -self._full_every_s) < self._full_every_s:
            return False
        self._told_full[channel] = now
        self._told_full.move_to_end(channel)
        if len(self._told_full) > _CHANNELS_TOLD:
            self._told_full.popitem(last=False)
        return True


async def _carry_out(turn: Turn, ask: Ask) -> Reply | None:
    await turn.begin()
    return await ask(turn)
