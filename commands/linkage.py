"""Who is linked with whom, and what a link of two would mean: what its three commands share."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commands.call import Call
from data.errors import Code, GiftError
from data.events import SHOWN_NAME_WHEN_ERASED
from data.identities import Known
from data.journal import Linked

YES = ("yes", "confirm")
NO = ("no", "cancel")
LOOK = ("look",)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts that may be linked: `joins` becomes a member of `head`, with whom `group`
    (person numbers, the head first) is one already. coins: of the one wallet and of the other."""

    joins: Known
    head: Known
    group: tuple[int, ...]
    coins: int
    brought: int


async def pair(call: Call, maker: int, taker: int) -> Pair:
    """How two accounts, by their person numbers, would be linked: whoever is linked already is
    joined, else the maker of the code. Raises `GiftError` when they cannot be."""
    books = call.services.books
    links = [await books.linked(call.stage, person) for person in (maker, taker)]
    groups = [group(person, found) for person, found in zip((maker, taker), links, strict=True)]
    if groups[0] == groups[1]:
        raise GiftError(Code.ALREADY_LINKED, same=True)
    if links[0] and links[1]:
        raise GiftError(Code.ALREADY_LINKED, same=False)
    if links[1]:
        groups.reverse()
    ones, others = await accounts(call, groups[0]), await accounts(call, groups[1])
    if not call.policy.link_same_platform:
        taken = {known.platform for known in ones}
        if twice := [known.platform for known in others if known.platform in taken]:
            raise GiftError(Code.SAME_PLATFORM, platform=twice[0])
    balances = [await books.balance(call.stage, persons[0]) for persons in groups]
    coins, brought = (balance.coins for balance in balances)
    return Pair(others[0], ones[0], groups[0], coins, brought)


def group(person: int, links: Sequence[Linked]) -> tuple[int, ...]:
    """All accounts of the one person, the head first, as `data.linking.Links` has them."""
    return (links[0].head, *sorted(link.person for link in links)) if links else (person,)


async def accounts(call: Call, persons: Iterable[int]) -> list[Known]:
    """The accounts of those numbers; one that was erased is someone, nowhere."""
    wanted = list(persons)
    found = await asyncio.gather(*map(call.services.people.of, wanted))
    return [
        known or Known(person, "", "", SHOWN_NAME_WHEN_ERASED)
        for person, known in zip(wanted, found, strict=True)
    ]


def title(known: Known) -> str:
    """`Mia (Discord)`."""
    return f"{known.name} ({known.platform.capitalize()})" if known.platform else known.name
