"""Battles: two sides for whose creators gifts count, as the journal tells of them.

Begun, stopped and sped up by moderators, in records without postings. Nothing is kept: who reads
the marks and the gifts of that time finds the same battle with the same scores.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from data.journal import Books, Given
from data.ledger import Record

BOOSTS_MAX = 100
_MARKS = BOOSTS_MAX + 2


@dataclass(frozen=True, slots=True)
class Boost:
    """A time (epoch ms) in which every coin counts so many times."""

    times: int
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Side:
    """name: what to call it; creators: the persons whose gifts count for it."""

    name: str
    creators: frozenset[int]


@dataclass(frozen=True, slots=True)
class Battle:
    """seq: of the record that began it; its time in epoch ms, until when it was stopped, if it
    was. boosts: the newest last; each ends where the next begins."""

    seq: int
    since: int
    until: int
    left: Side
    right: Side
    boosts: tuple[Boost, ...] = ()

    def boost(self, at: int) -> Boost | None:
        """The one that is on at that time."""
        for boost in reversed(self.boosts):
            if boost.since <= at:
                return boost if at < boost.until else None
        return None


@dataclass(slots=True)
class Score:
    """What a side got. points: coins, as often as each counted; givers: points by viewer."""

    coins: int = 0
    points: int = 0
    givers: dict[int, int] = field(default_factory=dict)

    def add(self, gift: Given, times: int) -> None:
        """Count a gift."""
        points = gift.coins * times
        self.coins += gift.coins
        self.points += points
        self.givers[gift.viewer] = self.givers.get(gift.viewer, 0) + points

    @property
    def best(self) -> int | None:
        """The viewer who brought the most points, of equals the first known; None without any."""
        return min(self.givers, key=lambda each: (-self.givers[each], each), default=None)


@dataclass(slots=True)
class Standing:
    """Both scores. open: gifts in time that nobody has seen yet; they may still count."""

    left: Score = field(default_factory=Score)
    right: Score = field(default_factory=Score)
    open: int = 0

    @property
    def winner(self) -> str:
        """left, right or draw."""
        if self.left.points == self.right.points:
            return "draw"
        return "left" if self.left.points > self.right.points else "right"


def standing(battle: Battle, gifts: Iterable[Given]) -> Standing:
    """The scores by the gifts sent during the battle; only settled ones count."""
    found = Standing()
    for gift in gifts:
        if not battle.since <= gift.at < battle.until:
            continue
        for side, score in ((battle.left, found.left), (battle.right, found.right)):
            if gift.creator not in side.creators:
                continue
            if gift.settled:
                boost = battle.boost(gift.at)
                score.add(gift, boost.times if boost else 1)
            else:
                found.open += 1
    return found


async def newest(books: Books, stage: str) -> Battle | None:
    """The battle that is on, or was the last; None before the first."""
    return follow(await books.marks(stage, "battle", limit=_MARKS))


def follow(records: Sequence[Record]) -> Battle | None:
    """The newest battle of these records, in order."""
    battle: Battle | None = None
    for record in records:
        facts = record.facts
        if facts["action"] == "start":
            battle = Battle(
                record.seq, record.at, facts["until"], _side(record, "left"), _side(record, "right")
            )
        elif battle is not None and facts["of"] == battle.seq:
            if facts["action"] == "stop":
                battle = replace(battle, until=min(battle.until, record.at))
            else:
                boost = Boost(facts["times"], record.at, facts["until"])
                battle = replace(battle, boosts=(*battle.boosts, boost))
    return battle


def _side(record: Record, name: str) -> Side:
    return Side(record.aside.get(name) or name, frozenset(record.facts[name]))
