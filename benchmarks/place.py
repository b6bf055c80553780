"""Where a benchmark works, and how much it does."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

T = TypeVar("T")

IN_MEMORY = ("tmpfs", "ramfs", "devtmpfs")
ROOT = Path(__file__).parent.parent


class RefusedError(Exception):
    """A benchmark that would measure something else than it says."""


@dataclass(frozen=True, slots=True)
class Place:
    """folder: a benchmark's own, empty. shared: what all benchmarks of one run may use.
    tiny: do just enough to see that the benchmark itself works."""

    folder: Path
    shared: Path
    tiny: bool = False

    def made(self, name: str) -> Path:
        """A new folder in its own."""
        folder = self.folder / name
        folder.mkdir()
        return folder

    def pick(self, full: T, tiny: T) -> T:
        """One of two amounts of work."""
        return tiny if self.tiny else full

    def real_disk(self) -> None:
        """Raises `RefusedError` on a filesystem in memory, where syncing costs nothing. A tiny
        run measures nothing and may be anywhere."""
        kind = filesystem(self.folder)
        if kind in IN_MEMORY and not self.tiny:
            raise RefusedError(
                f"the folder lies on {kind}, in memory: durable figures need a real disk "
                "(choose one with --folder)"
            )


def filesystem(folder: Path) -> str:
    """The kind of filesystem that a folder lies on, such as ext4."""
    best, kind = -1, "unknown"
    place = os.path.realpath(folder)
    for part in psutil.disk_partitions(all=True):
        if len(part.mountpoint) > best and Path(place).is_relative_to(part.mountpoint):
            best, kind = len(part.mountpoint), part.fstype
    return kind


def many_files() -> None:
    """Let this process hold thousands of sockets, where the system has such a limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = 8_192
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
