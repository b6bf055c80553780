"""What widgets are told equals what one finds by counting the journal again, after any history."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commands.boards import Boards
from commands.goals import Goals, Progress
from commands.spans import PERIODS, Spans
from data.documents import FileDocuments
from data.ledger import Record
from overlay.kinds import Kind
from overlay.kinds.boards import BoardKind
from overlay.kinds.counts import CountKind
from overlay.kinds.goals import GoalKind
from overlay.kinds.recent import RecentKind
from overlay.kinds.show import ShowKind
from tests.house import MAIN, MOD, House, open_house, scale
from tests.test_goals import goal, write

NAMES = ("mia", "jo", "ann", "bob")
GIFTS = ("rose", "panda", "heart")
DAY_S = 24 * 3_600
GOALS = [
    goal(f"{counts}-{period}", counts=counts, period=period, start=start)
    for counts, start in (("coins", 0), ("gifts", 3), ("viewers", 0))
    for period in ("today", "week", "month", "show", "forever")
] + [
    goal("pandas", counts="gifts", gift="panda", period="forever", since="2027-01-18"),
    goal("roses", gift="rose", period="month"),
]


class History:
    """Things that happen to a house, by chance."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self.house, self.chance = house, chance
        self.shows = 0

    async def step(self) -> None:
        """One of them."""
        act: Callable[[], Any] = self.chance.choices(
            [self.gift, self.seen, self.refund, self.lost, self.wait, self.show, self.restart],
            [12, 8, 3, 1, 2, 1, 1],
        )[0]
        await act()

    async def gift(self) -> None:
        self.house.screen.settles = self.chance.random() < 0.7
        kind, count = self.chance.choice(GIFTS), self.chance.randint(1, 9)
        await self.house.accepted(f"!gift {kind} {count}", by=self.chance.choice(NAMES))

    async def seen(self) -> None:
        if ready := self.house.settler.ready(MAIN):
            await self.house.settler.shown(MAIN, [self.chance.choice(ready).seq], "1")

    async def refund(self) -> None:
        """Of any gift, open or settled; of one that is back already it is refused."""
        if gifts := await self.house.records("gift"):
            ref = self.chance.choice(gifts).gift_id
            await self.house.say(f"!refund {ref}", by="mod", role=MOD)

    async def lost(self) -> None:
        await self.house.settler.return_all(MAIN, "no_source")

    async def wait(self) -> None:
        self.house.clock.pass_s(self.chance.choice((60, DAY_S / 2, DAY_S)))

    async def show(self) -> None:
        now = self.house.clock.now()
        if self.house.shows.current(MAIN):
            await self.house.shows.ended(MAIN, "twitch", now)
        else:
            self.shows += 1
            await self.house.shows.began(MAIN, "twitch", str(self.shows), now)

    async def restart(self) -> None:
        await self.house.restart(after_s=1)


class Recount:
    """A journal read from its beginning and counted in plain words."""

    def __init__(self, house: House, records: list[Record]) -> None:
        self.house = house
        self.order: dict[int, int] = {}  # by gift: when it was settled
        gifts = {record.seq: record for record in records if record.kind == "gift"}
        for record in records:
            if record.kind == "settle" or (record.kind == "gift" and record.facts["settled"]):
                self.order[record.closes or record.seq] = record.seq
            elif record.kind == "refund":
                del self.order[record.reverses]
        self.settled = [gifts[seq] for seq in self.order]
        self.last_show = max(
            (record.seq for record in records
             if record.kind == "show" and record.facts["action"] == "begin"),
            default=0,
        )  # fmt: skip

    def of(self, period: str, since: str = "") -> list[Record]:
        """The settled gifts of a period."""
        if period == "show" and self.last_show:
            return [gift for gift in self.settled if gift.facts.get("show") == self.last_show]
        return [gift for gift in self.settled if self._within(gift, period, since)]

    def _within(self, gift: Record, period: str, since: str) -> bool:
        sent = datetime.fromtimestamp(gift.at / 1000, UTC).date()
        today = datetime.fromtimestamp(self.house.clock.now() / 1000, UTC).date()
        match period:
            case "today" | "show":
                return sent == today
            case "week":
                return sent.isocalendar()[:2] == today.isocalendar()[:2]
            case "month":
                return (sent.year, sent.month) == (today.year, today.month)
            case _:
                return sent.isoformat() >= since

    def board(self, period: str) -> list[tuple[str, int, int]]:
        """Name, coins, gifts; the most first."""
        sums: dict[int, list[int]] = {}
        names: dict[int, str] = {}
        for gift in self.of(period):
            found = sums.setdefault(gift.subject, [0, 0])
            found[0] += gift.facts["total_coins"]
            found[1] += 1
            names[gift.subject] = gift.aside["viewer"]
        ranked = sorted(sums.items(), key=lambda each: (-each[1][0], each[0]))
        return [(names[viewer], coins, gifts) for viewer, (coins, gifts) in ranked]

    def goal(self, asked: dict[str, Any]) -> int:
        """How far it has come."""
        gifts = [
            gift
            for gift in self.of(asked["period"], asked.get("since", ""))
            if asked.get("gift", "") in ("", gift.facts["gift"]["id"])
        ]
        counted: dict[str, int] = {
            "viewers": len({gift.subject for gift in gifts}),
            "gifts": sum(gift.facts["count"] for gift in gifts),
            "coins": sum(gift.facts["total_coins"] for gift in gifts),
        }
        return int(asked.get("start", 0)) + counted[asked.get("counts", "coins")]

    def counts(self, period: str) -> dict[str, int]:
        """Units by gift."""
        found: dict[str, int] = {}
        for gift in self.of(period):
            kind = gift.facts["gift"]["id"]
            found[kind] = found.get(kind, 0) + gift.facts["count"]
        return found

    def recent(self) -> list[str]:
        """The gifts that were settled last, newest first."""
        newest = sorted(self.settled, key=lambda gift: -self.order[gift.seq])
        return [gift.gift_id for gift in newest[:30]]


def kinds(house: House) -> dict[str, Kind]:
    """As the composition root makes them, anew after each restart."""
    books = house.journal.books
    spans = Spans(lambda _: house.policy, house.shows, house.clock.now)
    goals = Goals(FileDocuments(house.folder))
    goals.load()
    made: list[Kind] = [
        BoardKind(Boards(books, house.people, lambda _: house.policy), spans),
        GoalKind(goals, Progress(books, spans), spans, house.catalogue),
        CountKind(books, spans, house.catalogue),
        RecentKind(books, lambda _: None),
        ShowKind(house.shows, books),
    ]
    return {kind.type: kind for kind in made}


async def compare(house: House) -> None:
    """Everything that pages would be told now."""
    told = kinds(house)
    recount = Recount(house, await house.journal.read(MAIN, after=0, limit=9_999))
    for period in PERIODS:
        board = (await told["board.changed"].read(MAIN, period))[period]
        rows = [(row["name"], row["coins"], row["gifts"]) for row in board["rows"]]
        assert rows == recount.board(period), period
        counts = (await told["counts.changed"].read(MAIN, period))[period]
        lit = {each["gift"]["id"]: each["count"] for each in counts["gifts"] if each["count"]}
        assert lit == recount.counts(period), period
        assert counts["total"]["count"] == sum(lit.values())
    goals = await told["goal.changed"].read(MAIN, "goals")
    assert {id_: data["now"] for id_, data in goals.items()} == {
        asked["id"]: recount.goal(asked) for asked in GOALS
    }
    recent = (await told["recent.changed"].read(MAIN, "recent"))["recent"]
    assert [gift["gift_id"] for gift in recent["gifts"]] == recount.recent()
    show = (await told["show.changed"].read(MAIN, "show"))["show"]
    during = recount.of("show") if recount.last_show else []
    assert (show["show"], show["gifts"], show["coins"]) == (
        recount.last_show,
        len(during),
        sum(gift.facts["total_coins"] for gift in during),
    )


@pytest.mark.parametrize("seed", range(scale(4, 400)))
async def test_what_is_told_equals_a_recount_of_the_journal(tmp_path: Path, seed: int) -> None:
    """Gifts seen at once, later or never, refunds, days, shows and restarts."""
    write(tmp_path, *GOALS)
    async with open_house(tmp_path) as house:
        for name in NAMES:
            await house.grant(name, 100_000)
        history = History(house, random.Random(seed))
        for number in range(1, 61):
            await history.step()
            if number % 15 == 0:
                await compare(house)
        assert await house.findings() == []
