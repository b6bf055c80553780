"""What tests of earning share: activities, rules, and what somebody has."""

from typing import Any

from commands.chat import Chatter
from commands.earning import Activity
from commands.earning_policy import Way
from tests.house import MAIN, NOON, House

DAY_S = 86_400


def did(kind: Way, id: str = "twitch:es:1", *, by: str = "mia", **more: Any) -> Activity:  # noqa: A002
    return Activity(id, MAIN, "twitch", Chatter(by, by), kind, **{"at": NOON, **more})


def earning(house: House, **rules: Any) -> None:
    """Change rules of the stage, each by its fields or as a whole."""
    section = house.policy.earning.model_dump()
    for name, value in rules.items():
        section[name] = section[name] | value if isinstance(value, dict) else value
    changed = house.policy.model_dump() | {"earning": section}
    house.policy = type(house.policy).model_validate(changed)


async def coins_of(house: House, name: str) -> int:
    known = await house.people.person("twitch", name, name)
    return (await house.journal.books.balance(MAIN, known.person)).coins
