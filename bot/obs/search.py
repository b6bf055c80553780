"""Finds in OBS what belongs to this giftcast, whatever it is called and wherever it stands."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.obs.links import Links, Page, page_of
from bot.obs.loader import page_in
from bot.obs.record import Mark, Record
from bot.obs.studio import Input, Item, Studio
from overlay.stages import MAIN


def page_shown(settings: Mapping[str, Any], folder: Path) -> Page | None:
    """The giftcast page that a browser source shows: by its address, or by our loader."""
    if settings.get("is_local_file"):
        path = Path(str(settings.get("local_file", "")))
        return page_in(path) if path.parent == folder else None
    return page_of(str(settings.get("url", "")))


class Search:
    """One look at OBS. Read it anew after a change."""

    def __init__(
        self, inputs: Sequence[Input], items: Mapping[str, Sequence[Item]], folder: Path
    ) -> None:
        self.inputs, self.items, self._folder = inputs, items, folder

    @classmethod
    async def of(cls, studio: Studio, kind: str, folder: Path) -> "Search":
        """Look at everything of the kind, in all scenes."""
        inputs = await studio.inputs(kind)
        return cls(inputs, {s: await studio.items(s) for s in await studio.scenes()}, folder)

    async def ours(self, widget: str, links: Links, record: Record) -> Input | None:
        """The input that shows this giftcast's widget: one that we made, one whose link is
        alive, or one with an old link of ours, which is taken for the main stage's when nothing
        says whose it was. Another giftcast's are not ours."""
        candidates: list[tuple[int, Input]] = []
        for one in self.inputs:
            page = page_shown(one.settings, self._folder)
            if page is None or page.widget != widget:
                continue
            source = await links.known(page.token)
            if source and source.stage != links.stage:
                continue
            if self.is_marked(one, record, links.stage):
                candidates.append((0, one))
            elif source:
                candidates.append((1, one))
            elif self.is_marked(one, record):
                continue  # for another stage
            elif page.address == links.address and links.stage == MAIN:
                candidates.append((2, one))
        return min(candidates, key=lambda found: found[0])[1] if candidates else None

    def find(self, mark: Mark) -> Input | None:
        """An input: by its uuid, which outlives a new name, or by what it shows."""
        by_uuid = (one for one in self.inputs if mark.uuid and one.uuid == mark.uuid)
        by_page = (
            one for one in self.inputs if (page := self.page(one)) and page.token == mark.token
        )
        return next(by_uuid, None) or next(by_page, None)

    def is_marked(self, one: Input, record: Record, stage: str = "") -> bool:
        """Whether we have done something to it, for this stage or any."""
        marks = (mark for mark in record.marks if stage in ("", mark.stage))
        return any(self.find(mark) == one for mark in marks)

    def item(self, mark: Mark, scene: str, number: int) -> Item | None:
        """An item, if it still shows the input."""
        found = self.find(mark)
        items = self.places(found.name) if found else []
        return next((item for item in items if (item.scene, item.id) == (scene, number)), None)

    def page(self, one: Input) -> Page | None:
        """The giftcast page that an input shows."""
        return page_shown(one.settings, self._folder)

    def places(self, name: str) -> list[Item]:
        """Every item that shows the source directly, each once."""
        found = {
            (item.scene, item.id): item
            for items in self.items.values()
            for item in items
            if item.source == name
        }
        return list(found.values())

    def shown_in(self, scene: str, name: str) -> bool:
        """Whether a scene shows the source, also through groups and scenes within it."""
        seen: set[str] = set()
        line = [scene]
        while line:
            at = line.pop()
            if at in seen:
                continue
            seen.add(at)
            for item in self.items.get(at, ()):
                if item.source == name:
                    return True
                if item.is_scene and not item.is_group:
                    line.append(item.source)
        return False
