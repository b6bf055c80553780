"""Looking after browser sources while no giftcast is running."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.port import links_port
from bot.running import keep_port
from bot.settings import load_settings
from commands import policy
from commands.policies import Policies
from data.access import Access, Source, new_token
from data.documents import FileDocuments
from data.errors import DocumentError
from data.sqlite.journal import FILE_NAME, SqliteJournal
from overlay.entry import PREVIEW
from overlay.left_behind import left_behind
from overlay.source_settings import SourceSettings
from overlay.stages import MAIN, known_stages, no_stage
from overlay.widget import discover


class SourceKeeper:
    """The sources of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def add(self, widget: str, name: str, stage: str) -> dict[str, Any]:
        """Register one; with its link."""
        widgets = discover()
        if widget not in widgets:
            names = ", ".join(sorted(widgets))
            raise DocumentError(f"there is no widget {widget!r}: choose one of {names}")
        if name == PREVIEW:
            raise DocumentError(f"the name {PREVIEW!r} is kept for the chat page: choose another")
        async with self._opened() as (journal, access):
            await self._check_stage(stage, journal)
            token = new_token()
            source = await access.add(
                stage,
                widget,
                name or widget,
                settles=widgets[widget].settles,
                after=journal.head(stage),
                token=token,
            )
            return self._linked(access, source, token)

    async def list(self) -> list[dict[str, Any]]:
        """All of them."""
        if not (self._folder / FILE_NAME).exists():
            return []
        async with self._opened() as (_, access):
            settings = self._quietly(access)
            return [_described(s, settings) for s in access.sources() if s.name != PREVIEW]

    async def known(self, token: str) -> dict[str, Any] | None:
        """The source that holds the token."""
        if not (self._folder / FILE_NAME).exists():
            return None
        async with self._opened() as (_, access):
            source = access.by_token(token)
            return _described(source, self._quietly(access)) if source else None

    async def settings(
        self, name: str, stage: str, changes: Mapping[str, Any] | None = None
    ) -> Sequence[dict[str, Any]]:
        """Its settings, after these changes."""
        async with self._opened() as (_, access):
            source = _named(access, name, stage)
            settings = SourceSettings(FileDocuments(self._folder), access, discover())
            settings.load()
            if changes:
                await settings.put(source, changes)
            return settings.described(source)

    async def rotate(self, name: str, stage: str) -> dict[str, Any]:
        """A new link for one."""
        async with self._opened() as (_, access):
            source = _named(access, name, stage)
            token = new_token()
            return self._linked(access, await access.rotate(source, token), token)

    async def _check_stage(self, stage: str, journal: SqliteJournal) -> None:
        documents = FileDocuments(self._folder)
        policies = Policies(documents)
        if stage != MAIN and documents.version(policy.NAME):
            policies.load()
        if stage not in (known := await known_stages(journal.books, policies)):
            raise DocumentError(". ".join(no_stage(stage, known)))

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[tuple[SqliteJournal, Access]]:
        journal = await SqliteJournal.open(self._folder / FILE_NAME)
        try:
            access = Access(journal, lambda: time.time_ns() // 1_000_000)
            await access.load()
            yield journal, access
        finally:
            await journal.close()

    def _quietly(self, access: Access) -> SourceSettings | None:
        """The settings, unless somebody has damaged them: those who ask for them are told."""
        settings = SourceSettings(FileDocuments(self._folder), access, discover())
        with suppress(DocumentError):
            settings.load()
            return settings
        return None

    def _linked(self, access: Access, source: Source, token: str) -> dict[str, Any]:
        """With the link that is given out now, and what becomes of earlier ones."""
        port = links_port(load_settings(self._folder).server, self._folder)
        before = keep_port(self._folder, port)
        linked = {
            **_described(source, self._quietly(access)),
            "url": f"http://127.0.0.1:{port}/o/{source.widget}#{token}",
        }
        others = (each for each in access.sources() if each.id != source.id)
        if note := left_behind(port, before, others):
            linked["note"] = note
        return linked


def _described(source: Source, settings: SourceSettings | None) -> dict[str, Any]:
    missing = settings.missing(source) if settings else None
    return {
        "name": source.name,
        "widget": source.widget,
        "stage": source.stage,
        "settles": source.settles,
        "online": False,
        "active": False,
        "missing": asdict(missing) if missing else None,
    }


def _named(access: Access, name: str, stage: str) -> Source:
    source = access.named(stage, name)
    if source is None or name == PREVIEW:
        raise DocumentError(f"there is no source {name!r}: see giftcast source list")
    return source
