"""The hub on a clock and on connections that a test holds in its hands."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from commands.settle import GRACE_MS, RECALL_MS
from data.access import Access, Source, new_token
from data.feed import Feed
from data.ledger import Record
from overlay.hub import LIVE_S, Hub
from overlay.link import BUFFER_MAX, Link
from overlay.links import SILENT_S
from overlay.states import States
from overlay.widget import Widget, discover
from tests.house import MAIN, MOD, House, open_house
from tests.page import until
from tests.wire import Wire

ALERTS = discover()["alerts"]
GOALS = Widget(name="goals", title="Goals", events=frozenset({"goal.changed"}))
NEWS = Widget(name="news", title="News", events=frozenset({"gift.sent"}))
PATIENCE_S = 900


class Stage:
    """A house whose screen is the real hub."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.access = Access(house.journal, house.clock.now)
        self.settings = ALERTS.defaults()
        self.hub = Hub(
            looks=lambda _stage, _settings: {},
            feed=Feed(house.journal),
            journal=house.journal,
            books=house.journal.books,
            access=self.access,
            settler=house.settler,
            states=States(
                [], house.journal, day=lambda _: 0, now=house.clock.now, clock=house.clock.monotonic
            ),
            settings=lambda _: dict(self.settings),
            faces=lambda _: None,
            policies=lambda _: house.policy,
            now=house.clock.now,
            clock=house.clock.monotonic,
        )

    async def source(self, name: str = "alerts", *, settles: bool = True) -> Source:
        head = self.house.journal.head(MAIN)
        return await self.access.add(
            MAIN, "alerts", name, settles=settles, after=head, token=new_token()
        )

    async def join(
        self, source: Source, *shown: str, widget: Widget = ALERTS, stalled: bool = False
    ) -> tuple[Link, Wire]:
        """A page that has caught up, unless it is stalled or stands by."""
        wire = Wire()
        wire.stalled = stalled
        link = await self.hub.join(source, widget, wire, shown)
        if link.catching_up is not None and not stalled:
            await link.catching_up
        return link, wire

    async def gift(self, text: str = "!gift rose") -> Record:
        await self.house.grant("mia", 1_000)
        return await self.house.accepted(text)

    async def pass_s(self, seconds: float, *alive: Link) -> None:
        """Let time pass in small steps; these pages answer all the while."""
        for _ in range(round(seconds / 5)):
            self.house.clock.pass_s(5)
            for link in alive:
                link.heard_at = self.house.clock.monotonic()
            await self.house.settler.tick()


@asynccontextmanager
async def open_stage(folder: Path, **policy: Any) -> AsyncIterator[Stage]:
    async with open_house(folder, settles=True, **policy) as house:
        stage = Stage(house)
        await house.settler.load(stage.hub)
        yield stage
        stage.hub.close()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as opened:
        yield opened


# --- time ---


async def test_the_deadline_stands_still_while_a_live_page_holds_the_gift(stage: Stage) -> None:
    """A gift in the queue of a page that answers is never asked back."""
    link, wire = await stage.join(await stage.source())
    gift = await stage.gift()
    await stage.pass_s(3 * PATIENCE_S, link)
    assert await stage.house.state(gift) == "ready"
    assert wire.of("gift.recall") == []
    await stage.hub.shown(link, [gift.gift_id])
    assert await stage.house.state(gift) == "settled"


async def test_a_silent_page_holds_nothing(stage: Stage) -> None:
    """When a page has not been heard from, time runs again: recall, five seconds, return."""
    link, wire = await stage.join(await stage.source())
    gift = await stage.gift()
    await stage.pass_s(PATIENCE_S + LIVE_S)
    assert wire.of("gift.recall")[-1]["data"] == {"gift_ids": [gift.gift_id]}
    await stage.pass_s(RECALL_MS / 1000)
    assert wire.of("gift.returned")[-1]["data"] == {"gift_id": gift.gift_id, "cause": "expired"}
    assert await stage.house.state(gift) == "returned"
    assert not link.given


async def test_nothing_expires_just_after_a_start(stage: Stage) -> None:
    """OBS may need a minute; until then even an old gift waits."""
    await stage.source()
    gift = await stage.gift()
    await stage.house.stop()
    stage.house.clock.pass_s(2 * PATIENCE_S)
    await stage.house.start()
    await stage.house.settler.load(Stage(stage.house).hub)
    await stage.house.pass_s(GRACE_MS / 1000 - 1)
    assert await stage.house.state(gift) == "ready"
    await stage.house.pass_s(1)
    await stage.house.pass_s(RECALL_MS / 1000)
    assert await stage.house.state(gift) == "returned"


async def test_pause_stops_the_clock_for_pages_that_are_away(stage: Stage) -> None:
    """What a moderator holds back is not the viewer's loss."""
    await stage.source()
    gift = await stage.gift()
    await stage.house.control("pause")
    await stage.pass_s(2 * PATIENCE_S)
    assert await stage.house.state(gift) == "ready"
    await stage.house.control("resume")
    await stage.pass_s(PATIENCE_S + RECALL_MS / 1000)
    assert await stage.house.state(gift) == "returned"


async def test_dropped_after_a_recall_returns_at_once(stage: Stage) -> None:
    """The page need not be waited for when it has answered."""
    link, _ = await stage.join(await stage.source())
    gift = await stage.gift()
    await stage.pass_s(PATIENCE_S + LIVE_S)
    await stage.hub.dropped(link, [gift.gift_id])
    assert await stage.house.state(gift) == "returned"


async def test_shown_in_answer_to_a_recall_settles(stage: Stage) -> None:
    """A gift that was on screen when it was asked back counts."""
    link, _ = await stage.join(await stage.source())
    gift = await stage.gift()
    await stage.pass_s(PATIENCE_S + LIVE_S)
    await stage.hub.shown(link, [gift.gift_id])
    await stage.pass_s(RECALL_MS / 1000)
    assert await stage.house.state(gift) == "settled"


async def test_dropped_without_a_recall_is_no_return(stage: Stage) -> None:
    """A page cannot give a viewer's gift back by itself; it comes again with the next page."""
    source = await stage.source()
    link, _ = await stage.join(source)
    gift = await stage.gift()
    await stage.hub.dropped(link, [gift.gift_id])
    assert await stage.house.state(gift) == "ready"
    _, wire = await stage.join(source)
    assert wire.given() == [gift.gift_id]


async def test_a_recalled_gift_is_handed_out_no_more(stage: Stage) -> None:
    """Between recall and return a page that connects does not get it."""
    source = await stage.source()
    gift = await stage.gift()
    await stage.pass_s(PATIENCE_S)
    _, wire = await stage.join(source)
    assert wire.given() == []
    await stage.pass_s(RECALL_MS / 1000)
    assert await stage.house.state(gift) == "returned"


async def test_a_silent_page_is_cut_and_an_answering_one_kept(stage: Stage) -> None:
    """Pings go to all; who has not answered for long is taken for dead."""
    quiet, quiet_wire = await stage.join(await stage.source("quiet"))
    lively, lively_wire = await stage.join(await stage.source("lively"))
    for _ in range(4):
        stage.house.clock.pass_s(10)
        lively.heard_at = stage.house.clock.monotonic()
        await stage.hub.ping()
    assert stage.house.clock.monotonic() - quiet.heard_at > SILENT_S
    assert (quiet_wire.aborted, lively_wire.aborted) == (True, False)
    assert (len(quiet_wire.of("ping")), len(lively_wire.of("ping"))) == (3, 4)


# --- who plays ---


async def test_online_means_a_settling_page_that_plays(stage: Stage) -> None:
    """A preview does not make the overlay online."""
    source = await stage.source()
    await stage.join(await stage.source("preview", settles=False))
    assert (stage.hub.settling(MAIN), stage.hub.online(MAIN)) == (True, False)
    link, _ = await stage.join(source)
    assert stage.hub.online(MAIN)
    stage.hub.leave(link)
    assert not stage.hub.online(MAIN)
    assert not stage.hub.connected(source)


async def test_a_gift_taken_from_a_resting_page_goes_to_the_one_that_plays(stage: Stage) -> None:
    """What the first page had not shown is the second one's to show."""
    source = await stage.source()
    first, first_wire = await stage.join(source)
    gift = await stage.gift()
    second, second_wire = await stage.join(source)
    assert (first_wire.given(), second_wire.given()) == ([gift.gift_id], [gift.gift_id])
    assert [f["standby"] for f in first_wire.of("welcome")] == [False, True]
    assert not first.given
    stage.hub.leave(second)
    await asyncio.gather(*filter(None, [first.catching_up]))
    assert [f["standby"] for f in first_wire.of("welcome")] == [False, True, False]


async def test_what_one_page_has_shown_the_other_is_not_given(stage: Stage) -> None:
    """A late word of a page that stands by is as good."""
    source = await stage.source()
    first, _ = await stage.join(source)
    gift = await stage.gift()
    await stage.hub.shown(first, [gift.gift_id])
    _, wire = await stage.join(source)
    assert wire.given() == []


async def test_marks_survive_a_restart(stage: Stage) -> None:
    """What a source has shown is on disk before it is confirmed."""
    source = await stage.source("preview", settles=False)
    link, _ = await stage.join(source)
    gift = await stage.gift()
    await stage.hub.shown(link, [gift.gift_id])
    await stage.house.restart()
    again = Stage(stage.house)
    await again.access.load()
    await again.house.settler.load(again.hub)
    _, wire = await again.join(source)
    assert wire.given() == []


async def test_a_hello_that_overlaps_another_one_forgets_nothing(stage: Stage) -> None:
    """Two pages that connect at the same moment leave the marks of both."""
    source = await stage.source("preview", settles=False)
    gift = await stage.gift()
    await asyncio.gather(
        *(stage.hub.join(source, ALERTS, Wire(), shown) for shown in ((), (gift.gift_id,), ()))
    )
    _, wire = await stage.join(source)
    assert wire.given() == []


async def test_a_source_removed_during_hello_gets_nothing(stage: Stage) -> None:
    """A page whose token dies while it is being greeted is cut."""
    source = await stage.source()
    await stage.access.rotate(source, new_token())
    stage.hub.drop_source(source)
    _, wire = await stage.join(source)
    assert wire.aborted
    assert wire.frames() == []


async def test_a_widget_gets_only_the_events_it_declares(stage: Stage) -> None:
    """A page of goals is not sent gifts."""
    _, wire = await stage.join(await stage.source("goals", settles=False), widget=GOALS)
    await stage.gift()
    await stage.house.control("pause")
    assert [frame["type"] for frame in wire.frames()] == ["welcome"]


async def test_a_widget_that_plays_no_gifts_hears_of_them_as_news(stage: Stage) -> None:
    """Those that come while it is there, and nothing that came before; it answers for none."""
    before = await stage.gift()
    link, wire = await stage.join(await stage.source("news", settles=False), widget=NEWS)
    gifts = [await stage.gift(), await stage.gift()]
    assert before.gift_id not in wire.given()
    assert wire.given() == [gift.gift_id for gift in gifts]
    assert not link.given
    assert link.live


# --- catching up ---


async def test_a_gift_approved_while_a_page_catches_up_is_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lies before what the page has read already, and still comes, once."""
    async with open_stage(tmp_path, approve_from_tier=1) as stage:
        waits = await stage.gift()
        source = await stage.source()
        ready = await stage.gift()
        await stage.house.say(f"!approve {ready.gift_id}", by="mod", role=MOD)
        released = asyncio.Event()
        monkeypatch.setattr(Link, "drained", lambda _: released.wait())
        link, wire = await stage.join(source, stalled=True)
        await until(wire.given)
        await stage.house.say(f"!approve {waits.gift_id}", by="mod", role=MOD)
        released.set()
        assert link.catching_up is not None
        await link.catching_up
        assert wire.given() == [ready.gift_id, waits.gift_id]


async def test_a_gift_returned_while_a_page_catches_up_does_not_come(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was taken back before its turn."""
    source = await stage.source()
    gifts = [await stage.gift() for _ in range(3)]
    released = asyncio.Event()
    monkeypatch.setattr(Link, "drained", lambda _: released.wait())
    link, wire = await stage.join(source, stalled=True)
    await until(wire.given)
    reply = await stage.house.say("!alerts clear", by="mod", role=MOD)
    assert "3 waiting gifts go back" in reply.text
    await stage.pass_s(RECALL_MS / 1000)
    released.set()
    assert link.catching_up is not None
    await link.catching_up
    assert wire.given() == [gifts[0].gift_id]
    assert {await stage.house.state(gift) for gift in gifts} == {"returned"}


async def test_a_page_back_after_a_restart_is_asked_for_what_was_cleared(stage: Stage) -> None:
    """It is given none of it; what it has in hand it puts away, what it had shown is settled."""
    source = await stage.source()
    seen, queued = await stage.gift(), await stage.gift()
    await stage.house.say("!alerts clear", by="mod", role=MOD)
    await stage.house.restart()
    after = Stage(stage.house)
    await after.access.load()
    await stage.house.settler.load(after.hub)
    link, wire = await after.join(source, seen.gift_id)
    assert wire.given() == []
    assert [frame["data"]["gift_ids"] for frame in wire.of("gift.recall")] == [[queued.gift_id]]
    await after.hub.dropped(link, [queued.gift_id])
    await after.pass_s(GRACE_MS / 1000)
    states = [await stage.house.state(gift) for gift in (seen, queued)]
    assert states == ["settled", "returned"]
    after.hub.close()


async def test_gifts_sent_while_a_page_catches_up_come_once_and_in_order(stage: Stage) -> None:
    """The seam between backlog and live tail shows neither gap nor double."""
    source = await stage.source()
    before = [await stage.gift() for _ in range(20)]
    joining = asyncio.create_task(stage.join(source))
    during = [await stage.gift() for _ in range(20)]
    _, wire = await joining
    after = [await stage.gift() for _ in range(5)]
    assert wire.given() == [gift.gift_id for gift in before + during + after]


# --- pages that do not read ---


async def test_publishing_never_waits_for_a_stalled_page(stage: Stage) -> None:
    """The stalled one is cut when its buffer is full; the others get everything."""
    _, stalled = await stage.join(await stage.source("stalled"), stalled=True)
    _, wire = await stage.join(await stage.source())
    stalled.written += bytes(BUFFER_MAX)
    first, second = await stage.gift(), await stage.gift()
    assert stalled.aborted
    assert len(stalled.written) < BUFFER_MAX + 10_000
    assert wire.given() == [first.gift_id, second.gift_id]


async def test_a_stalled_page_does_not_make_the_backlog_pile_up(stage: Stage) -> None:
    """Catching up waits at a quarter of the buffer, and ends when the page is cut."""
    source = await stage.source()
    gifts = [await stage.gift() for _ in range(3)]
    link, wire = await stage.join(source, stalled=True)
    wire.written = bytes(BUFFER_MAX // 2)
    assert link.catching_up is not None
    await until(lambda: link.given == {gifts[0].seq})
    stage.hub.drop_source(source)
    assert wire.aborted


# --- housekeeping ---


async def test_prune_forgets_only_what_can_never_come_again(stage: Stage) -> None:
    """Marks stay as long as a gift could be replayed."""
    source = await stage.source()
    link, _ = await stage.join(source)
    old = await stage.gift()
    await stage.hub.shown(link, [old.gift_id])
    stage.house.clock.pass_s(stage.house.policy.hold_max_s + 1)
    new = await stage.gift()
    await stage.hub.shown(link, [new.gift_id])
    await stage.hub.prune()
    assert await stage.access.shown(source) == {new.seq}
    _, wire = await stage.join(source)
    assert wire.given() == []
