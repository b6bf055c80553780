"""Answers to calls and presses: to the asker alone, in time."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import discord
import structlog

from bot.platforms.discord.faults import FAULTS
from bot.platforms.discord.names import plain

_ALREADY_ANSWERED = 40060
_TOO_LATE = 10062
BROKEN = "That did not work. Look at /balance before you try again."

_log = structlog.get_logger()

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What an asker is told, and the buttons below it.

    public: everybody sees it, and it stays.
    """

    text: str
    view: discord.ui.View | None = None
    public: bool = False


def is_on_own_answer(interaction: Interaction) -> bool:
    """Whether a button was pressed on an answer that only its asker sees: it is then replaced,
    so that the button stays where it is. A message for all stays as it is."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def answer(
    interaction: Interaction,
    work: Callable[[], Coroutine[Any, Any, Told]],
    *,
    defer_after_s: float,
) -> None:
    """Answers with what the work says.

    Discord waits three seconds. Work that takes half of them is announced first ("thinking"),
    which leaves fifteen minutes. A repeat is answered too: the first answer may have been lost,
    and Discord itself refuses a second one.
    """
    task = asyncio.create_task(work())
    try:
        done, _ = await asyncio.wait({task}, timeout=defer_after_s)
        if not done:
            await _guarded(interaction, _defer(interaction))
        await say(interaction, await task)
    except Exception as error:  # noqa: BLE001 - whatever broke, the asker gets an answer
        _log.error("discord.call_failed", exc_info=error)
        await say(interaction, Told(BROKEN))
    finally:
        task.cancel()


async def say(interaction: Interaction, told: Told) -> None:
    """Answers a call or a press, or follows its "thinking" up; a failure is noted, never raised."""
    replaces, text = is_on_own_answer(interaction), plain(told.text)
    more: dict[str, Any] = {} if told.view is None else {"view": told.view}
    if interaction.response.is_done():
        saying = (
            interaction.edit_original_response(content=text, view=told.view)
            if replaces
            else interaction.followup.send(text, ephemeral=True, suppress_embeds=True, **more)
        )
    elif replaces:
        saying = interaction.response.edit_message(content=text, view=told.view)
    else:
        saying = interaction.response.send_message(
            text, ephemeral=not told.public, suppress_embeds=True, **more
        )
    await _guarded(interaction, saying)


async def _defer(interaction: Interaction) -> None:
    replaces = is_on_own_answer(interaction)
    await interaction.response.defer(ephemeral=True, thinking=not replaces)


async def _guarded(interaction: Interaction, saying: Coroutine[Any, Any, object]) -> None:
    try:
        await saying
    except FAULTS as error:
        known = getattr(error, "code", 0) in {_ALREADY_ANSWERED, _TOO_LATE}
        note = _log.info if known else _log.warning
        note("discord.answer_refused", interaction=interaction.id, why=str(error))
