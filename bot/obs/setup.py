"""The set-up: one browser source in OBS for each wanted widget, made or brought up to date.

It may be run again and again. It changes nothing else, and writes down what it does.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.obs import errors
from bot.obs.errors import ObsError
from bot.obs.links import Links, Page, page_of
from bot.obs.loader import loader_path, write_loader
from bot.obs.record import Changed, MadeInput, MadeItem, MadeSource, Mark, Moved, Record
from bot.obs.search import Search
from bot.obs.studio import EXISTS, Input, Item, Studio
from overlay.entry import PREVIEW
from overlay.stages import MAIN

BROWSER = "browser_source"
NAMES_MAX = 100
# The whole canvas and nothing else. OBS's alignment 5: the upper left corner.
FITTING: Mapping[str, Any] = {
    "positionX": 0, "positionY": 0, "rotation": 0, "scaleX": 1, "scaleY": 1, "alignment": 5,
    "boundsType": "OBS_BOUNDS_NONE",
    "cropLeft": 0, "cropTop": 0, "cropRight": 0, "cropBottom": 0,
}  # fmt: skip
# A source that is shut down when hidden, or begins anew when shown, forgets what it was playing.
STEADY = {"shutdown": False, "restart_when_active": False}
# Sound through OBS's mixer; only where we make the source, for it changes what people hear.
HEARD = {"reroute_audio": True}
_PLAIN = {"url": "link", "local_file": "loader", "is_local_file": "loader instead of a link"}


class Setup:
    """Sets OBS up. tell: takes one line for each thing done.

    kind: the kind of input; `browser_source`, but for tests on an OBS that has none.
    `given`: giftcast's sources whose links stand in OBS, or were told, by now.
    """

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
        self.given: list[str] = []
        self._collection = ""
        self._size = (0, 0)

    async def run(self, widgets: Sequence[str], *, scene: str = "", loader: bool = False) -> None:
        """Do it. scene: where new ones go; else into the one in the programme, and what stands
        somewhere stays there. Raises `ObsError`; what was done until then can be taken back."""
        if self._kind not in await self._studio.kinds():
            for widget in widgets:
                await self._by_hand(widget)
            raise errors.no_browser()
        scenes = await self._studio.scenes()
        if scene and scene not in scenes:
            known = ", ".join(f"“{name}”" for name in scenes[:20])
            raise ObsError(errors.NO_SCENE, f"OBS has no scene “{scene}”", f"There are {known}")
        self._collection = await self._studio.collection()
        self._size = await self._studio.canvas()
        for widget in widgets:
            await self._set_up(widget, scene, loader=loader)

    async def _set_up(self, widget: str, scene: str, *, loader: bool) -> None:
        search = await Search.of(self._studio, self._kind, self._folder)
        found = await search.ours(widget, self._links, self._record)
        shown = search.page(found) if found else None
        source, page = await self._link(widget, shown)
        self.given.append(source)
        wanted = {
            **self._shown(source, page, loader=loader),
            "width": self._size[0],
            "height": self._size[1],
            **STEADY,
        }
        if found is None:
            scene = scene or await self._studio.current_scene()
            await self._make(widget, scene, wanted, page.token)
            return
        mark = self._mark(found.name, page.token, found.uuid)
        changed = await self._change(widget, search, found, wanted, mark)
        if "width" in changed or "height" in changed:
            for item in search.places(found.name):
                await self._fit(widget, item, mark)
        if scene and not search.shown_in(scene, found.name):
            await self._place(widget, scene, mark)
        elif not changed:
            self._tell(f"{widget}: “{found.name}” is as it should be")

    # --- giftcast's side ---

    async def _link(self, widget: str, shown: Page | None) -> tuple[str, Page]:
        """The source and page that OBS shall show: the one it shows, if that link is alive; the
        one that we made; or a new one."""
        source = await self._links.known(shown.token) if shown else None
        if shown and source and source.name != PREVIEW:  # that one settles nothing
            return source.name, Page(self._links.address, widget, shown.token)
        name = f"obs-{widget}"
        token = self._record.token(name, self._links.stage)
        if token and await self._links.known(token):
            return name, Page(self._links.address, widget, token)
        sources = await self._links.sources()
        there = {one.name: one for one in sources if one.stage == self._links.stage}
        if name in there and there[name].online:  # some other OBS or window shows it just now
            name = next(n for i in range(2, 1_000) if (n := f"obs-{widget}-{i}") not in there)
        if name in there:
            url = await self._links.rotate(name)
            self._tell(f"{widget}: new link for the giftcast source “{name}”; the old one is dead")
        else:
            self._record.add(MadeSource(name=name, stage=self._links.stage))
            url = await self._links.add(widget, name)
            self._tell(f"{widget}: made the giftcast source “{name}”")
        page = page_of(url)
        assert page is not None, "giftcast's own links are pages"
        self._record.remember(name, self._links.stage, page.token)
        return name, page

    def _shown(self, source: str, page: Page, *, loader: bool) -> dict[str, Any]:
        if not loader:
            return {"is_local_file": False, "url": page.url}
        path = loader_path(self._folder, source, self._links.stage)
        write_loader(path, page)
        return {"is_local_file": True, "local_file": path.as_posix()}

    async def _by_hand(self, widget: str) -> None:
        """This OBS cannot do it: at least the link for one that can."""
        source, page = await self._link(widget, None)
        self.given.append(source)
        self._tell(f"{widget}: the link, to be added by hand as a browser source: {page.url}")

    # --- OBS's side ---

    def _mark(self, name: str, token: str, uuid: str = "") -> Mark:
        stage, collection = self._links.stage, self._collection
        return Mark(stage=stage, collection=collection, input=name, uuid=uuid, token=token)

    async def _make(self, widget: str, scene: str, wanted: Mapping[str, Any], token: str) -> None:
        stage = self._links.stage
        usual = f"giftcast {widget}" if stage == MAIN else f"giftcast {widget} ({stage})"
        for name in (usual, *(f"{usual} {number}" for number in range(2, NAMES_MAX))):
            if await self._make_named(widget, scene, name, wanted, token):
                return
        raise ObsError(errors.REFUSED, f"Every name like “{usual}” is taken in OBS")

    async def _make_named(
        self, widget: str, scene: str, name: str, wanted: Mapping[str, Any], token: str
    ) -> bool:
        """False when the name is taken: scenes, groups and sources share one room of names."""
        mark = self._mark(name, token)
        act = MadeInput(of=mark)
        self._record.add(act)
        try:
            uuid, _ = await self._studio.create(scene, name, self._kind, {**wanted, **HEARD})
        except ObsError as error:
            if error.code in (errors.REFUSED, errors.NO_BROWSER):
                self._record.drop(act)  # nothing was made
            if error.status == EXISTS:
                return False
            raise
        self._record.replace(act, MadeInput(of=mark.model_copy(update={"uuid": uuid})))
        width, height = self._size
        self._tell(
            f"{widget}: made the browser source “{name}” in the scene “{scene}”, {width}×{height}"
        )
        return True

    async def _change(
        self,
        widget: str,
        search: Search,
        found: Input,
        wanted: Mapping[str, Any],
        mark: Mark,
    ) -> set[str]:
        """Bring the settings up to date; which were changed."""
        now = {**await self._studio.defaults(self._kind), **found.settings}
        # what is not there is off
        change = {key: value for key, value in wanted.items() if now.get(key, False) != value}
        if not change:
            return set()
        made = (act for act in self._record.acts if isinstance(act, MadeInput))
        if not any(search.find(act.of) == found for act in made):  # those go as a whole
            before = {key: found.settings[key] for key in change if key in found.settings}
            self._record.add(Changed(of=mark, before=before, after=change))
        await self._studio.configure(found.name, change)
        told = [_told(key, now.get(key), value) for key, value in change.items()]
        self._tell(f"{widget}: “{found.name}” was there: changed {', '.join(told)}")
        return set(change)

    async def _fit(self, widget: str, item: Item, mark: Mark) -> None:
        """The item's scale was made for the old size."""
        if all(item.transform.get(key) == value for key, value in FITTING.items()):
            return
        if item.scene not in await self._studio.scenes():
            self._tell(f"{widget}: it stands in the group “{item.scene}”: look at its size there")
            return
        before = {key: item.transform[key] for key in FITTING}
        after = dict(FITTING)
        self._record.add(Moved(of=mark, scene=item.scene, id=item.id, before=before, after=after))
        await self._studio.transform(item.scene, item.id, FITTING)
        self._tell(f"{widget}: made it fit the canvas in the scene “{item.scene}”")

    async def _place(self, widget: str, scene: str, mark: Mark) -> None:
        act = MadeItem(of=mark, scene=scene)
        self._record.add(act)
        number = await self._studio.add_item(scene, mark.input)
        self._record.replace(act, act.model_copy(update={"id": number}))
        self._tell(f"{widget}: put “{mark.input}” into the scene “{scene}” too")


def _told(key: str, before: Any, after: Any) -> str:
    """A change in words; never a link, for a screen may be on the stream."""
    if key in _PLAIN:
        return _PLAIN[key]
    return f"{key} {before} → {after}" if before is not None else f"{key} {after}"
