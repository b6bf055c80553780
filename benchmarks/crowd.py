"""A crowd in a stand-in for a platform, as a program: `python -m benchmarks.crowd twitch`.

Its benchmark is `benchmarks/chat.py`; orders come as `benchmarks/helper.py` says.
"""

import asyncio
import sys
from typing import Any

from benchmarks.helper import obey
from tests.fakes.discord import DiscordStandIn
from tests.fakes.twitch import TwitchStandIn

VIEWERS = 200
BURST = 100
ENDLESS = 1 << 40


class TwitchCrowd:
    """People in a Twitch channel; the bot may say as much as it likes."""

    def __init__(self, stand_in: TwitchStandIn) -> None:
        self._stand_in = stand_in
        self._people = [stand_in.user(f"viewer{number}") for number in range(VIEWERS)]
        stand_in.allowance.count = ENDLESS

    async def act(self, order: dict[str, Any]) -> Any:
        """Carry out one order."""
        match order["do"]:
            case "open":
                streamer = self._stand_in.sign_in(self._stand_in.streamer)
                bot = self._stand_in.sign_in(self._stand_in.bot)
                tokens = {
                    "access_token": streamer.access,
                    "refresh_token": streamer.refresh,
                    "bot_access_token": bot.access,
                    "bot_refresh_token": bot.refresh,
                }
                return {
                    "section": self._stand_in.settings | tokens,
                    "viewers": [person.id for person in self._people],
                    "channel": self._stand_in.streamer.id,
                    "bot": self._stand_in.bot.id,
                }
            case "say":
                for number in range(order["count"]):
                    text = order["text"].format(number)
                    await self._stand_in.chat(self._people[number % VIEWERS], text)
            case "lines":
                return len(self._stand_in.sent)
        return None


class DiscordCrowd:
    """People on a Discord server; the bot may say as much as it likes."""

    def __init__(self, stand_in: DiscordStandIn) -> None:
        self._stand_in = stand_in
        self._people = [stand_in.person(f"viewer{number}") for number in range(VIEWERS)]
        stand_in.messages_per_period = ENDLESS
        stand_in.answer_within_s = 600.0  # a busy machine is not what is measured

    async def act(self, order: dict[str, Any]) -> Any:
        """Carry out one order."""
        stand_in = self._stand_in
        match order["do"]:
            case "open":
                section = {
                    "token": stand_in.token,
                    "api_url": stand_in.api_url,
                    "gateway_url": stand_in.gateway_url,
                }
                return {"section": section, "viewers": [person.id for person in self._people]}
            case "say":
                for number in range(order["count"]):
                    text = order["text"].format(number)
                    await stand_in.message(self._people[number % VIEWERS], text)
            case "call":
                for start in range(0, order["count"], BURST):
                    await self._call(min(BURST, order["count"] - start))
            case "lines":
                return len(stand_in.sent)
        return None

    async def _call(self, count: int) -> None:
        """So many slash calls at once; all are answered."""
        gift = {"gift": "rose", "count": 1}
        people = (self._people[number % VIEWERS] for number in range(count))
        calls = [await self._stand_in.slash(person, "gift", gift) for person in people]
        await self._stand_in.until(lambda: all(call.answers for call in calls), 60)


async def main(platform: str) -> None:
    """Obey until the orders end."""
    if platform == "twitch":
        async with TwitchStandIn() as twitch:
            await obey(TwitchCrowd(twitch).act)
    else:
        async with DiscordStandIn() as discord:
            await obey(DiscordCrowd(discord).act)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
