"""Where twitchio finds Twitch, and what it may write about it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from twitchio.eventsub import websockets
from twitchio.http import Route

from bot.platforms.twitch.settings import TwitchSettings


def _without_query(route: Route) -> str:
    return route.base_url


@contextmanager
def addressed(settings: TwitchSettings) -> Iterator[None]:
    """Points twitchio at the addresses of the settings, and puts its own back afterwards.

    The library keeps them in constants, one set for the process. It also writes whole
    addresses into its exceptions and its log, and there the client secret and the refresh
    token stand in the query: within this block a route reads as its address without one.
    """
    log = logging.getLogger("twitchio")
    before = (Route.BASE, Route.ID_BASE, websockets.WSS, Route.__str__, log.level)
    Route.BASE = settings.helix_url
    Route.ID_BASE = settings.id_url
    websockets.WSS = settings.eventsub_url
    Route.__str__ = _without_query  # type: ignore[method-assign]
    log.setLevel(logging.ERROR)  # below that it writes down chat and remarks for programmers
    try:
        yield
    finally:
        Route.BASE, Route.ID_BASE, websockets.WSS = before[:3]
        Route.__str__ = before[3]  # type: ignore[method-assign]
        log.setLevel(before[4])
