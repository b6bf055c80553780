"""A gift as the catalogue describes it, and how a typed name finds it."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

TIERS = range(1, 8)
WORDS_MAX = 4
_SPACES = str.maketrans("-_", "  ")


@dataclass(frozen=True, slots=True)
class Gift:
    """A gift that can be sent. art: name of its pictures; alt: its spoken description."""

    id: str
    name: str
    price_coins: int
    tier: int
    art: str
    alt: str
    aliases: tuple[str, ...] = ()
    enabled: bool = True

    def face(self) -> dict[str, Any]:
        """What the journal keeps and an overlay shows of it, as it was when it was sent."""
        return {
            "id": self.id,
            "name": self.name,
            "price_coins": self.price_coins,
            "tier": self.tier,
            "art": self.art,
            "alt": self.alt,
        }


def fold(name: str) -> str:
    """A name as it is compared: no case, no accents, no joiners, single spaces."""
    if name.isascii():  # almost every word of a line, and many times
        return " ".join(name.lower().translate(_SPACES).split())
    split = unicodedata.normalize("NFKD", name.casefold())
    kept = (" " if c in "-_" else c for c in split if not unicodedata.combining(c))
    letters = "".join(c for c in kept if unicodedata.category(c) != "Cf" and c != "\ufe0f")
    return " ".join(letters.split())


class Lexicon:
    """Names of gifts, folded, with their aliases and plurals."""

    def __init__(self, gifts: Iterable[Gift]) -> None:
        self._by_name: dict[str, Gift] = {}
        for gift in gifts:
            for name in (gift.id, gift.name, *gift.aliases):
                self._by_name.setdefault(fold(name), gift)

    def find(self, typed: str) -> Gift | None:
        """The gift of exactly this name, accents, case and a plural apart."""
        name = fold(typed)
        for form in _singulars(name):
            if form in self._by_name:
                return self._by_name[form]
        return None

    def guess(self, typed: str) -> Gift | None:
        """The gift whose name is nearest, for a hint; a typo is never charged."""
        near = get_close_matches(fold(typed)[:40], self._by_name, n=1, cutoff=0.7)
        return self._by_name[near[0]] if near else None

    def names(self) -> Mapping[str, Gift]:
        """Every folded name with its gift."""
        return self._by_name


def _singulars(name: str) -> Iterable[str]:
    yield name
    if name.endswith("ies"):
        yield name[:-3] + "y"
    if name.endswith("es"):
        yield name[:-2]
    if name.endswith("s"):
        yield name[:-1]
