"""Takes back what the set-up has done, newest first, and nothing that somebody else has done."""

from collections.abc import Callable
from pathlib import Path

from bot.obs.errors import REFUSED, ObsError
from bot.obs.links import Links
from bot.obs.loader import loader_path
from bot.obs.record import Changed, MadeInput, MadeItem, MadeSource, Moved, Record
from bot.obs.search import Search
from bot.obs.setup import BROWSER
from bot.obs.studio import NOT_FOUND, Studio


class Undo:
    """Takes the set-up back. tell: takes one line for each thing done."""

    def __init__(
        self,
        studio: Studio,
        links: Links,
        record: Record,
        folder: Path,
        tell: Callable[[str], None],
        *,
        kind: str = BROWSER,
    ) -> None:
        self._studio, self._links, self._record = studio, links, record
        self._folder, self._tell, self._kind = folder, tell, kind

    async def run(self) -> bool:
        """Do it; whether everything is taken back. Raises `ObsError` when OBS is lost: what is
        left then is still written down."""
        if not self._record.acts:
            self._tell("There is nothing to take back.")
            return True
        collection = await self._studio.collection()
        other: set[str] = set()
        for act in reversed(self._record.acts):
            if isinstance(act, MadeSource):
                done = not other and await self._remove_source(act)
            elif act.of.collection != collection:
                other.add(act.of.collection)
                done = False
            else:
                await self._take_back(act)
                done = True
            if done:
                self._record.drop(act)
        for name in sorted(other):
            self._tell(f"For the rest, open the scene collection “{name}” in OBS and undo again.")
        return not self._record.acts

    async def _take_back(self, act: MadeInput | MadeItem | Changed | Moved) -> None:
        search = await Search.of(self._studio, self._kind, self._folder)
        try:
            match act:
                case MadeInput():
                    await self._remove_input(search, act)
                case MadeItem():
                    await self._remove_item(search, act)
                case Changed():
                    await self._set_back(search, act)
                case Moved():
                    await self._move_back(search, act)
        except ObsError as error:
            if error.code != REFUSED or error.status != NOT_FOUND:
                raise
            self._tell(f"“{act.of.input}” went from OBS just now")

    async def _remove_input(self, search: Search, act: MadeInput) -> None:
        found = search.find(act.of)
        if found is None:
            self._tell(f"“{act.of.input}” had gone from OBS already")
            return
        await self._studio.remove(found.name)
        self._tell(f"Removed the browser source “{found.name}” from OBS")

    async def _remove_item(self, search: Search, act: MadeItem) -> None:
        if search.item(act.of, act.scene, act.id) is None:
            self._tell(f"“{act.of.input}” had gone from the scene “{act.scene}” already")
            return
        await self._studio.remove_item(act.scene, act.id)
        self._tell(f"Took “{act.of.input}” out of the scene “{act.scene}”")

    async def _set_back(self, search: Search, act: Changed) -> None:
        found = search.find(act.of)
        if found is None:
            self._tell(f"“{act.of.input}” had gone from OBS already")
            return
        settings = dict(found.settings)
        ours = {key for key, value in act.after.items() if settings.get(key) == value}
        for key in ours:
            settings.pop(key)
            if key in act.before:
                settings[key] = act.before[key]
        await self._studio.reset(found.name, settings)
        self._tell(f"Set “{found.name}” back to its old settings")
        if kept := sorted(set(act.after) - ours):
            self._tell(f"Left as somebody has set it since: {', '.join(kept)}")

    async def _move_back(self, search: Search, act: Moved) -> None:
        item = search.item(act.of, act.scene, act.id)
        if item is None:
            self._tell(f"“{act.of.input}” had gone from the scene “{act.scene}” already")
        elif any(item.transform.get(key) != value for key, value in act.after.items()):
            self._tell(f"Somebody has moved “{item.source}” in “{act.scene}” since: left there")
        else:
            await self._studio.transform(act.scene, act.id, act.before)
            self._tell(f"Put “{item.source}” back to its place in the scene “{act.scene}”")

    async def _remove_source(self, act: MadeSource) -> bool:
        sources = await self._links.sources()
        if (act.name, act.stage) not in {(one.name, one.stage) for one in sources}:
            return True
        if await self._links.remove(act.name, act.stage):
            loader_path(self._folder, act.name, act.stage).unlink(missing_ok=True)
            self._tell(f"Removed the giftcast source “{act.name}”")
            return True
        self._tell(
            f"The giftcast source “{act.name}” stays for now: start giftcast and run this again, "
            "for gifts under way may have to go back to their senders"
        )
        return False
