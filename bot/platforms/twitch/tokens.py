"""The token file: who is signed in to Twitch, kept through restarts."""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from bot.platforms.twitch.words import Trouble, unwritable

FILE_NAME = "twitch-tokens.json"


@dataclass(frozen=True, slots=True)
class Tokens:
    """An account's sign-in. Neither half is ever shown."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


NOBODY = Tokens("", "")


class TokenFile:
    """The tokens by account, in a file that only its owner can read.

    A refresh token of an application without a secret works once, so a fresh pair is on the
    disk before it is used. Where the disk refuses it, it is at least kept in memory.

    trouble: why the file could not be written, or None.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unsaved: dict[str, dict[str, str]] = {}
        self.trouble: Trouble | None = None

    def seed(self, account: str, given: Tokens) -> None:
        """Take tokens over from the settings, unless the file has used these very ones."""
        if not given.access and not given.refresh:
            return
        mark = hashlib.sha256(f"{given.access}\n{given.refresh}".encode()).hexdigest()
        if self._read().get(account, {}).get("seed") != mark:
            self._keep(account, given, mark)

    def get(self, account: str) -> Tokens | None:
        """The account's tokens, or None when nobody signed in."""
        row = self._read().get(account, {})
        tokens = Tokens(row.get("access_token", ""), row.get("refresh_token", ""))
        return tokens if tokens != NOBODY else None

    def put(self, account: str, tokens: Tokens) -> None:
        """Keep refreshed tokens: they are on the disk when this returns."""
        if self.get(account) != tokens:
            self._keep(account, tokens, self._read().get(account, {}).get("seed", ""))

    def renew(self, account: str, old: Tokens, fresh: Tokens) -> None:
        """Keep what old tokens were renewed to, unless somebody signed in or out meanwhile."""
        if self.get(account) == old:
            self.put(account, fresh)

    def remove(self, account: str) -> None:
        """Forget an account's tokens; those in the settings will not bring it back."""
        rows = self._read()
        if account in rows:
            self._keep(account, NOBODY, rows[account].get("seed", ""))

    def stamp(self) -> dict[str, Tokens | None]:
        """What is in the file, to notice that somebody signed in anew."""
        return {account: self.get(account) for account in self._read()}

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            rows: Any = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            rows = {}
        except (OSError, ValueError) as error:
            structlog.get_logger().warning("twitch.tokens_unread", error=type(error).__name__)
            rows = {}
        known = rows if isinstance(rows, dict) else {}
        return {key: row for key, row in known.items() if isinstance(row, dict)} | self._unsaved

    def _keep(self, account: str, tokens: Tokens, mark: str) -> None:
        row = {"access_token": tokens.access, "refresh_token": tokens.refresh, "seed": mark}
        rows = {**self._read(), account: row}
        try:
            _write(self._path, json.dumps(rows, indent=2))
        except OSError as error:
            structlog.get_logger().error("twitch.tokens_unsaved", error=type(error).__name__)
            self._unsaved = {**self._unsaved, account: row}
            self.trouble = unwritable(FILE_NAME)
        else:
            self._unsaved = {}
            self.trouble = None


def _write(path: Path, text: str) -> None:
    """Replace the file at one stroke: after a crash it holds the old text or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes it readable for its owner alone from the first moment
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
