"""The hub: which pages are connected, who plays, and what each is given.

A gift goes to every source of a widget that plays gifts once: a page that connects is first given
what its source has not shown yet, read from the journal in pages, and then the live tail. Pages
of other widgets are told states (`overlay/states.py`), and of gifts only as they come.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog

from commands.policy import StagePolicy
from commands.settle import Settler
from data.access import Access, Source
from data.errors import GiftError
from data.events import Event
from data.feed import Feed
from data.journal import Books, Journal
from data.ledger import Record
from overlay.backlog import Backlog, Faces, faced, playing_event
from overlay.encores import Encores
from overlay.frames import frame, greeting, notice, on_wire, seq_of
from overlay.link import Link
from overlay.links import Links
from overlay.marks import Marks
from overlay.states import States
from overlay.widget import Widget

LIVE_S = 15.0  # a page heard from within this time is alive


class Hub:
    """All links. `commands.settle.Pages` and `commands.call.Stagehand` for the desk."""

    def __init__(
        self,
        *,
        feed: Feed,
        journal: Journal,
        books: Books,
        access: Access,
        settler: Settler,
        states: States,
        settings: Callable[[Source], dict[str, Any]],
        faces: Faces,
        looks: Callable[[str, Mapping[str, Any]], dict[str, Any]],
        policies: Callable[[str], StagePolicy],
        now: Callable[[], int],
        clock: Callable[[], float],
    ) -> None:
        self._books, self._access, self._states = books, access, states
        self._settings, self._looks, self._faces = settings, looks, faces
        self._settler, self._policies, self._now, self._clock = settler, policies, now, clock
        self._backlog = Backlog(journal, books, settler, policies, now)
        self._links = Links(clock, begins=self._begin, rests=self._welcome)
        self._marks = Marks(access)
        self._recalled: set[tuple[str, int]] = set()
        self._encores = Encores(books, self._links, faces)
        feed.follow(self._publish)

    # --- commands.call.Stagehand and commands.settle.Pages ---

    def settling(self, stage: str) -> bool:
        """Whether a source that settles gifts is registered."""
        return self._access.settling(stage)

    def online(self, stage: str) -> bool:
        """Whether a page of such a source is connected."""
        return any(link.source.settles for link in self._links.playing(stage))

    def holds(self, stage: str, seq: int) -> bool:
        """Whether a live page that settles was given this gift."""
        now = self._clock()
        return any(
            link.source.settles and seq in link.given and now - link.heard_at <= LIVE_S
            for link in self._links.playing(stage)
        )

    def recall(self, stage: str, gift_ids: Sequence[str]) -> None:
        """Stop handing these out and ask the pages to drop them."""
        for gift_id in gift_ids:
            self._recalled.add((stage, seq_of(gift_id)))
        wire = on_wire(notice("gift.recall", self._now(), gift_ids=list(gift_ids)))
        for link in self._links.playing(stage):
            link.write(wire)
        self._states.touch("desk.changed", stage)

    # --- what is connected ---

    def connected(self, source: Source) -> bool:
        """Whether a page of the source is there."""
        return bool(self._links.of(source))

    def active(self, source: Source) -> bool:
        """Whether one of them is in the programme of its OBS, as far as it knows."""
        return any(link.visible and link.active for link in self._links.of(source))

    async def join(
        self,
        source: Source,
        widget: Widget,
        transport: asyncio.WriteTransport,
        shown: Sequence[str] = (),
    ) -> Link:
        """Take up a page. shown: what it has shown unconfirmed; settled before it is given any."""
        await self._marks.load(source)
        settled = await self._settle(source, shown)
        link = self._links.new(source, widget, transport)
        link.settings = self._settings(source)
        if source not in self._access.sources():
            link.cut()  # removed, or given a new token, just now
        self._links.add(link)
        if not link.playing:
            self._welcome(link)
        if shown and settled:
            link.send(notice("settled", self._now(), gift_ids=list(shown)))
        self._states.join(link, link.settings)
        return link

    def leave(self, link: Link) -> None:
        """The page is gone."""
        self._states.leave(link)
        self._links.remove(link)

    def look(self, link: Link, *, visible: bool, active: bool = True) -> None:
        """The page says whether it can be seen, and whether it is in the programme."""
        self._links.look(link, visible=visible, active=active)

    def refit(self) -> None:
        """Settings may have changed: each page whose own did is told, and goes on as it was."""
        for link in self._links.every():
            settings = self._settings(link.source)
            if not link.closed and settings != link.settings:
                link.settings = settings
                self._welcome(link)
                self._states.join(link, settings)

    def face(self, stage: str, gift_ids: Sequence[str], avatar: str) -> None:
        """The face of who sent these can be shown now."""
        wire = on_wire(notice("gift.face", self._now(), gift_ids=list(gift_ids), avatar=avatar))
        for link in self._links.playing(stage):
            if "gift.sent" in link.widget.events:
                link.write(wire)

    def speak(self, stage: str, gift_id: str, clip: Callable[[], str]) -> None:
        """What was written with a gift can be heard. clip: an address, good for one page."""
        for link in self._links.playing(stage):
            if "gift.speech" in link.widget.events:
                link.send(notice("gift.speech", self._now(), gift_id=gift_id, path=clip()))

    def restyle(self) -> None:
        """Themes or art may have changed: each page whose looks did is told, and plays on."""
        for link in self._links.every():
            looks = self._looks(link.source.stage, link.settings)
            if looks != link.looks:
                link.looks = looks
                link.send(notice("looks.changed", self._now(), **looks))

    def drop_source(self, source: Source) -> None:
        """Cut every page of a source whose token is no longer valid."""
        for link in self._links.of(source):
            self._links.cut(link)
        self._marks.forget(source)

    async def ping(self) -> None:
        """Ask every page whether it is there, and cut those that were silent too long."""
        self._links.ping()

    def close(self) -> None:
        """Cut every page; they come back by themselves."""
        self._states.close()
        self._encores.close()
        for link in self._links.every():
            self._links.cut(link)

    def _begin(self, link: Link) -> None:
        if link.widget.settles:
            link.catching_up = asyncio.create_task(self._catch_up(link))
        else:
            link.live = True
        self._welcome(link)
        if leaving := self._settler.leaving(link.source.stage):  # it may hold them from before
            link.send(notice("gift.recall", self._now(), gift_ids=leaving))

    def _welcome(self, link: Link) -> None:
        stage = link.source.stage
        link.looks = self._looks(stage, link.settings)
        link.send(
            greeting(
                "welcome",
                stage=stage,
                widget=link.widget.name,
                settings=link.settings,
                paused=self._settler.paused(stage),
                muted=self._settler.muted(stage),
                standby=not link.playing,
                catching_up=link.playing and not link.live,
                looks=link.looks,
            )
        )

    # --- giving ---

    def _publish(self, stage: str, _seq: int, events: Sequence[Event]) -> None:
        links = self._links.playing(stage)
        for event in events:
            seq = seq_of(event.data["gift_id"]) if "gift_id" in event.data else 0
            if event.type == "gift.returned":
                self._recalled.discard((stage, seq))
            if not links:
                continue
            if event.type == "control" and event.data["action"] == "replay":
                self._encores.start(event)
                continue
            wire = on_wire(frame(faced(event, self._faces)))
            for link in links:
                if event.type == "gift.text" and not link.live:
                    link.silent.add(seq)
                if event.type not in link.widget.events:
                    continue
                if event.type != "gift.sent":
                    self._tell(link, event, seq, wire)
                elif link.live:
                    self._give(link, seq, wire)

    def _tell(self, link: Link, event: Event, seq: int, wire: bytes) -> None:
        if event.type == "gift.returned":
            link.given.discard(seq)
            if not link.live:
                link.gone.add(seq)
        link.write(wire)

    def _give(self, link: Link, seq: int, wire: bytes) -> None:
        if not link.widget.settles:
            link.write(wire)  # news: it answers for nothing
            return
        recalled = (link.source.stage, seq) in self._recalled
        if recalled or seq in link.given or self._marks.has(link.source, seq):
            return
        if link.write(wire):
            link.given.add(seq)

    async def _catch_up(self, link: Link) -> None:
        """Give the page what its source has not shown, oldest first, then let it go live."""
        if "gift.sent" in link.widget.events:
            async for record in self._backlog.of(link.source):
                if link.closed:
                    return
                await self._replay(link, record)
        link.live = True
        link.send(greeting("caught_up"))
        link.gone.clear()
        link.silent.clear()

    async def _replay(self, link: Link, record: Record) -> None:
        if record.seq in link.gone:
            return
        event = playing_event(record, silent=record.seq in link.silent, faces=self._faces)
        self._give(link, record.seq, on_wire(frame(event)))
        await link.drained()

    # --- what pages answer ---

    async def shown(self, link: Link, gift_ids: Iterable[str]) -> None:
        """The page has painted these: settle and remember them, then confirm. What cannot be
        recorded now is not confirmed, so the page says it again."""
        ids = list(gift_ids)
        if not link.closed and await self._settle(link.source, ids):
            link.send(notice("settled", self._now(), gift_ids=ids))

    async def _settle(self, source: Source, ids: Sequence[str]) -> bool:
        """Record that a source has shown these; whether that is on disk."""
        known = await self._backlog.known(source.stage, ids)
        try:
            if source.settles:
                await self._settler.shown(source.stage, known, str(source.id))
            await self._marks.add(source, known)
        except GiftError as error:
            structlog.get_logger().warning("overlay.not_settled", code=error.code.value)
            return False
        self._recalled.difference_update((source.stage, seq) for seq in known)
        for link in self._links.of(source):
            link.given.difference_update(known)
        return True

    async def dropped(self, link: Link, gift_ids: Iterable[str]) -> None:
        """The page has put these away unseen."""
        known = await self._backlog.known(link.source.stage, gift_ids)
        link.given.difference_update(known)
        if link.source.settles:
            await self._settler.dropped(link.source.stage, known)

    async def prune(self) -> None:
        """Forget what was shown so long ago that it can never be given again."""
        for stage in {source.stage for source in self._access.sources()}:
            since = self._now() - self._policies(stage).hold_max_s * 1000
            before = await self._books.first_since(stage, since)
            await self._marks.prune(stage, before)
