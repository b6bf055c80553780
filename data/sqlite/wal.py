"""The write-ahead log of a journal: how much is in it, and room in it ahead of need.

A sync of a file that has grown also has to write down its new length, which doubles what a gift
waits for the disk. So the log is lengthened in steps, between commits. SQLite takes a log as far
as its frames carry the right salt and checksum and never asks how long the file is
(sqlite.org/fileformat2.html, section 4.4), so zeros behind them are as good as nothing.
"""

import os
from importlib import import_module
from pathlib import Path

import apsw
import structlog

_HEADER, _FRAME_HEADER = 32, 24
_STEP = 1 << 20
_ROOM = _STEP // 2  # left to be written, before the next step
_NEVER = 1 << 62
_BINARY = getattr(os, "O_BINARY", 0)  # Windows
_FCNTL = import_module("fcntl") if os.name == "posix" else None


class Wal:
    """For the one connection that writes. pages: in the log after the last commit."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.pages = 0
        self._connection = connection
        self._frame = _FRAME_HEADER + int(connection.pragma("page_size"))
        self._path = Path(connection.filename_wal)
        self._length = self._path.stat().st_size if self._path.exists() else 0
        connection.set_wal_hook(self._note)  # in place of checkpoints inside commits

    def _note(self, _db: apsw.Connection, _name: str, pages: int) -> int:
        self.pages = pages
        return apsw.SQLITE_OK

    @property
    def short(self) -> bool:
        """Whether there is little room left in the file."""
        return self._length - self._written < _ROOM

    def lengthen(self) -> None:
        """Make room, and have it on disk. Between commits only. Where there is none, it is not
        tried again: the log then grows by what is written to it, or cannot."""
        try:
            self._length = self._appended(bytes(_STEP))
        except OSError as error:
            structlog.get_logger().warning("journal.log_not_lengthened", problem=str(error))
            self._length = _NEVER

    def _appended(self, zeros: bytes) -> int:
        handle = os.open(self._path, os.O_RDWR | _BINARY)
        try:
            os.lseek(handle, 0, os.SEEK_END)
            os.write(handle, zeros)
            _sync(handle)
            return os.fstat(handle).st_size
        finally:
            os.close(handle)

    def checkpoint(self) -> None:
        """Move the log's pages into the file; those that a reader still needs stay."""
        self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        self.pages = 0

    @property
    def _written(self) -> int:
        return _HEADER + self.pages * self._frame


def _sync(handle: int) -> None:
    """As SQLite does: macOS is asked for the drive itself, where the file system can do that."""
    full = getattr(_FCNTL, "F_FULLFSYNC", None)
    if _FCNTL is None or full is None:
        os.fsync(handle)
        return
    try:
        _FCNTL.fcntl(handle, full)
    except OSError:
        os.fsync(handle)
