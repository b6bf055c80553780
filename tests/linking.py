"""Two accounts of one person, and the steps by which they are linked."""

import re
from typing import Any

from commands.chat import Reply
from data.ledger import Record
from tests.house import House

DISCORD: dict[str, Any] = {"by": "Mia", "on": "discord"}
TWITCH: dict[str, Any] = {"by": "mia_tw", "on": "twitch"}


def code_in(reply: Reply | str) -> str:
    """The code that somebody was given."""
    text = reply if isinstance(reply, str) else reply.text
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    assert found, reply
    return found.group()


async def meet(house: House, maker: dict[str, Any], taker: dict[str, Any]) -> str:
    """A code is made and typed, and both are told who the other is; the code."""
    code = code_in(await house.say("!link", **maker))
    assert (await house.say(f"!link {code}", **taker)).ok
    assert (await house.say("!link", **maker)).ok
    return code


async def join(
    house: House, maker: dict[str, Any] = DISCORD, taker: dict[str, Any] = TWITCH
) -> Record:
    """They are linked: the record of it."""
    await meet(house, maker, taker)
    assert (await house.say("!link yes", **taker)).ok
    record = await house.accepted("!link yes", **maker)
    assert record.kind == "link"
    return record


async def balances(house: House) -> tuple[int, int]:
    """What Mia on Discord has, and what mia_tw on Twitch has."""
    return await house.coins("Mia", "discord"), await house.coins("mia_tw", "twitch")
