"""The settings of each browser source: what its widget declares, with what people changed."""

import asyncio
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from data.access import Access, Source
from data.documents import Documents
from data.errors import DocumentError
from overlay.stages import MAIN
from overlay.widget import Widget

NAME = "sources"
CHANGES_MAX = 60


class Entry(BaseModel):
    """What people changed of one source, as it stands in `sources.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    stage: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")] = "main"
    settings: Annotated[dict[str, Any], Field(max_length=CHANGES_MAX)] = {}


@dataclass(frozen=True, slots=True)
class Missing:
    """A setting that is not set, and without which a page shows nothing. command: what sets it,
    as it is typed after `giftcast`."""

    setting: str
    command: str


class SourceSettings:
    """The settings in force. An entry whose source is not registered waits for it."""

    def __init__(self, documents: Documents, access: Access, widgets: Mapping[str, Widget]) -> None:
        self._documents, self._access, self._widgets = documents, access, widgets
        self._entries: dict[tuple[str, str], Entry] = {}
        self._changing = asyncio.Lock()

    def load(self) -> None:
        """Read the document and take it into use; on `DocumentError` all stays as it was."""
        found: dict[tuple[str, str], Entry] = {}
        for entry in self._documents.load(NAME, Entry).values():
            key = (entry.stage, entry.source)
            if key in found:
                raise DocumentError(f"{NAME}.json: the source {entry.source!r} stands there twice")
            source = self._access.named(*key)
            widget = self._widgets.get(source.widget) if source else None
            try:
                found[key] = _with(entry, widget.take(entry.settings)) if widget else entry
            except DocumentError as error:
                raise DocumentError(f"{NAME}.json: source {entry.source!r}: {error}") from None
        self._entries = found

    def of(self, source: Source) -> dict[str, Any]:
        """The value of each setting. Raises `DocumentError` when its widget is there no more."""
        widget = self._widget(source)
        values = widget.defaults()
        for name, value in self.changed(source).items():
            try:
                values.update(widget.take({name: value}))
            except DocumentError:
                continue  # it was written before the source was there
        return values

    def missing(self, source: Source) -> Missing | None:
        """The setting that the source's page cannot do without, while it is not set."""
        try:
            declared, values = self._widget(source).settings, self.of(source)
        except DocumentError:
            return None
        for setting, one in declared.items():
            if one.needed and not str(values[setting]).strip():
                command = f"source set {_typed(source.name)} {setting}={one.needed}"
                if source.stage != MAIN:
                    command += f" --stage {source.stage}"
                return Missing(setting, command)
        return None

    def changed(self, source: Source) -> dict[str, Any]:
        """What people changed."""
        entry = self._entries.get((source.stage, source.name))
        return dict(entry.settings) if entry else {}

    def described(self, source: Source) -> list[dict[str, Any]]:
        """Each setting with its value and what it may hold, as a form needs it."""
        values = self.of(source)
        return [
            {
                "name": name,
                **setting.model_dump(exclude_defaults=True),
                "allowed": setting.allowed(),
                "value": values[name],
            }
            for name, setting in self._widget(source).settings.items()
        ]

    async def put(
        self, source: Source, values: Mapping[str, Any], *, whole: bool = False
    ) -> dict[str, Any]:
        """Change these on disk and then in force; None: as declared. whole: all others, too, are
        as declared. Raises `DocumentError` when one is not allowed, and changes nothing then."""
        widget = self._widget(source)
        taken = widget.take(values)
        async with self._changing:
            before = {} if whole else self.changed(source)
            kept = {name: value for name, value in before.items() if name not in values}
            entry = Entry(source=source.name, stage=source.stage, settings={**kept, **taken})
            await self._write(source, entry)
        return self.of(source)

    async def forget(self, source: Source) -> None:
        """The source is gone; another of its name begins anew."""
        async with self._changing:
            if (source.stage, source.name) not in self._entries:
                return
            with suppress(DocumentError):  # somebody edits it just now: then it is theirs
                await self._write(source, None)

    def _widget(self, source: Source) -> Widget:
        if (widget := self._widgets.get(source.widget)) is None:
            raise DocumentError(f"there is no widget {source.widget!r} any more")
        return widget

    async def _write(self, source: Source, entry: Entry | None) -> None:
        entries = {k: e for k, e in self._entries.items() if k != (source.stage, source.name)}
        if entry is not None and entry.settings:
            entries[source.stage, source.name] = entry
        rows = {str(n): e.model_dump(mode="json") for n, e in enumerate(entries.values(), 1)}
        await asyncio.to_thread(self._documents.save, NAME, rows)
        self._entries = entries


def _typed(name: str) -> str:
    """A name as one word of a command."""
    return name if re.fullmatch(r"\w[\w.-]*", name) else json.dumps(name, ensure_ascii=False)


def _with(entry: Entry, settings: dict[str, Any]) -> Entry:
    return entry.model_copy(update={"settings": settings})
