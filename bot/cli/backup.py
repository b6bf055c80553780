"""`giftcast backup` and `giftcast restore`."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer

from bot.backup import make_backup
from bot.backup import restore as put_back
from bot.cli.common import DataOption, ask, fail, folder_of, running_on, say
from data.sqlite.journal import FILE_NAME, SqliteJournal


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(data: DataOption = None) -> None:
    """Take a checked copy of the books and documents, also while giftcast runs."""
    folder = folder_of(data)
    if running := running_on(folder):
        say(ask(folder, running, "POST", "/api/v1/backups")["path"])
        return
    if not (folder / FILE_NAME).exists():
        fail(f"there is nothing to back up in {folder}")
    say(str(asyncio.run(_backup(folder))))


def restore(
    source: Annotated[Path, typer.Argument(help="A folder made by giftcast backup.")],
    data: DataOption = None,
) -> None:
    """Put a backup in place; what is there now is set aside, not lost."""
    folder = folder_of(data)
    if running := running_on(folder):
        fail(f"stop the giftcast at {running.address} first")
    aside = put_back(source, folder)
    say(f"Restored {source}." + (f" What was there is in {aside}." if aside else ""))


async def _backup(folder: Path) -> Path:
    journal = await SqliteJournal.open(folder / FILE_NAME)
    try:
        return await make_backup(journal, folder, lambda: time.time_ns() // 1_000_000)
    finally:
        await journal.close()
