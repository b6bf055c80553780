"""Numbered migrations, each in one transaction, with a backup before it."""

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path

import apsw

from data.errors import JournalError

TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL
) STRICT
"""


def scripts() -> dict[int, str]:
    """The migrations of this version, by number."""
    folder = resources.files("data.sqlite") / "migrations"
    found = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return {int(name[:4]): (folder / name).read_text(encoding="utf-8") for name in found}


def migrate(connection: apsw.Connection, backup_dir: Path) -> list[int]:
    """Bring the file up to date; the numbers applied. Refuses a file from a newer version."""
    connection.execute(TABLE)
    applied = dict(connection.execute("SELECT version, sha256 FROM schema_migrations"))
    known = scripts()
    if newer := sorted(set(applied) - set(known)):
        raise JournalError(
            f"the journal was written by a newer giftcast (migration {newer[-1]}): "
            "update giftcast, or restore a backup"
        )
    for version, digest in applied.items():
        if digest != _digest(known[version]):
            raise JournalError(f"migration {version} is not the one that made this journal")
    todo = [version for version in known if version not in applied]
    if todo and applied:
        copy_to(connection, backup_dir / f"before-migration-{todo[0]:04d}.sqlite3")
    for version in todo:
        with connection:
            connection.execute(known[version])
            connection.execute(
                "INSERT INTO schema_migrations VALUES (?, ?, datetime('now'))",
                (version, _digest(known[version])),
            )
    return todo


def altered(connection: apsw.Connection) -> list[str]:
    """What of tables, indexes and triggers is not there as the migrations made it, in words."""
    wanted, found = _schema(), _made(connection)
    gone = [f"{kind} {name} is gone" for kind, name in wanted.keys() - found.keys()]
    other = [
        f"{kind} {name} is not the one that giftcast made"
        for kind, name in wanted.keys() & found.keys()
        if wanted[kind, name] != found[kind, name]
    ]
    return sorted(gone + other)


@cache
def _schema() -> dict[tuple[str, str], str]:
    fresh = apsw.Connection(":memory:")
    try:
        fresh.execute(TABLE)
        for script in scripts().values():
            fresh.execute(script)
        return _made(fresh)
    finally:
        fresh.close()


def _made(connection: apsw.Connection) -> dict[tuple[str, str], str]:
    """The text of everything in the file's schema, by kind and name."""
    told = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {(kind, name): " ".join(sql.split()) for kind, name, sql in told}


def copy_to(connection: apsw.Connection, target: Path) -> None:
    """An online copy of the whole file, complete or absent."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    copy = apsw.Connection(str(partial))
    try:
        with copy.backup("main", connection, "main") as backup:
            while not backup.done:
                backup.step(-1)
        copy.pragma("journal_mode", "DELETE")
    finally:
        copy.close()
    partial.replace(target)


def _digest(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()
