"""Telling Discord which slash commands there are, only when they have changed."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from discord import app_commands

from bot.platforms.discord.faults import FAULTS

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Registration:
    """The file that remembers what Discord was last told, and for which bot."""

    path: Path

    async def renew(self, tree: app_commands.CommandTree[Any]) -> bool:
        """Registers the commands if they differ from last time; false when Discord refused.

        A refusal does not keep the bot out: the commands of last time still work.
        """
        told = await _digest(tree)
        if told == self._last():
            return True
        try:
            await tree.sync()
        except (*FAULTS, ValueError) as error:
            _log.error("discord.commands_refused", why=str(error))
            return False
        try:
            self._write(told)
        except OSError as error:  # then they are registered again next time
            _log.warning("discord.commands_not_noted", why=str(error))
        return True

    def forget(self) -> None:
        """Has the commands registered anew next time."""
        self.path.unlink(missing_ok=True)

    def _last(self) -> str:
        try:
            return str(json.loads(self.path.read_text(encoding="utf-8"))["sha256"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _write(self, told: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".tmp")
        with temporary.open("w", encoding="utf-8") as file:
            json.dump({"sha256": told}, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.path)


async def _digest(tree: app_commands.CommandTree[Any]) -> str:
    """A fingerprint of the commands as they would be sent, and of the bot they belong to."""
    translator = tree.translator
    payload = [
        await command.get_translated_payload(tree, translator)
        if translator
        else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    whole = json.dumps([str(tree.client.application_id), payload], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
