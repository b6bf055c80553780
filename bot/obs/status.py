"""Looks at OBS and says in words what is wrong, and the fix."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.obs import deeds
from bot.obs.errors import ObsError, no_browser
from bot.obs.links import Links, Seen
from bot.obs.record import Record
from bot.obs.search import Search
from bot.obs.settings import Effect
from bot.obs.setup import BROWSER, STEADY
from bot.obs.studio import Input, Studio
from overlay.entry import PREVIEW
from overlay.stages import MAIN


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ok: nothing to do."""

    what: str
    ok: bool = True
    why: str = ""
    fix: str = ""


class Status:
    """One look at everything of ours in OBS."""

    def __init__(
        self, studio: Studio, links: Links, record: Record, folder: Path, *, kind: str = BROWSER
    ) -> None:
        self._studio, self._links, self._record = studio, links, record
        self._folder, self._kind = folder, kind

    async def look(self, effects: Sequence[Effect] = ()) -> list[Finding]:
        """Everything found. Raises `ObsError` when OBS is lost meanwhile."""
        found = [Finding(f"connected to {await self._studio.version()}")]
        if self._kind in await self._studio.kinds():
            found += await self._sources()
        else:
            lacks = no_browser()
            found.append(Finding("browser sources", ok=False, why=lacks.what, fix=lacks.fix))
        for effect in effects:
            found.append(await self._effect(effect))
        return found

    async def _sources(self) -> list[Finding]:
        search = await Search.of(self._studio, self._kind, self._folder)
        canvas = await self._studio.canvas()
        ours: list[tuple[Input, Seen]] = []
        dead: list[Input] = []
        for one in search.inputs:
            if (page := search.page(one)) is None:
                continue
            if source := await self._links.known(page.token):
                ours.append((one, source))
            elif page.address == self._links.address or search.is_marked(one, self._record):
                dead.append(one)
        if not ours and not dead:
            return [Finding("giftcast in OBS", False, "OBS shows nothing of it", _SET_UP)]
        shown = [source for _, source in ours]
        found = [
            Finding(f"“{one.name}”", False, "its link is no longer valid", _SET_UP) for one in dead
        ]
        for one, source in ours:
            faults = self._faults(search, one, canvas, _set_up(source.stage))
            if shown.count(source) > 1:
                faults.append(("another has the same link; one of them plays at a time", _ONE))
            if source.name == PREVIEW:
                faults.append(("it shows the preview: no gift counts as shown there", _SET_UP))
            elif not source.online:
                faults.append(("its page is not connected to giftcast", _CONNECT))
            if source.missing:
                why = f"it shows nothing, for {source.missing.setting} is not set"
                faults.append((why, f"giftcast {source.missing.command}"))
            what = f"“{one.name}” ({source.name}), in {self._where(search, one)}"
            what += ", on air" if source.active else ""
            found += [Finding(what, False, *fault) for fault in faults] or [Finding(what)]
        return found

    def _where(self, search: Search, one: Input) -> str:
        scenes = sorted({f"“{item.scene}”" for item in search.places(one.name)})
        return ", ".join(scenes) or "no scene"

    def _faults(
        self, search: Search, one: Input, canvas: tuple[int, int], set_up: str
    ) -> list[tuple[str, str]]:
        faults: list[tuple[str, str]] = []
        size = one.settings.get("width", 800), one.settings.get("height", 600)
        if size != canvas:
            is_, has = "×".join(map(str, size)), "×".join(map(str, canvas))
            faults.append((f"it is {is_}, the canvas {has}", set_up))
        for key, value in STEADY.items():
            if one.settings.get(key, value) != value:
                name = _IN_OBS[key]
                faults.append(
                    (f"“{name}” is on, which ends films early", f"turn it off, or: {set_up}")
                )
        if not search.places(one.name):
            faults.append(("it stands in no scene", set_up))
        return faults

    async def _effect(self, effect: Effect) -> Finding:
        what = f"effect: {deeds.in_words(effect)}"
        try:
            if effect.scene is not None and effect.scene not in await self._studio.scenes():
                return Finding(what, False, "OBS has no such scene", _NAMES)
            await deeds.state(self._studio, effect)
        except ObsError as error:
            if not error.status:
                raise
            return Finding(what, False, error.what, _NAMES)
        return Finding(what)


def _set_up(stage: str) -> str:
    return _SET_UP if stage == MAIN else f"{_SET_UP} --stage {stage}"


_SET_UP = "giftcast obs setup"
_ONE = "remove one of them and paste the other there as a reference"
_CONNECT = (
    "start giftcast; then, in OBS, the source's properties → Refresh cache of current page. So "
    "that it connects by itself: giftcast obs setup --loader"
)
_NAMES = "correct the name in giftcast.toml, [obs] on_hero, or in OBS"
_IN_OBS = {
    "shutdown": "Shutdown source when not visible",
    "restart_when_active": "Refresh browser when scene becomes active",
}
