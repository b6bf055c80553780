"""Connections to a journal file: one that writes, any number that only read."""

from pathlib import Path
from typing import Any

import apsw

from data.errors import JournalError

# SQLite before this has the WAL-reset bug (sqlite.org/wal.html, fixed in 3.51.3).
SQLITE_MIN = 3_051_003


def open_writer(path: Path, *, vfs: str | None = None) -> apsw.Connection:
    """The one connection that writes. Every commit is on disk before it is answered."""
    if apsw.SQLITE_VERSION_NUMBER < SQLITE_MIN:
        raise JournalError(f"SQLite {apsw.sqlite_lib_version()} is too old: update apsw")
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    connection = apsw.Connection(str(path), flags=flags, vfs=vfs)
    try:
        connection.set_busy_timeout(5_000)
        # of a new file: a lone gift touches eight pages, and half of each is less to sync
        pragma(connection, "page_size=2048")
        if (mode := pragma(connection, "journal_mode=WAL")) != "wal":
            raise JournalError(f"{path} cannot be in WAL mode, only {mode}: use a local disk")
        pragma(connection, "synchronous=FULL")
        # macOS: a plain sync leaves it in the drive's own memory (sqlite.org/pragma.html)
        pragma(connection, "fullfsync=1")
        pragma(connection, "checkpoint_fullfsync=1")
        pragma(connection, "temp_store=MEMORY")
        pragma(connection, "cache_size=-16000")
    except (apsw.Error, JournalError):
        connection.close(True)
        raise
    return connection


def open_reader(path: Path, *, vfs: str | None = None) -> apsw.Connection:
    """A connection that cannot write and never checkpoints."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY, vfs=vfs)
    connection.set_busy_timeout(5_000)
    pragma(connection, "query_only=ON")
    pragma(connection, "cache_size=-2000")  # the system keeps the file itself
    return connection


def rows(
    connection: apsw.Connection | apsw.Cursor, sql: str, values: tuple[Any, ...] = ()
) -> list[tuple[Any, ...]]:
    """Every row of an answer."""
    return connection.execute(sql, values).fetchall()


def row(
    connection: apsw.Connection | apsw.Cursor, sql: str, values: tuple[Any, ...] = ()
) -> tuple[Any, ...] | None:
    """The first row of an answer, if any."""
    return connection.execute(sql, values).fetchone()


def value(connection: apsw.Connection | apsw.Cursor, sql: str, values: tuple[Any, ...] = ()) -> Any:
    """The one value of an answer that has one."""
    found = row(connection, sql, values)
    assert found is not None, sql
    return found[0]


def pragma(connection: apsw.Connection, text: str) -> Any:
    """Run a pragma of ours and return its value."""
    return connection.pragma(*text.split("=")) if "=" in text else connection.pragma(text)
