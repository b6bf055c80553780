"""Hype trains: many gifts within a short time carry everybody from level to level.

A train sets off when `first_coins` are given within the window. Each level asks for more than the
one before and turns the clock back to the whole window; when that has run out, the train is over.
All of it follows from the gifts and their times: nothing is kept, and whoever reads the books
again finds the same trains.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from data.journal import Given


@dataclass(frozen=True, slots=True)
class Rules:
    """first_coins: for the first level; growth_pct: how much the next level asks for, in percent
    of the one before; levels: the last one."""

    first_coins: int
    growth_pct: int
    window_ms: int
    levels: int

    def target(self, level: int) -> int:
        """Coins from this level to the next one; 0 on the last."""
        if level >= self.levels:
            return 0
        coins = self.first_coins
        for _ in range(level):
            coins = coins * self.growth_pct // 100
        return coins


@dataclass(slots=True)
class Train:
    """level: the one that was reached. now: coins towards the next; coins: all of them.
    riders: coins by the viewer who gave them. Times in epoch ms."""

    began_at: int
    ends_at: int
    level: int = 0
    now: int = 0
    coins: int = 0
    riders: dict[int, int] = field(default_factory=dict)

    def add(self, gift: Given, rules: Rules) -> None:
        """Count a gift that was accepted while it runs."""
        self.now += gift.coins
        self.coins += gift.coins
        self.riders[gift.viewer] = self.riders.get(gift.viewer, 0) + gift.coins
        before = self.level
        while (target := rules.target(self.level)) and self.now >= target:
            self.now -= target
            self.level += 1
        if self.level > before:
            self.ends_at = gift.at + rules.window_ms

    @property
    def rank(self) -> tuple[int, int]:
        """The greater, the better a train."""
        return self.level, self.coins


@dataclass(frozen=True, slots=True)
class Line:
    """trains: all of them, in order. waiting: gifts since the last one's end that may yet become
    the next; those of the window that ends with the newest."""

    trains: list[Train]
    waiting: list[Given]


def line_of(gifts: Iterable[Given], rules: Rules) -> Line:
    """The trains that these gifts made. Only settled gifts move them."""
    trains: list[Train] = []
    waiting: deque[Given] = deque()
    coins = 0
    settled = (gift for gift in gifts if gift.settled)
    for gift in sorted(settled, key=lambda each: (each.at, each.seq)):
        if trains and gift.at < trains[-1].ends_at:
            trains[-1].add(gift, rules)
            continue
        while waiting and waiting[0].at <= gift.at - rules.window_ms:
            coins -= waiting.popleft().coins
        waiting.append(gift)
        coins += gift.coins
        if coins >= rules.first_coins:
            train = Train(waiting[0].at, gift.at)
            for each in waiting:
                train.add(each, rules)
            trains.append(train)
            waiting.clear()
            coins = 0
    return Line(trains, list(waiting))
