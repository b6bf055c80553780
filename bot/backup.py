"""Backups: a checked copy of the journal and the documents, made while all goes on."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import apsw

from data.errors import JournalError
from data.sqlite.connection import open_reader
from data.sqlite.journal import FILE_NAME, SqliteJournal
from data.sqlite.verification import Progress, Verdict, verify

FOLDER = "backups"
# links in OBS name the port
DOCUMENTS = ("catalogue.json", "policy.json", "goals.json", "sources.json", "port")
FOLDERS = ("gifts", "themes")  # art, sounds and themes of the streamer's own


def verify_file(path: Path, progress: Progress | None = None) -> Verdict:
    """Check every invariant of a journal file; it is only read."""
    connection = open_reader(path)
    try:
        return verify(connection, progress)
    finally:
        connection.close()


async def make_backup(journal: SqliteJournal, folder: Path, now: Callable[[], int]) -> Path:
    """A folder with a copy of everything worth keeping. Raises `JournalError` when the copy
    does not hold; nothing is left behind then."""
    stamp = datetime.fromtimestamp(now() / 1000, UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ")
    target = folder / FOLDER / stamp
    partial = target.with_name(f".{stamp}.partial")
    partial.mkdir(parents=True)
    try:
        copy = partial / FILE_NAME
        await journal.backup(copy)
        verdict = await asyncio.to_thread(verify_file, copy)
        if verdict.findings:
            raise JournalError(f"the copy does not hold: {verdict.findings[0].what}")
        for document in DOCUMENTS:
            if (folder / document).exists():
                shutil.copy2(folder / document, partial / document)
        for name in FOLDERS:
            if (folder / name).is_dir():
                await asyncio.to_thread(
                    shutil.copytree, folder / name, partial / name, symlinks=True
                )
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return target


def restore(backup: Path, folder: Path) -> Path | None:
    """Put a backup in place of what the folder holds, which is set aside; where it went.

    Raises `JournalError` when the backup does not hold.
    """
    source = backup / FILE_NAME if backup.is_dir() else backup
    if not source.exists():
        raise JournalError(f"{source} does not exist: name a folder in {folder / FOLDER}")
    try:
        verdict = verify_file(source)
    except apsw.Error as error:
        raise JournalError(f"{source} is no journal, or damaged: {error}") from None
    if verdict.findings:
        raise JournalError(f"that backup does not hold: {verdict.findings[0].what}")
    aside = set_aside(folder, "before-restore")
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{FILE_NAME}.partial"
    shutil.copy2(source, partial)
    partial.replace(folder / FILE_NAME)
    for document in DOCUMENTS if backup.is_dir() else ():
        if (backup / document).exists():
            shutil.copy2(backup / document, folder / document)
    for name in FOLDERS if backup.is_dir() else ():
        if (backup / name).is_dir():
            if aside and (folder / name).is_dir():
                (folder / name).rename(aside / name)
            shutil.copytree(backup / name, folder / name, symlinks=True, dirs_exist_ok=True)
    return aside


def set_aside(folder: Path, why: str) -> Path | None:
    """Move the journal out of the way, whole, to a folder of its own."""
    if not (folder / FILE_NAME).exists():
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    target = folder / FOLDER / f"{why}-{stamp}"
    target.mkdir(parents=True)
    for suffix in ("", "-wal", "-shm"):
        path = folder / f"{FILE_NAME}{suffix}"
        if path.exists():
            path.rename(target / path.name)
    return target
