"""What pages are told that is no gift to be played: on joining, and as it changes."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from commands.boards import Boards
from commands.spans import Spans
from data.access import Source
from data.ledger import Record
from overlay.kinds import CHANGES_AT, Data, Kind
from overlay.kinds.boards import BoardKind
from overlay.kinds.show import ShowKind
from overlay.link import Link
from overlay.states import PAUSE_S, REST, RETRY_S, States
from overlay.widget import Widget
from tests.house import MAIN, MOD, NOON, House, open_house
from tests.wire import Frame, Wire

BOARD = Widget(name="board", title="Board", events=frozenset({"board.changed"}))
SHOW = Widget(name="show", title="Show", events=frozenset({"show.changed"}))
TOTAL = Widget(name="total", title="Total", events=frozenset({"total.changed"}))
_ids = count(1)


class Total:
    """A kind for these tests: the coins of all records, counted by hand."""

    type = "total.changed"

    def __init__(self) -> None:
        self.read_at: list[int] = []
        self.total = 0
        self.takes_s = 0.0
        self.clock_s = 0.0
        self.breaks = 0
        self.changes_at = 0

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        return settings.get("topics", ("all",))  # type: ignore[no-any-return]

    def follows(self, record: Record) -> bool:
        return record.kind == "grant"

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        self.read_at.append(self.total)
        self.clock_s += self.takes_s
        if self.breaks:
            self.breaks -= 1
            raise OSError("the disk is tired")
        found: Data = {"id": topic, "total": self.total}
        if self.changes_at:
            found[CHANGES_AT] = self.changes_at
        return {topic: found} if self.total >= 0 else {}

    def change(self, before: Data | None, now: Data) -> Data:
        return {**now, "more": now["total"] - (before or now)["total"]}


class Screen:
    """States told to pages on a house. Pauses end when the test says so. slept: how long each
    was meant to be, in seconds."""

    def __init__(self, house: House, *kinds: Kind, clock: Any = None) -> None:
        self.house = house
        self.slept: list[float] = []
        self._going = asyncio.Event()
        spans = Spans(lambda _: house.policy, house.shows, house.clock.now)
        boards = Boards(house.journal.books, house.people, lambda _: house.policy)
        shipped = (BoardKind(boards, spans), ShowKind(house.shows, house.journal.books))
        self.states = States(
            (*shipped, *kinds),
            house.journal,
            day=spans.day,
            now=house.clock.now,
            clock=clock or house.clock.monotonic,
            pause=self._pause,
        )

    async def _pause(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self._going.wait()

    async def go_on(self) -> None:
        """Every pause ends, once."""
        self._going.set()
        await asyncio.sleep(0)
        self._going.clear()

    async def rest(self, pauses: int = 1) -> None:
        """Until so many pauses were begun."""
        async with asyncio.timeout(5):
            while len(self.slept) < pauses:  # noqa: ASYNC110 - readers work in threads
                await asyncio.sleep(0.001)

    async def told(self) -> None:
        """Until a next reading was told."""
        pauses = len(self.slept)
        await self.go_on()
        await self.rest(pauses + 1)

    def join(self, widget: Widget, **settings: Any) -> Wire:
        """A page that has connected."""
        return self.join_link(widget, **settings)[1]

    def join_link(self, widget: Widget, **settings: Any) -> tuple[Link, Wire]:
        wire = Wire()
        source = Source(next(_ids), MAIN, widget.name, "page", False, 0, b"")
        link = Link(source, widget, wire, next(_ids), 0.0)
        self.states.join(link, settings)
        return link, wire


@asynccontextmanager
async def open_screen(folder: Path, *kinds: Kind, **how: Any) -> AsyncIterator[Screen]:
    async with open_house(folder) as house:
        screen = Screen(house, *kinds, **how)
        yield screen
        screen.states.close()


@pytest.fixture
async def screen(tmp_path: Path) -> AsyncIterator[Screen]:
    async with open_screen(tmp_path) as opened:
        yield opened


def data(wire: Wire) -> list[Data]:
    """What the page was told, without the frames around it."""
    return [frame["data"] for frame in wire.frames()]


def rows(frame: Frame) -> list[tuple[str, int, Any]]:
    """A board in short: name, coins, rank before."""
    return [(row["name"], row["coins"], row["was"]) for row in frame["data"]["rows"]]


# --- how it is told ---


async def test_a_page_is_told_all_at_once_and_then_what_changes(screen: Screen) -> None:
    """The whole board at each change, with the rank that each had before."""
    await screen.house.grant("mia", 100)
    await screen.house.grant("jo", 100)
    await screen.house.accepted("!gift rose 5", by="mia")
    wire = screen.join(BOARD)
    await screen.rest()
    (first,) = wire.frames()
    assert (first["type"], first["seq"], first["data"]["board_id"]) == ("board.changed", 0, "today")
    assert rows(first) == [("mia", 5, 1)]
    await screen.house.accepted("!gift rose 8", by="jo")
    await screen.told()
    assert rows(wire.frames()[-1]) == [("jo", 8, None), ("mia", 5, 1)]
    await screen.house.accepted("!gift rose 9", by="mia")
    await screen.told()
    assert rows(wire.frames()[-1]) == [("mia", 14, 2), ("jo", 8, 1)]
    assert len(wire.frames()) == 3


async def test_whoever_comes_later_sees_the_same_board_without_its_movements(
    screen: Screen,
) -> None:
    """It is told at once, from what the others know."""
    await screen.house.grant("mia", 100)
    screen.join(BOARD)
    await screen.rest()
    await screen.house.accepted("!gift rose 5", by="mia")
    await screen.told()
    late = screen.join(BOARD)
    assert [rows(frame) for frame in late.frames()] == [[("mia", 5, 1)]]


async def test_a_storm_is_told_in_few_frames(tmp_path: Path) -> None:
    """A hundred changes during a pause make one reading and one frame."""
    total = Total()
    async with open_screen(tmp_path, total) as screen:
        wire = screen.join(TOTAL)
        await screen.rest()
        for total.total in range(1, 101):
            await screen.house.grant("mia", 1)
        await screen.told()
        assert total.read_at == [0, 100]
        assert data(wire)[-1] == {"id": "all", "total": 100, "more": 100}
        assert screen.slept == [PAUSE_S, PAUSE_S]


async def test_slow_books_are_asked_less_often(tmp_path: Path) -> None:
    """Reading takes no more than a small share of the time."""
    total = Total()
    total.takes_s = 0.2
    async with open_screen(tmp_path, total, clock=lambda: total.clock_s) as screen:
        screen.join(TOTAL)
        await screen.rest()
        assert screen.slept == [pytest.approx(REST * 0.2)]


async def test_what_did_not_change_is_not_told_again(tmp_path: Path) -> None:
    """A record that might have changed it, and did not."""
    total = Total()
    async with open_screen(tmp_path, total) as screen:
        wire = screen.join(TOTAL)
        await screen.rest()
        await screen.house.grant("mia", 1)
        await screen.told()
        assert len(total.read_at) == 2
        assert len(data(wire)) == 1


async def test_what_is_no_more_is_told_so(tmp_path: Path) -> None:
    """Such as a goal that was taken out of its document."""
    total = Total()
    async with open_screen(tmp_path, total) as screen:
        wire = screen.join(TOTAL)
        await screen.rest()
        total.total = -1
        screen.states.refresh()
        await screen.told()
        assert data(wire)[-1] == {"id": "all", "total": 0, "gone": True}


async def test_a_failed_reading_is_tried_again(tmp_path: Path) -> None:
    """And harms no other kind."""
    total = Total()
    total.breaks = 1
    async with open_screen(tmp_path, total) as screen:
        wire = screen.join(TOTAL)
        await screen.rest()
        assert data(wire) == []
        assert screen.slept == [RETRY_S]
        await screen.told()
        assert data(wire) == [{"id": "all", "total": 0, "more": 0}]


async def test_nothing_is_read_for_nobody(tmp_path: Path) -> None:
    """Not before a page came, and not after the last one went."""
    total = Total()
    async with open_screen(tmp_path, total) as screen:
        await screen.house.grant("mia", 1)
        link, _ = screen.join_link(TOTAL)
        await screen.rest()
        screen.states.leave(link)
        await screen.house.grant("mia", 1)
        assert total.read_at == [0]


async def test_other_settings_bring_other_topics(tmp_path: Path) -> None:
    """A page that joins again is told what it asks for now, and nothing else."""
    total = Total()
    async with open_screen(tmp_path, total) as screen:
        link, wire = screen.join_link(TOTAL, topics=("a", "b"))
        await screen.rest(2)
        screen.states.join(link, {"topics": ["b", "c"]})
        await screen.rest(4)
        await screen.house.grant("mia", 1)
        total.total = 7
        await screen.go_on()
        await screen.rest(6)
        assert sorted(each["id"] for each in data(wire)) == ["a", "b", "b", "b", "c", "c"]


async def test_at_midnight_a_day_s_board_begins_anew(screen: Screen) -> None:
    """By the stage's calendar, without a gift."""
    await screen.house.grant("mia", 100)
    await screen.house.accepted("!gift rose 5", by="mia")
    wire = screen.join(BOARD)
    await screen.rest()
    await screen.states.tick()
    screen.house.clock.pass_s(13 * 3_600)
    await screen.states.tick()
    await screen.told()
    assert [rows(frame) for frame in wire.frames()] == [[("mia", 5, 1)], []]


async def test_what_changes_by_itself_is_read_when_it_says_so(tmp_path: Path) -> None:
    """Such as a train whose clock runs out: once, without a record."""
    total = Total()
    total.changes_at = NOON + 5_000
    async with open_screen(tmp_path, total) as screen:
        wire = screen.join(TOTAL)
        await screen.rest()
        screen.house.clock.pass_s(4)
        await screen.states.tick()
        await screen.go_on()
        assert len(total.read_at) == 1
        screen.house.clock.pass_s(1)
        total.total, total.changes_at = 1, 0
        await screen.states.tick()
        await screen.rest(2)
        await screen.states.tick()
        assert [each["total"] for each in data(wire)] == [0, 1]


# --- boards and shows ---


async def test_a_refund_flows_back(screen: Screen) -> None:
    """Whoever has nothing left is on no board."""
    await screen.house.grant("mia", 100)
    gift = await screen.house.accepted("!gift rose 5", by="mia")
    wire = screen.join(BOARD, period="all")
    await screen.rest()
    await screen.house.accepted(f"!refund {gift.gift_id}", by="mod", role=MOD)
    await screen.told()
    assert [rows(frame) for frame in wire.frames()] == [[("mia", 5, 1)], []]


async def test_a_board_of_the_show_is_today_s_until_there_is_a_show(screen: Screen) -> None:
    """A trial without a platform that goes live has boards too; and says what they are."""
    await screen.house.grant("mia", 100)
    await screen.house.accepted("!gift rose 5", by="mia")
    wire = screen.join(BOARD, period="show")
    await screen.rest()
    await screen.house.shows.began(MAIN, "twitch", "1", NOON)
    await screen.told()
    await screen.house.accepted("!gift rose 2", by="mia")
    await screen.told()
    told = [(frame["data"]["period"], rows(frame)) for frame in wire.frames()]
    assert told == [("today", [("mia", 5, 1)]), ("show", []), ("show", [("mia", 2, None)])]


async def test_who_is_hidden_by_the_policy_is_on_no_board(tmp_path: Path) -> None:
    """Whatever the case of the name; the next ones move up."""
    async with open_house(tmp_path, hidden_from_boards=("MIA",)) as house:
        screen = Screen(house)
        for name, roses in (("mia", 9), ("jo", 5), ("ann", 3)):
            await house.grant(name, 100)
            await house.accepted(f"!gift rose {roses}", by=name)
        wire = screen.join(BOARD)
        await screen.rest()
        assert rows(wire.frames()[0]) == [("jo", 5, 1), ("ann", 3, 2)]
        reply = await house.say("!top")
        assert reply.text == "Today: 1. jo 5 coins · 2. ann 3 coins"
        screen.states.close()


async def test_whose_identity_was_erased_is_someone(screen: Screen) -> None:
    """The place stays."""
    await screen.house.grant("mia", 100)
    await screen.house.accepted("!gift rose 5", by="mia")
    await screen.house.journal.write(lambda db: db.execute("DELETE FROM identity"))
    wire = screen.join(BOARD)
    await screen.rest()
    assert rows(wire.frames()[0]) == [("someone", 5, 1)]


async def test_a_show_and_what_it_brought_in(screen: Screen) -> None:
    """Live, with its sums; and over."""
    wire = screen.join(SHOW)
    await screen.rest()
    await screen.house.shows.began(MAIN, "twitch", "1", NOON)
    await screen.house.grant("mia", 100)
    await screen.house.accepted("!gift rose 5", by="mia")
    await screen.told()
    await screen.house.shows.ended(MAIN, "twitch", NOON)
    await screen.told()
    never, live, over = data(wire)
    nothing = {"gifts": 0, "coins": 0, "viewers": 0}
    assert never == {"show": 0, "live": False, "began_at": None, **nothing}
    assert live["live"]
    assert live["began_at"] == "2027-01-15T12:00:00.000Z"
    assert (live["gifts"], live["coins"], live["viewers"]) == (1, 5, 1)
    assert over == {**live, "live": False}
