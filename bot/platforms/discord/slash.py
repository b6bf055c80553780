"""Slash commands, made from the desk's own: one `/name` with options for each command."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from inspect import Parameter, Signature
from typing import Any

import discord
from discord import app_commands

from bot.platforms.discord.names import shown_name
from commands.chat import Role
from commands.command import Argument, Command, Mention
from commands.suggest import Suggestion
from data.money import COUNT_MAX, TOTAL_COINS_MAX

Interaction = discord.Interaction[Any]
Slash = app_commands.Command[Any, ..., None]
Choice = app_commands.Choice[str]
Carry = Callable[[Interaction, str, Mapping[str, object]], Awaitable[None]]
Suggest = Callable[[Interaction, str, str, str], Awaitable[list[Choice]]]
Hint = Callable[[Role], discord.Permissions | None]

TEXT_LENGTH_MAX = 300
CHOICES_MAX = 25
LABEL_LENGTH_MAX = 100


def slash_command(command: Command, *, carry: Carry, suggest: Suggest, hint: Hint) -> Slash:
    """A command as Discord shows it.

    suggest: what may be meant, by command, argument and what is typed of it.
    hint: the permissions it asks for; a server may lift them, and the desk checks the role.
    """

    async def run(interaction: Interaction, **options: object) -> None:
        await carry(interaction, command.name, values(options))

    run.__signature__ = _signature(command.arguments)  # type: ignore[attr-defined]
    app_commands.describe(**{a.name: shortened(a.help or a.name) for a in command.arguments})(run)
    if fixed := {a.name: _choices(a) for a in command.arguments if _is_listed(a)}:
        app_commands.choices(**fixed)(run)
    if open_ended := {a.name: _typing(command, a, suggest) for a in command.arguments if _helps(a)}:
        app_commands.autocomplete(**open_ended)(run)
    slash: Slash = app_commands.Command(
        name=command.name, description=shortened(command.summary or command.name), callback=run
    )
    slash.default_permissions = hint(command.role)
    return slash


def _helps(argument: Argument) -> bool:
    return argument.kind in ("gift", "creator", "command") or bool(argument.refs)


def _typing(command: Command, argument: Argument, suggest: Suggest) -> Any:
    async def complete(interaction: Interaction, typed: str) -> list[Choice]:
        return await suggest(interaction, command.name, argument.name, typed)

    return complete


def values(options: Mapping[str, object]) -> dict[str, object]:
    """The options somebody filled in, as the desk takes them."""
    return {name: _value(value) for name, value in options.items() if value is not None}


def written(name: str, filled: Mapping[str, object]) -> str:
    """A call as one line, as Discord shows it: by it another call of the same id is told apart."""
    return " ".join([f"/{name}", *(f"{key}:{_token(value)}" for key, value in filled.items())])


def choices(suggestions: Sequence[Suggestion]) -> list[Choice]:
    """Suggestions as Discord lists them while somebody is typing."""
    return [
        app_commands.Choice(name=shortened(s.label), value=s.value)
        for s in suggestions[:CHOICES_MAX]
    ]


def shortened(text: str, length_max: int = LABEL_LENGTH_MAX) -> str:
    """The text, cut to what Discord takes."""
    return text if len(text) <= length_max else f"{text[: length_max - 1]}…"


def _value(value: object) -> object:
    match value:
        case discord.Member() | discord.User():
            return Mention(shown_name(value.display_name, value.name), str(value.id))
        case discord.Object():
            return Mention(str(value.id), str(value.id))
    return value


def _token(value: object) -> object:
    return f"<@{value.user_id}>" if isinstance(value, Mention) else value


def _is_listed(argument: Argument) -> bool:
    return argument.kind == "choice" and 0 < len(argument.choices) <= CHOICES_MAX


def _choices(argument: Argument) -> list[Choice]:
    return [app_commands.Choice(name=choice, value=choice) for choice in argument.choices]


def _signature(arguments: Sequence[Argument]) -> Signature:
    """The options as a signature: the form in which discord.py reads them."""
    asker = Parameter("interaction", Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction)
    options = [
        Parameter(
            argument.name,
            Parameter.KEYWORD_ONLY,
            annotation=_form(argument),
            default=Parameter.empty if argument.required else None,
        )
        for argument in arguments
    ]
    return Signature([asker, *options])


def _form(argument: Argument) -> Any:
    match argument.kind:
        case "count":
            return app_commands.Range[int, 1, COUNT_MAX]
        case "amount":
            return app_commands.Range[int, 0 if argument.zero else 1, TOTAL_COINS_MAX]
        case "person":
            return discord.User
        case "choice":
            return str if _is_listed(argument) else _range(TEXT_LENGTH_MAX)
        case "gift" | "creator":
            return _range(LABEL_LENGTH_MAX)
        case "text" | "gift_ref" | "command":
            return _range(TEXT_LENGTH_MAX)


def _range(length_max: int) -> Any:
    return app_commands.Range[str, 1, length_max]
