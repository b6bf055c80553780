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
    """A Twitch user who is signed in, as the streamer or as the bot (`name`)."""

    name: str
    user_id: str
    login: str
    tokens: Tokens
    scopes: frozenset[str]

    @property
    def whose(self) -> str:
        """The account in words."""
        return WHOSE[self.name]


async def sign_in_all(
    file: TokenFile, settings: TwitchSettings, session: aiohttp.ClientSession
) -> tuple[list[Account], list[words.Trouble]]:
    """The accounts that may read the chat, the one to use first, and what ails the others.

    Raises `Trouble` when there are none, or when Twitch could not be asked.
    """
    found: list[Account] = []
    refused: list[words.Trouble] = []
    for name in (BOT, STREAMER):
        try:
            account = await sign_in(name, file, settings, session)
        except words.Trouble as trouble:
            if not trouble.lasting:
                raise
            refused.append(trouble)
        else:
            if account and words.READ in account.scopes:
                found.append(account)
            elif account:
                refused.append(words.lacks(words.READ, account.whose))
    if not found:
        raise refused[0] if refused else words.nobody()
    return found, refused


async def sign_in(
    name: str, file: TokenFile, settings: TwitchSettings, session: aiohttp.ClientSession
) -> Account | None:
    """The account behind the kept tokens, renewed where they are old. Raises `Trouble`.

    None when nobody signed in.
    """
    tokens = file.get(name)
    if tokens is None:
        return None
    whose = WHOSE[name]
    oauth = OAuth(
        client_id=settings.client_id,
        client_secret=settings.client_secret or None,
        session=session,
    )
    try:
        tokens, who = await _valid(oauth, tokens, lambda fresh: file.put(name, fresh))
    except words.FAULTS as error:
        raise words.sign_in(error, whose) from None
    if who.client_id != settings.client_id:
        raise words.other_application(whose)
    if not who.user_id or not who.login:
        raise words.sign_in(HTTPException(status=401, extra="not a user's token"), whose)
    return Account(name, who.user_id, who.login, tokens, frozenset(who.scopes or ()))


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
