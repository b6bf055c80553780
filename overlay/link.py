"""A link: one page on its socket. Bounded by what its transport has not sent yet."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from data.access import Source
from overlay.frames import on_wire
from overlay.widget import Widget

# Bytes that the page has not taken yet, some 2,000 gifts; then it is cut off, and may resume.
BUFFER_MAX = 1_048_576
POLL_S = 0.02
DRAIN_S = 3.0  # a page that takes nothing for so long while it is caught up is stalled


@dataclass(eq=False, slots=True)
class Link:
    """A connected page.

    playing: it is the one page of its source that shows gifts; others stand by.
    live: it has caught up and gets each gift as it comes.
    given: gifts handed to it and not yet ended, by seq. gone: gifts taken back while it was
    catching up; silent: gifts whose text was erased then. heard_at: seconds on the monotonic clock.
    """

    source: Source
    widget: Widget
    transport: asyncio.WriteTransport
    order: int
    heard_at: float
    settings: dict[str, Any] = field(default_factory=dict)
    looks: dict[str, Any] = field(default_factory=dict)
    visible: bool = True
    active: bool = True
    playing: bool = False
    live: bool = False
    closed: bool = False
    given: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)
    catching_up: "asyncio.Task[Any] | None" = None

    def write(self, wire: bytes) -> bool:
        """Hand over a frame. False when the page is so far behind that it was cut off: a
        closing handshake would wait behind everything it has not read."""
        if self.closed:
            return False
        if self.transport.get_write_buffer_size() > BUFFER_MAX:
            self.cut()
            return False
        self.transport.write(wire)
        return True

    def send(self, payload: bytes) -> bool:
        """Hand over one message of its own."""
        return self.write(on_wire(payload))

    def cut(self) -> None:
        """End it at once."""
        self.closed = True
        self.transport.abort()

    async def drained(self) -> None:
        """Wait until most of what was handed over has left, while catching up."""
        polls = 0
        while not self.closed and self._behind():
            await asyncio.sleep(POLL_S)  # transports have no event for it
            polls += 1
            if polls * POLL_S >= DRAIN_S:
                self.cut()

    def _behind(self) -> bool:
        return self.transport.get_write_buffer_size() > BUFFER_MAX // 4
