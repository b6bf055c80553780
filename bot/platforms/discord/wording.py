"""How commands are called in other languages, from `wording.json`.

What is missing there is shown in English. Discord shows Spanish of Spain in Latin America too.
"""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

import discord
from discord import app_commands

Place = app_commands.TranslationContextLocation


def shipped() -> dict[str, Any]:
    """By locale: names of choices; of commands and their options, names and descriptions."""
    text = (resources.files("bot.platforms.discord") / "wording.json").read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


class Wording(app_commands.Translator):
    """Translates what Discord shows of commands."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words = words

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The words of that language, or None."""
        words = self._words.get(locale.value)
        if words is None:
            return None
        found: str | None
        if context.location is Place.choice_name:
            found = words["choices"].get(string.message)
            return found
        data: Any = context.data
        is_option = context.location in (Place.parameter_name, Place.parameter_description)
        command = words["commands"].get(data.command.name if is_option else data.name, {})
        entry = command.get("options", {}).get(data.name, {}) if is_option else command
        is_name = context.location in (Place.command_name, Place.parameter_name)
        found = entry.get("name" if is_name else "description")
        return found
