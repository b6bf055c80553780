"""A slash call: carried out by the desk, answered to the asker alone, in time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import discord
import structlog

from bot.platforms.discord.faults import FAULTS
from commands.chat import Reply

LENGTH_MAX = 2_000

_ALREADY_ANSWERED = 40060
_TOO_LATE = 10062
_BROKEN = "That did not work. Look at /balance before you try again."

_log = structlog.get_logger()


def plain(text: str) -> str:
    """The words as typed: names and texts of viewers make no bold, no heading, no quote."""
    return discord.utils.escape_markdown(text)[:LENGTH_MAX]


async def answer(
    interaction: discord.Interaction[Any],
    work: Callable[[], Coroutine[Any, Any, Reply]],
    *,
    defer_after_s: float,
) -> None:
    """Answers with what the desk says.

    Discord waits three seconds. A desk that takes half of them is announced first ("thinking"),
    which leaves fifteen minutes. A repeat is answered too: the first answer may have been lost,
    and Discord itself refuses a second one.
    """
    task = asyncio.create_task(work())
    try:
        done, _ = await asyncio.wait({task}, timeout=defer_after_s)
        if not done:
            await say(interaction, defer=True)
        await say(interaction, _words(await task))
    except Exception as error:  # noqa: BLE001 - whatever broke, the asker gets an answer
        _log.error("discord.call_failed", exc_info=error)
        await say(interaction, _BROKEN)
    finally:
        task.cancel()


async def say(
    interaction: discord.Interaction[Any], text: str = "", *, defer: bool = False
) -> None:
    """Answers a call, or follows its "thinking" up; a failure is noted, never raised."""
    try:
        if defer:
            await interaction.response.defer(ephemeral=True)
        elif interaction.response.is_done():
            await interaction.followup.send(plain(text), ephemeral=True, suppress_embeds=True)
        else:
            await interaction.response.send_message(
                plain(text), ephemeral=True, suppress_embeds=True
            )
    except FAULTS as error:
        known = getattr(error, "code", 0) in {_ALREADY_ANSWERED, _TOO_LATE}
        note = _log.info if known else _log.warning
        note("discord.answer_refused", interaction=interaction.id, why=str(error))


def _words(reply: Reply) -> str:
    return reply.text or ("Done." if reply.ok else _BROKEN)
