"""The links: which pages are connected, and which one of each source plays."""

import asyncio
from collections.abc import Callable
from itertools import count

from data.access import Source
from overlay.frames import greeting, on_wire
from overlay.link import Link
from overlay.widget import Widget

PING_S = 10.0
SILENT_S = 35.0  # then it is taken for dead


class Links:
    """All connected pages. clock: monotonic, in seconds.

    begins: called with a page that now plays; rests: with one that now stands by.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        begins: Callable[[Link], None],
        rests: Callable[[Link], None],
    ) -> None:
        self._clock, self._begins, self._rests = clock, begins, rests
        self._links: dict[int, list[Link]] = {}
        self._players: dict[str, list[Link]] = {}
        self._order = count(1)

    def of(self, source: Source) -> list[Link]:
        """The pages of a source."""
        return list(self._links.get(source.id, ()))

    def playing(self, stage: str) -> list[Link]:
        """The pages that play on a stage; gathered anew after a page came or went."""
        if stage not in self._players:
            every = (link for links in self._links.values() for link in links)
            self._players[stage] = [x for x in every if x.playing and x.source.stage == stage]
        return self._players[stage]

    def new(self, source: Source, widget: Widget, transport: asyncio.WriteTransport) -> Link:
        """A page that is not among the others yet."""
        return Link(source, widget, transport, next(self._order), self._clock())

    def add(self, link: Link) -> None:
        """Take up a page. One page of a source plays: a visible one, among those one in the
        programme, and then the newest."""
        self._links.setdefault(link.source.id, []).append(link)
        self._choose(link.source.id)

    def remove(self, link: Link) -> None:
        """The page is gone."""
        link.closed = True
        self.rest(link)
        links = self._links.get(link.source.id, [])
        if link in links:
            links.remove(link)
        if links:
            self._choose(link.source.id)
        else:
            self._links.pop(link.source.id, None)

    def look(self, link: Link, *, visible: bool, active: bool) -> None:
        """The page says whether it can be seen, and whether it is in the programme."""
        if (link.visible, link.active) != (visible, active):
            link.visible, link.active = visible, active
            self._choose(link.source.id)

    def rest(self, link: Link) -> None:
        """The page plays no more, and is given nothing."""
        self._players.clear()
        link.playing = link.live = False
        link.given.clear()
        if link.catching_up is not None:
            link.catching_up.cancel()
            link.catching_up = None

    def cut(self, link: Link) -> None:
        """End a page at once; it comes back by itself when it may."""
        self.rest(link)
        link.cut()

    def ping(self) -> None:
        """Ask every page whether it is there, and cut those that were silent too long."""
        now = self._clock()
        wire = on_wire(greeting("ping"))
        for link in self.every():
            if now - link.heard_at > SILENT_S:
                link.cut()
            else:
                link.write(wire)

    def every(self) -> list[Link]:
        """All connected pages."""
        return [link for links in self._links.values() for link in links]

    def _choose(self, source_id: int) -> None:
        links = self._links[source_id]
        best = max(links, key=lambda link: (link.visible, link.active, link.order))
        for link in links:
            if link.playing and link is not best:
                self.rest(link)
                self._rests(link)
        if not best.playing:
            best.playing = True
            self._players.clear()
            self._begins(best)
