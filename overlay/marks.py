"""Marks: which source has shown which gift, apart from the money."""

from collections.abc import Iterable

from data.access import Access, Source


class Marks:
    """Kept in memory for the sources whose pages were here; on disk before it counts."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._shown: dict[int, set[int]] = {}

    async def load(self, source: Source) -> None:
        """Take up what the source has shown."""
        if source.id not in self._shown:
            marks = await self._access.shown(source)
            self._shown.setdefault(source.id, marks)

    def has(self, source: Source, seq: int) -> bool:
        """Whether the source has shown that gift."""
        return seq in self._shown.get(source.id, ())

    async def add(self, source: Source, seqs: Iterable[int]) -> None:
        """The source has shown these. Raises `GiftError` when that cannot be recorded now."""
        new = [seq for seq in seqs if not self.has(source, seq)]
        if new:
            await self._access.mark_shown(source, new)
            if source.id in self._shown:
                self._shown[source.id].update(new)

    def forget(self, source: Source) -> None:
        """Drop the memory of a source: its number may be given to another."""
        self._shown.pop(source.id, None)

    async def prune(self, stage: str, before: int) -> None:
        """Drop the marks of gifts that can never be given again."""
        await self._access.forget_shown(stage, before)
        for source in self._access.sources(stage):
            if marks := self._shown.get(source.id):
                self._shown[source.id] = {seq for seq in marks if seq >= before}
