"""Encores: a gift is played once more, for the eyes only."""

import asyncio
from dataclasses import replace

import structlog

from data.events import Event
from data.journal import Books
from overlay.backlog import Faces, playing_event
from overlay.frames import frame, on_wire, seq_of
from overlay.links import Links


class Encores:
    """Hands the order on to every page that plays, with all of the gift, which no page may know
    any more. The books are asked for it, so that what was erased meanwhile is not shown."""

    def __init__(self, books: Books, links: Links, faces: Faces) -> None:
        self._books, self._links, self._faces = books, links, faces
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, order: Event) -> None:
        """Do it in a moment."""
        task = asyncio.get_running_loop().create_task(self._play(order))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """No more."""
        for task in self._tasks:
            task.cancel()

    async def _play(self, order: Event) -> None:
        try:
            record = await self._books.find(order.stage, seq_of(order.data["gift_id"]))
        except Exception:  # noqa: BLE001 - a moderator may ask again
            structlog.get_logger().exception("encore.failed")
            return
        if record is None or record.gift_id != order.data["gift_id"]:
            return
        again = replace(
            order, data={**order.data, "sent": playing_event(record, faces=self._faces).data}
        )
        wire = on_wire(frame(again))
        for link in self._links.playing(order.stage):
            if order.type in link.widget.events:
                link.write(wire)
