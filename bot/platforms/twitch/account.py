"""Signing in to Twitch with tokens that may have aged."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from twitchio.exceptions import HTTPException

from bot.platforms.twitch import words
from bot.platforms.twitch.identity import Identity, Who
from bot.platforms.twitch.scopes import BOT, READ, STREAMER
from bot.platforms.twitch.tokens import TokenFile, Tokens

AT_ONCE = 8
FRESH_S = 3600  # twitchio renews what lives shorter than this


@dataclass(frozen=True, slots=True)
class Account:
    """A Twitch user who is signed in under a name: as the bot or as a streamer."""

    name: str
    user_id: str
    login: str
    tokens: Tokens
    scopes: frozenset[str]


@dataclass(slots=True)
class Roll:
    """Who is signed in, and why others are not, by the names of the accounts."""

    accounts: dict[str, Account] = field(default_factory=dict)
    troubles: dict[str, words.Trouble] = field(default_factory=dict)

    def reader(self) -> Account:
        """The account that reads the chat and speaks. Raises `Trouble` when none may."""
        known = [self.accounts[name] for name in (BOT, STREAMER) if name in self.accounts]
        for account in known:
            if READ in account.scopes:
                return account
        for name in (BOT, STREAMER):
            if name in self.troubles:
                raise self.troubles[name]
        raise words.lacks(READ, known[0].name) if known else words.nobody()


async def sign_in_all(names: Collection[str], file: TokenFile, identity: Identity) -> Roll:
    """Everybody whose tokens are kept. Raises `Trouble` when Twitch could not be asked."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def attempt(name: str) -> Account | words.Trouble | None:
        async with turn:
            try:
                return await sign_in(name, file, identity)
            except words.Trouble as trouble:
                return trouble

    roll = Roll()
    found = await asyncio.gather(*(attempt(name) for name in names))
    for name, one in zip(names, found, strict=True):
        if isinstance(one, Account):
            roll.accounts[name] = one
        elif one is not None and not one.lasting:
            raise one
        elif one is not None:
            roll.troubles[name] = one
    bot, streamer = roll.accounts.get(BOT), roll.accounts.get(STREAMER)
    if bot and streamer and bot.user_id == streamer.user_id and READ in streamer.scopes:
        del roll.accounts[BOT]  # twitchio knows a user by one pair of tokens
    return roll


async def sign_in(name: str, file: TokenFile, identity: Identity) -> Account | None:
    """The account behind the kept tokens, renewed where they are old. Raises `Trouble`.

    None when nobody signed in.
    """
    tokens = file.get(name)
    if tokens is None:
        return None
    try:
        tokens, who = await _valid(identity, tokens, lambda fresh: file.put(name, fresh))
    except words.FAULTS as error:
        raise words.sign_in(error, name) from None
    if who.client_id != identity.client_id:
        raise words.other_application(name)
    if not who.user_id or not who.login:
        raise words.sign_in(HTTPException(status=401, extra="not a user's token"), name)
    return Account(name, who.user_id, who.login, tokens, who.scopes)


async def _valid(
    identity: Identity, tokens: Tokens, keep: Callable[[Tokens], None]
) -> tuple[Tokens, Who]:
    """Tokens that hold for an hour at least. Renewed ones are kept before they are used."""
    try:
        who = await identity.who(tokens.access)
    except HTTPException as error:
        if error.status != 401:
            raise
    else:
        if who.expires_in_s > FRESH_S:
            return tokens, who
    tokens = await identity.refresh(tokens.refresh)
    keep(tokens)
    return tokens, await identity.who(tokens.access)
