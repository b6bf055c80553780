"""The write-ahead log is longer than what is in it, and nobody minds."""

import errno
import fcntl
import os
import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from data.ledger import Transaction
from data.sqlite.connection import open_writer, pragma
from data.sqlite.journal import FILE_NAME, SqliteJournal
from tests.house import MAIN, NOON


def note(number: int) -> Transaction:
    return Transaction(MAIN, "note", f"note:{number}", NOON, facts={"text": "x" * 4_000})


async def test_a_commit_never_has_to_make_the_log_longer(tmp_path, monkeypatch):
    """The file's length changes between commits alone, in whole steps, until the log has been
    moved into the journal once; then it is written over."""
    for limit in ("LOG_PAGES", "LOG_PAGES_MAX"):  # whether or not somebody waits
        monkeypatch.setattr(f"data.sqlite.journal.{limit}", 1_500)
    journal = await SqliteJournal.open(tmp_path / FILE_NAME)
    log = tmp_path / f"{FILE_NAME}-wal"
    await journal.record(note(0))
    lengths = []
    for number in range(1, 900):
        await journal.record(note(number))
        lengths.append(await journal.write(lambda _: log.stat().st_size))  # not amid a step
    steps = sorted(set(lengths))
    assert all((later - steps[0]) % (1 << 20) == 0 for later in steps)
    assert 3 <= len(steps) <= 6
    assert lengths[-1] == lengths[len(lengths) // 2]
    await journal.close()
    assert not log.exists()


async def test_zeros_behind_the_last_frame_are_no_records(tmp_path):
    """As after a crash: the next start finds all that was promised, and nothing else."""
    journal = await SqliteJournal.open(tmp_path / "before" / FILE_NAME)
    for number in range(20):
        await journal.record(note(number))
    shutil.copytree(tmp_path / "before", tmp_path / "after", ignore=_LOCKS)
    await journal.close()
    after = tmp_path / "after"
    assert (after / f"{FILE_NAME}-wal").read_bytes().endswith(bytes(1 << 18))
    again = await SqliteJournal.open(after / FILE_NAME)
    assert again.head(MAIN) == 20
    await again.record(note(20))
    assert [record.seq for record in await again.read(MAIN, after=0, limit=99)] == [*range(1, 22)]
    await again.close()


_LOCKS = shutil.ignore_patterns("*.lock", "*-shm")


async def test_a_disk_without_room_for_it_is_told_once(tmp_path, monkeypatch):
    """And gifts go on, as long as the disk takes them."""

    def full(_handle: int, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with capture_logs() as entries:
        journal = await SqliteJournal.open(tmp_path / FILE_NAME)
        for number in range(30):
            await journal.record(note(number))
        await journal.close()
    assert [entry["event"] for entry in entries] == ["journal.log_not_lengthened"]
    assert "No space left" in entries[0]["problem"]


def test_the_one_who_writes_has_the_drive_itself_write(tmp_path: Path) -> None:
    """On macOS a plain sync stops at the drive's own memory."""
    writer = open_writer(tmp_path / FILE_NAME)
    asked = [pragma(writer, name) for name in ("fullfsync", "checkpoint_fullfsync", "synchronous")]
    writer.close()
    assert asked == [1, 1, 2]


async def lengthened(folder: Path) -> None:
    """A journal whose log was given room."""
    journal = await SqliteJournal.open(folder / FILE_NAME)
    await journal.record(note(0))
    await journal.close()


async def test_room_in_the_log_is_on_the_drive_where_that_can_be_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where the file system knows nothing of it, a plain sync has to do."""
    drive: list[int] = []
    plain: list[int] = []
    fsync = os.fsync

    def synced(handle: int) -> None:
        plain.append(handle)
        fsync(handle)

    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(os, "fsync", synced)
    await lengthened(tmp_path / "without")
    assert plain  # this system refuses 51
    plain.clear()
    monkeypatch.setattr(fcntl, "fcntl", lambda _handle, what: drive.append(what))
    await lengthened(tmp_path / "with")
    assert set(drive) == {51}
    assert not plain
