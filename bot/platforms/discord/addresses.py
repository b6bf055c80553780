"""Where Discord is: the two addresses that discord.py keeps as constants."""

from collections.abc import Iterator
from contextlib import contextmanager

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


@contextmanager
def addresses(*, api_url: str, gateway_url: str) -> Iterator[None]:
    """Points discord.py at these addresses, and back at its own when left.

    Webhooks, interaction answers and follow-ups use the same `Route`; the later gateway
    address comes from Discord itself, in READY.
    """
    rest, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = rest, gateway
