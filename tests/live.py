"""Kinds of states that follow from gifts one by one, on a house."""

from typing import Any

from commands.givings import Givings
from commands.spans import Spans
from data.events import stamp
from overlay.kinds import Data, Kind
from overlay.kinds.battles import BattleKind
from overlay.kinds.combos import ComboKind
from overlay.kinds.trains import TrainKind
from overlay.kinds.vases import VaseKind
from tests.house import MAIN, House


def givings(house: House) -> Givings:
    """As the composition root makes it."""
    spans = Spans(lambda _: house.policy, house.shows, house.clock.now)
    return Givings(house.journal.books, spans, house.journal)


def combo_kind(house: House) -> ComboKind:
    return ComboKind(
        givings(house), house.people, house.catalogue, lambda _: house.policy, house.clock.now
    )


def train_kind(house: House) -> TrainKind:
    return TrainKind(givings(house), house.people, house.clock.now)


def battle_kind(house: House) -> BattleKind:
    return BattleKind(givings(house), house.journal.books, house.people, house.clock.now)


def vase_kind(house: House) -> VaseKind:
    return VaseKind(givings(house), house.catalogue)


async def told(kind: Kind, **settings: Any) -> Data:
    """What a page with these settings would be told now."""
    (topic,) = kind.topics(settings)
    (data,) = (await kind.read(MAIN, topic)).values()
    return data


def after(house: House, seconds: float) -> str:
    """The time so many seconds from now, as it is told."""
    return stamp(house.clock.now() + round(seconds * 1000))
