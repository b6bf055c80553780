"""A trial: a data folder that has only seen simulated and recorded chat. Its play coins must
not become real ones unnoticed. A drill on a stage of its own makes no folder a trial."""

from pathlib import Path

from bot.backup import set_aside
from data.sqlite.connection import open_reader, rows, value
from data.sqlite.journal import FILE_NAME, SqliteJournal

_OTHERS = (
    "SELECT EXISTS (SELECT 1 FROM identity "
    "WHERE platform NOT IN ('simulator', 'replay', 'dock', 'creator'))"
)
_RECORDED = (
    "SELECT EXISTS (SELECT 1 FROM txn t JOIN stage s ON s.id = t.stage WHERE s.name <> 'drill')"
)
_SOURCES = "SELECT stage, widget, name, settles, token_hash, 0, created_at FROM source"


def is_trial(folder: Path) -> bool:
    """Whether the books hold something, and all of it is play."""
    return _asked(folder, _RECORDED) and is_play(folder)


def is_play(folder: Path) -> bool:
    """Whether nobody of a real chat stands in the books."""
    return not _asked(folder, _OTHERS)


def _asked(folder: Path, question: str) -> bool:
    path = folder / FILE_NAME
    if not path.exists():
        return False
    reader = open_reader(path)
    try:
        return bool(value(reader, question))
    finally:
        reader.close()


async def start_clean(folder: Path) -> Path | None:
    """Set the trial's books aside and begin new ones; links in OBS go on working. Where the
    old ones are kept."""
    path = folder / FILE_NAME
    sources: list[tuple[object, ...]] = []
    if path.exists():
        reader = open_reader(path)
        try:
            sources = rows(reader, _SOURCES)
        finally:
            reader.close()
    kept = set_aside(folder, "trial")
    journal = await SqliteJournal.open(path)
    try:
        await journal.write(
            lambda db: db.executemany(
                "INSERT INTO source (stage, widget, name, settles, token_hash, after, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                sources,
            )
        )
    finally:
        await journal.close()
    return kept
