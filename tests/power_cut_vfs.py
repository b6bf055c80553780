"""A disk that remembers every write, truncation and sync, and that can be full or broken: a
layer over SQLite's own driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Literal

import apsw

SECTOR = 512
Call = Literal["write", "truncate", "sync", "delete"]
_names = count(1)


@dataclass(frozen=True, slots=True)
class Event:
    """One call to the disk. at: an offset, or a length for `truncate`."""

    call: Call
    file: str
    at: int = 0
    content: bytes = b""


@dataclass(slots=True)
class Fault:
    """Which calls fail, counted over the calls in `calls`: `length` of them, from `first` on.

    short: the first half of a failing write reaches the file all the same.
    """

    error: type[apsw.Error]
    calls: tuple[Call, ...]
    first: int
    length: int
    short: bool = False
    seen: int = 0

    def strikes(self, call: Call) -> bool:
        """Count the call; whether it fails."""
        if call not in self.calls:
            return False
        self.seen += 1
        return self.first <= self.seen < self.first + self.length


@dataclass
class Disk:
    """What happened to the files of one folder. name: of the driver, for SQLite."""

    name: str
    events: list[Event] = field(default_factory=list)
    fault: Fault | None = None

    def happens(self, event: Event) -> None:
        """Remember the event, or fail."""
        if self.fault and self.fault.strikes(event.call):
            raise self.fault.error(f"the disk fails at {event.call}")
        self.events.append(event)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._name = name.filename() if isinstance(name, apsw.URIFilename) else name or ""

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's own names
        content = bytes(data)
        try:
            self._disk.happens(Event("write", self._name, offset, content))
        except apsw.Error:
            if self._disk.fault and self._disk.fault.short:
                super().xWrite(content[: len(content) // 2], offset)
            raise
        super().xWrite(content, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.happens(Event("truncate", self._name, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.happens(Event("sync", self._name))
        super().xSync(flags)


class _Driver(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__(disk.name, "")
        self._disk = disk

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        return _File(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self._disk.happens(Event("delete", filename))


@contextmanager
def disk() -> Iterator[Disk]:
    """A disk in use; its name is the `vfs` to open a journal with."""
    found = Disk(f"disk{next(_names)}")
    driver = _Driver(found)
    try:
        yield found
    finally:
        driver.unregister()


class Platter:
    """What a disk holds after some of its events: surely, and perhaps."""

    def __init__(self) -> None:
        self._durable: dict[str, bytearray] = {}
        self._pending: dict[str, list[Event]] = {}

    def apply(self, event: Event) -> None:
        """One more event."""
        match event.call:
            case "sync":
                content = self._durable.setdefault(event.file, bytearray())
                for earlier in self._pending.pop(event.file, []):
                    _carry_out(content, earlier)
            case "delete":
                self._durable.pop(event.file, None)
                self._pending.pop(event.file, None)
            case _:
                self._pending.setdefault(event.file, []).append(event)

    def image(self, how: Literal["none", "all", "torn"], random: Random) -> dict[str, bytes]:
        """The files after the power was cut: what was synced, and of the rest none, all, or
        some of it, in sectors."""
        files = {name: bytearray(content) for name, content in self._durable.items()}
        if how != "none":
            for name, events in self._pending.items():
                content = files.setdefault(name, bytearray())
                for event in events:
                    for part in [event] if how == "all" else _torn(event, random):
                        _carry_out(content, part)
        return {name: bytes(content) for name, content in files.items()}


def _carry_out(content: bytearray, event: Event) -> None:
    if event.call == "truncate":
        del content[event.at :]
        return
    if len(content) < event.at:
        content.extend(bytes(event.at - len(content)))
    content[event.at : event.at + len(event.content)] = event.content


def _torn(event: Event, random: Random) -> Iterator[Event]:
    if event.call == "truncate":
        if random.random() < 0.5:
            yield event
        return
    fate = random.choice(("none", "all", "some"))
    begin = event.at
    end = event.at + len(event.content)
    while begin < end and fate != "none":
        until = min(end, (begin // SECTOR + 1) * SECTOR)
        if fate == "all" or random.random() < 0.5:
            part = event.content[begin - event.at : until - event.at]
            yield Event("write", event.file, begin, part)
        begin = until


def write_image(image: dict[str, bytes], folder: Path) -> None:
    """Lay the files out in a folder, under the names they had."""
    for name, content in image.items():
        (folder / Path(name).name).write_bytes(content)
