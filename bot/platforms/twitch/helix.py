"""Helix: questions to Twitch that twitchio asks with a loss, or not at all.

Its models drop display names of chatters, put the channel's name for that of who redeemed a
reward, and make every reward with a text ask for one. The requests are still sent by its HTTP
client, which looks after tokens.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

import twitchio
from twitchio.http import Route

Row = Mapping[str, Any]
Params = Mapping[str, str | int | list[str]]
PAGES_MAX = 100


class Helix:
    """Asks with the token of one user. Faults come out unchanged (`words.FAULTS`)."""

    def __init__(self, client: twitchio.Client, user_id: str) -> None:
        self._http = client._http  # noqa: SLF001
        self.user_id = user_id

    async def change(
        self,
        method: Literal["POST", "PATCH", "DELETE"],
        path: str,
        params: Params,
        json: Mapping[str, Any] | None = None,
    ) -> list[Row]:
        """Send a change; what Twitch says of it."""
        route = Route(
            method, path, params=dict(params), json=dict(json or {}), token_for=self.user_id
        )
        return _rows(await self._http.request_json(route))

    async def rows(
        self, path: str, params: Params, *, pages: int = PAGES_MAX
    ) -> AsyncIterator[Row]:
        """All rows of an answer that may come in pages."""
        asked = dict(params)
        for _ in range(pages):
            route = Route("GET", path, params=dict(asked), token_for=self.user_id)
            answer = await self._http.request_json(route)
            for row in _rows(answer):
                yield row
            cursor = (answer.get("pagination") or {}).get("cursor")
            if not cursor:
                return
            asked["after"] = cursor


def _rows(answer: Any) -> list[Row]:
    found = answer.get("data") if isinstance(answer, dict) else None
    return found if isinstance(found, list) else []
