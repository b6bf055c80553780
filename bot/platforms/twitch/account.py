"""Signing in to Twitch with tokens that may have aged."""

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from twitchio.authentication import OAuth, ValidateTokenPayload
from twitchio.exceptions import HTTPException

from bot.platforms.twitch import words
from bot.platforms.twitch.settings import TwitchSettings
from bot.platforms.twitch.tokens import BOT, STREAMER, TokenFile, Tokens

FRESH_S = 3600  # twitchio renews what lives shorter than this, without keeping it at once
WHOSE = {BOT: "the bot account", STREAMER: "the streamer's account"}


@dataclass(frozen=True, slots=True)
class Account:
    """A Twitch user who is signed in."""

    user_id: str
    login: str
    tokens: Tokens
    scopes: frozenset[str]
    whose: str

    def require(self, scope: str) -> None:
        """Raises `Trouble` when the account did not grant this."""
        if scope not in self.scopes:
            raise words.lacks(scope, self.whose)


async def sign_in(
    account: str, file: TokenFile, settings: TwitchSettings, session: aiohttp.ClientSession
) -> Account | None:
    """The account behind the kept tokens, renewed where they are old. Raises `Trouble`.

    None when nobody signed in.
    """
    tokens = file.get(account)
    if tokens is None:
        return None
    whose = WHOSE[account]
    oauth = OAuth(
        client_id=settings.client_id,
        client_secret=settings.client_secret or None,
        session=session,
    )
    try:
        tokens, who = await _valid(oauth, tokens, lambda fresh: file.put(account, fresh))
    except words.FAULTS as error:
        raise words.sign_in(error, whose) from None
    if who.client_id != settings.client_id:
        raise words.other_application(whose)
    if not who.user_id or not who.login:
        raise words.sign_in(HTTPException(status=401, extra="not a user's token"), whose)
    return Account(who.user_id, who.login, tokens, frozenset(who.scopes or ()), whose)


async def _valid(
    oauth: OAuth, tokens: Tokens, keep: Callable[[Tokens], None]
) -> tuple[Tokens, ValidateTokenPayload]:
    """Tokens that hold for an hour at least. Renewed ones are kept before they are used."""
    try:
        who = await oauth.validate_token(tokens.access)
    except HTTPException as error:
        if error.status != 401:
            raise
    else:
        if who.expires_in > FRESH_S:
            return tokens, who
    answer = await oauth.refresh_token(tokens.refresh)
    tokens = Tokens(answer.access_token, answer.refresh_token)
    keep(tokens)
    return tokens, await oauth.validate_token(tokens.access)
