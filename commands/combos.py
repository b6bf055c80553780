"""Combos: what one viewer sends of one gift in a row, as the journal decided it."""

from collections.abc import Iterable
from dataclasses import dataclass

from data.journal import Given


@dataclass(slots=True)
class Combo:
    """id: that of its gifts' records. units: how often the gift was given, without what was taken
    back; at: when it was last, in epoch ms."""

    id: str
    viewer: int
    gift: str
    units: int
    coins: int
    at: int


def combos(gifts: Iterable[Given]) -> list[Combo]:
    """Every combo among these gifts, in the order of their beginning."""
    found: dict[str, Combo] = {}
    for gift in gifts:
        if not gift.combo:
            continue
        combo = found.get(gift.combo)
        if combo is None:
            combo = Combo(gift.combo, gift.viewer, gift.gift, 0, 0, gift.at)
            found[gift.combo] = combo
        combo.units += gift.units
        combo.coins += gift.coins
        combo.at = max(combo.at, gift.at)
    return list(found.values())


def longest(found: Iterable[Combo]) -> Combo | None:
    """The one with the most units, the first of equals; none where no gift was given twice."""
    best = max(found, key=lambda combo: combo.units, default=None)
    return best if best is not None and best.units > 1 else None
