"""The crew: who is signed in during a stay, and their tokens, kept as they are renewed."""

from collections.abc import Collection

import twitchio

from bot.platforms.twitch import words
from bot.platforms.twitch.account import Account, sign_in_all
from bot.platforms.twitch.identity import Identity
from bot.platforms.twitch.scopes import SPEAKER_RIGHTS, STREAMER_RIGHTS, missing
from bot.platforms.twitch.tokens import TokenFile, Tokens


class Crew:
    """The accounts of one stay, by name.

    names: of those that may be signed in. hosted: whether events come through a conduit.
    warnings: what is wrong with some of them.
    """

    def __init__(
        self, names: Collection[str], file: TokenFile, identity: Identity, *, hosted: bool
    ) -> None:
        self._names = names
        self._file = file
        self._identity = identity
        self._hosted = hosted
        self._kept: dict[str, Tokens] = {}
        self.accounts: dict[str, Account] = {}
        self.warnings: list[words.Trouble] = []

    async def sign_in(self) -> Account:
        """Sign in everybody whose tokens are kept; the account that reads and speaks.

        Raises `Trouble` when there is none, or when Twitch could not be asked.
        """
        roll = await sign_in_all(self._names, self._file, self._identity)
        self.accounts = roll.accounts
        self._kept = {name: account.tokens for name, account in roll.accounts.items()}
        self.warnings = list(roll.troubles.values())
        reader = roll.reader()
        for right in missing(SPEAKER_RIGHTS, reader.scopes, hosted=self._hosted):
            self.warnings.append(words.lacks(right.scope, reader.name))
        return reader

    def check_streamer(self, name: str, channel: twitchio.User) -> None:
        """Whether the account that streams there is the channel's own and may do everything."""
        streamer = self.accounts.get(name)
        if streamer is None:
            return
        if streamer.user_id != channel.id:
            shown = channel.display_name or channel.name or channel.id
            self.warnings.append(words.other_person(streamer.login, shown))
            return
        lacking = missing(STREAMER_RIGHTS, streamer.scopes, hosted=self._hosted)
        if lacking:
            self.warnings.append(words.lacks_some([right.deed for right in lacking], name))

    def keep(self, user_id: str, tokens: Tokens) -> None:
        """A user has these tokens now."""
        for name, account in self.accounts.items():
            if account.user_id == user_id:
                self._renew(name, tokens)

    def keep_renewed(self, refresh: str, tokens: Tokens) -> None:
        """Whoever had this refresh token has these tokens now."""
        for name, old in list(self._kept.items()):
            if old.refresh == refresh:
                self._renew(name, tokens)

    def _renew(self, name: str, tokens: Tokens) -> None:
        self._file.renew(name, self._kept[name], tokens)
        self._kept[name] = tokens
