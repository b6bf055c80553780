"""What an effect does in OBS, and how it is taken back: only where nobody else stepped in."""

from typing import Any

from bot.obs.errors import REFUSED, ObsError
from bot.obs.settings import Effect
from bot.obs.studio import NOT_FOUND, NOT_RUNNING, Item, Studio


def in_words(effect: Effect) -> str:
    """The effect as a streamer would say it."""
    verb = "off" if effect.off else "on"
    if effect.scene is not None:
        return f"the scene “{effect.scene}”"
    if effect.filter is not None:
        return f"the filter “{effect.filter}” of “{effect.source}” {verb}"
    if effect.save_replay:
        return "a replay saved"
    return f"“{effect.show}” in the scene “{effect.inside}” {verb}"


async def state(studio: Studio, effect: Effect) -> Any:
    """What the effect would change, as it is now: the scene in the programme, or whether the
    filter or source is on. Raises `ObsError` when there is no such thing."""
    if effect.scene is not None:
        return await studio.current_scene()
    if effect.filter is not None:
        return await studio.filter_on(effect.source or "", effect.filter)
    if effect.save_replay:
        if not await studio.replay_runs():
            raise ObsError(REFUSED, "The replay buffer is not running", status=NOT_RUNNING)
        return False
    return (await _item(studio, effect)).enabled


async def before(studio: Studio, effect: Effect) -> Any:
    """What there is to go back to; None when it is so already, and nothing is to be done."""
    now = await state(studio, effect)
    return None if now == _wanted(effect) else now


async def start(studio: Studio, effect: Effect) -> None:
    """Do it."""
    await _put(studio, effect, _wanted(effect))


async def stop(studio: Studio, effect: Effect, to: Any) -> Any:
    """Take it back, unless somebody has changed the same thing meanwhile: then what it is now."""
    if effect.save_replay:
        await studio.save_replay()
        return None
    now = await state(studio, effect)
    if now != _wanted(effect):
        return now
    await _put(studio, effect, to)
    return None


def _wanted(effect: Effect) -> Any:
    return effect.scene if effect.scene is not None else not effect.off


async def _put(studio: Studio, effect: Effect, value: Any) -> None:
    if effect.scene is not None:
        await studio.switch(value)
    elif effect.filter is not None:
        await studio.enable_filter(effect.source or "", effect.filter, on=value)
    elif not effect.save_replay:
        item = await _item(studio, effect)
        await studio.enable_item(item.scene, item.id, on=value)


async def _item(studio: Studio, effect: Effect) -> Item:
    for item in await studio.items(effect.inside or ""):
        if item.source == effect.show:
            return item
    raise ObsError(
        REFUSED, f"There is no “{effect.show}” in the scene “{effect.inside}”", status=NOT_FOUND
    )
