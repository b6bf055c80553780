"""Red-DiscordBot's bank under trial. Run in Red's own environment: `python -m benchmarks.red
<folder> <seconds> <gifts>`; prints the verdict as JSON."""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.trial import PRICE_COINS, judge

_CREATOR = 900_000
_SETTINGS = {"COG_PATH_APPEND": "cogs", "CORE_PATH_APPEND": "core", "STORAGE_TYPE": "JSON"}


@dataclass(frozen=True)
class Person:
    """As much of a Discord user as the bank looks at."""

    id: int

    @property
    def display_name(self) -> str:
        """A name."""
        return f"viewer {self.id}"


class RedBank:
    """`redbot.core.bank`, as its cogs use it, on its default storage."""

    def __init__(self, bank: Any) -> None:
        self._bank = bank

    async def open(self, purses: Mapping[int, int]) -> None:
        """Written into the bank's settings at once: through the bank it would take minutes."""
        await self._bank._init()  # noqa: SLF001 - the bot calls it at its start
        config = self._bank._config  # noqa: SLF001 - to fill it in one write
        await config.is_global.set(True)
        every = dict(purses) | {_CREATOR: 0}
        group = config._get_base_group(config.USER)  # noqa: SLF001
        account = {"created_at": 1, "name": "viewer"}
        await group.set({str(person): account | {"balance": c} for person, c in every.items()})

    async def give(self, viewer: int, key: str) -> bool:
        """See `Bank`. Nothing here could know a message again."""
        try:
            await self._bank.withdraw_credits(Person(viewer), PRICE_COINS)
        except ValueError:
            return False
        await self._bank.deposit_credits(Person(_CREATOR), PRICE_COINS)
        return True

    async def coins(self, viewer: int) -> int:
        """See `Bank`."""
        return int(await self._bank.get_balance(Person(viewer)))

    async def received(self) -> int:
        """See `Bank`."""
        return int(await self._bank.get_balance(Person(_CREATOR)))


async def main(folder: Path, seconds: float, gifts: int) -> None:
    """Try it in a folder."""
    manager = import_module("redbot.core.data_manager")
    manager.basic_config = _SETTINGS | {"DATA_PATH": str(folder), "STORAGE_DETAILS": {}}  # type: ignore[attr-defined]
    bank = RedBank(import_module("redbot.core.bank"))
    print(json.dumps((await judge(bank, seconds, gifts)).plain()))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
