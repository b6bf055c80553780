"""Renewing tokens while they are used: a cure for how twitchio does it.

The library sends the refresh token and the client secret in the query of an address, uses the
new tokens before anybody could keep them, and renews twice at once when two requests fail
together; the refresh token of a public application works only once.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from twitchio.authentication import ClientCredentialsPayload, OAuth, RefreshTokenPayload

from bot.platforms.twitch.identity import Identity
from bot.platforms.twitch.tokens import Tokens

REMEMBERED_MAX = 1_000


class Keeper(OAuth):
    """What twitchio renews tokens with.

    kept: takes the old refresh token and the fresh tokens, before they are used.
    """

    def __init__(
        self, identity: Identity, kept: Callable[[str, Tokens], None], **options: Any
    ) -> None:
        super().__init__(**options)
        self._identity = identity
        self._kept = kept
        self._renewed: OrderedDict[str, Tokens] = OrderedDict()
        self._turn = asyncio.Lock()

    async def refresh_token(self, refresh_token: str, /) -> RefreshTokenPayload:
        """A fresh pair, kept; the same again for who asks with the same token."""
        async with self._turn:
            tokens = self._renewed.get(refresh_token)
            if tokens is None:
                tokens = await self._identity.refresh(refresh_token)
                self._kept(refresh_token, tokens)
                self._renewed[refresh_token] = tokens
                if len(self._renewed) > REMEMBERED_MAX:
                    self._renewed.popitem(last=False)
        return RefreshTokenPayload(
            {
                "access_token": tokens.access,
                "refresh_token": tokens.refresh,
                "expires_in": 0,
                "scope": [],
                "token_type": "bearer",
            }
        )

    async def client_credentials_token(self) -> ClientCredentialsPayload:
        """A fresh token of the application itself."""
        access = await self._identity.app_token()
        return ClientCredentialsPayload(
            {"access_token": access, "expires_in": 0, "token_type": "bearer"}
        )
