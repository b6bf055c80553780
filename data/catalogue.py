"""The catalogue: the gifts that a house offers, from a document that people may edit."""

import json
from importlib import resources
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from data.documents import Documents
from data.errors import DocumentError
from data.gifts import Gift, Lexicon, fold
from data.money import PRICE_COINS_MAX

NAME = "catalogue"
GIFTS_MAX = 1_000
Word = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]


class GiftDocument(BaseModel):
    """A gift as it stands in `catalogue.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    name: Word
    price_coins: Annotated[int, Field(ge=1, le=PRICE_COINS_MAX, strict=True)]
    tier: Annotated[int, Field(ge=1, le=7, strict=True)]
    art: Id
    alt: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    aliases: tuple[Word, ...] = ()
    enabled: bool = True

    def gift(self) -> Gift:
        """As the rest of the house knows it."""
        return Gift(
            self.id,
            self.name,
            self.price_coins,
            self.tier,
            self.art,
            self.alt,
            self.aliases,
            self.enabled,
        )


class Catalogue:
    """The gifts in force. Starts from the shipped ones when there is no document yet."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._gifts: dict[str, Gift] = {}
        self._lexicon = Lexicon(())

    def load(self) -> None:
        """Read the document and take it into use; on `DocumentError` all stays as it was."""
        if not self._documents.version(NAME):
            if self._gifts:
                raise DocumentError(
                    "catalogue.json is gone: the gifts in force stay. Put it back, or start "
                    "giftcast again, which then writes the shipped gifts"
                )
            rows = {str(n): row for n, row in enumerate(shipped(), start=1)}
            self._documents.save(NAME, rows)
        found = self._documents.load(NAME, GiftDocument)
        if not found:
            raise DocumentError("catalogue.json: there is no gift in it")
        if len(found) > GIFTS_MAX:
            raise DocumentError(f"catalogue.json: more than {GIFTS_MAX} gifts")
        gifts = [document.gift() for document in found.values()]
        self._refuse_twins(dict(zip(found, gifts, strict=True)))
        self._gifts = {gift.id: gift for gift in gifts}
        self._lexicon = Lexicon(gifts)

    def gifts(self) -> list[Gift]:
        """Those that can be sent, the cheapest first."""
        offered = (gift for gift in self._gifts.values() if gift.enabled)
        return sorted(offered, key=lambda gift: (gift.price_coins, gift.name))

    def find(self, typed: str) -> Gift | None:
        """The gift of exactly this name, id or alias."""
        return self._lexicon.find(typed)

    def guess(self, typed: str) -> Gift | None:
        """The nearest, for a hint."""
        return self._lexicon.guess(typed)

    def suggest(self, typed: str, limit: int) -> list[Gift]:
        """Those that the typed beginning could mean, for a menu."""
        start = fold(typed)
        offered = self.gifts()
        if not start:
            return offered[:limit]
        names = [(name, gift) for name, gift in self._lexicon.names().items() if gift.enabled]
        first = [gift for name, gift in names if name.startswith(start)]
        inside = [gift for name, gift in names if start in name]
        return list(dict.fromkeys(first + inside))[:limit]

    def _refuse_twins(self, gifts: dict[str, Gift]) -> None:
        seen: dict[str, str] = {}
        for key, gift in gifts.items():
            where = self._documents.where(NAME, (key,))
            for name in sorted({fold(n) for n in (gift.id, gift.name, *gift.aliases)}):
                if not name:
                    raise DocumentError(f"{where}: {gift.id} has a name without letters")
                if name in seen:
                    also = self._documents.where(NAME, (seen[name],))
                    raise DocumentError(
                        f"{where}: {gift.id} answers to “{name}”, and so does "
                        f"{gifts[seen[name]].id} ({also})"
                    )
                seen[name] = key


def shipped() -> list[dict[str, Any]]:
    """The gifts that come with giftcast."""
    text = (resources.files("data") / "seed" / "catalogue.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]
