"""What else could keep the coins: plain SQLite, TinyDB, and the bank of a popular bot."""

import asyncio
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tinydb
from tinydb.storages import JSONStorage

from benchmarks.place import ROOT, RefusedError
from benchmarks.trial import PRICE_COINS, Verdict, verdict_of

RED = "Red-DiscordBot==3.5.24"
_SCHEMA = """
CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0));
CREATE TABLE txn (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE posting (txn INTEGER NOT NULL, account INTEGER NOT NULL, amount INTEGER NOT NULL);
CREATE TABLE event (txn INTEGER PRIMARY KEY, data TEXT NOT NULL);
"""
_EVENT = json.dumps({"type": "gift.sent", "viewer": "NightOwl_42", "gift": "popcorn", "count": 1})
_CREATOR = 0


class PlainSqlite:
    """SQLite from the standard library, one gift a commit, as safe as giftcast's: WAL, FULL,
    a unique key, postings, an event row."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "plain.sqlite3", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)

    async def open(self, purses: Mapping[int, int]) -> None:
        """See `Bank`."""
        self._db.execute("BEGIN")
        self._db.execute("INSERT INTO account VALUES (?, 0)", (_CREATOR,))
        self._db.executemany("INSERT INTO account VALUES (?, ?)", purses.items())
        self._db.execute("COMMIT")

    async def give(self, viewer: int, key: str) -> bool:
        """See `Bank`."""
        return self.gift(viewer, key)

    def gift(self, viewer: int, key: str) -> bool:
        """The same, for a caller that waits."""
        run = self._db.execute
        run("BEGIN IMMEDIATE")
        try:
            if self._balance(viewer) < PRICE_COINS:
                run("ROLLBACK")
                return False
            txn = run("INSERT INTO txn (key) VALUES (?)", (key,)).lastrowid
            for account, amount in ((viewer, -PRICE_COINS), (_CREATOR, PRICE_COINS)):
                run("UPDATE account SET balance = balance + ? WHERE id = ?", (amount, account))
                run("INSERT INTO posting VALUES (?, ?, ?)", (txn, account, amount))
            run("INSERT INTO event VALUES (?, ?)", (txn, _EVENT))
            run("COMMIT")
        except sqlite3.IntegrityError:
            run("ROLLBACK")
            return False
        return True

    async def coins(self, viewer: int) -> int:
        """See `Bank`."""
        return self._balance(viewer)

    async def received(self) -> int:
        """See `Bank`."""
        return self._balance(_CREATOR)

    def _balance(self, account: int) -> int:
        found = self._db.execute("SELECT balance FROM account WHERE id = ?", (account,))
        return int(found.fetchone()[0])

    def close(self) -> None:
        """End it."""
        self._db.close()


class TinyBank:
    """TinyDB with its own storage: one document a purse, debit and then credit."""

    def __init__(self, folder: Path) -> None:
        self._db = tinydb.TinyDB(folder / "bank.json", storage=JSONStorage)
        self._purses = self._db.table("purse")

    async def open(self, purses: Mapping[int, int]) -> None:
        """See `Bank`."""
        rows = dict(purses) | {len(purses) + 1: 0}
        self._creator = len(purses) + 1
        self._purses.insert_multiple({"coins": rows[viewer]} for viewer in sorted(rows))

    async def give(self, viewer: int, key: str) -> bool:
        """See `Bank`. Nothing here could know a message again."""
        coins = self._coins(viewer)
        if coins < PRICE_COINS:
            return False
        self._purses.update({"coins": coins - PRICE_COINS}, doc_ids=[viewer])
        got = self._coins(self._creator) + PRICE_COINS
        self._purses.update({"coins": got}, doc_ids=[self._creator])
        return True

    async def coins(self, viewer: int) -> int:
        """See `Bank`."""
        return self._coins(viewer)

    async def received(self) -> int:
        """See `Bank`."""
        return self._coins(self._creator)

    def _coins(self, viewer: int) -> int:
        found: Any = self._purses.get(doc_id=viewer)
        return int(found["coins"])

    def close(self) -> None:
        """End it."""
        self._db.close()


def red_python() -> Path:
    """Python in an environment of Red's own, made at first use in a cache folder. Raises
    `RefusedError` with the reason when it cannot be made."""
    name = f"giftcast-bench-red-{platform.python_version()}-{os.getuid() if os.name != 'nt' else 0}"
    home = Path(tempfile.gettempdir()) / name
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = home / "ready"
    if ready.exists():
        return python
    if sys.version_info >= (3, 12):
        raise RefusedError(f"{RED} needs Python 3.11 or older; this is {platform.python_version()}")
    try:
        venv.create(home, clear=True, with_pip=True)
        said = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--no-input", RED],
            capture_output=True, text=True, check=False, timeout=180,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise RefusedError(f"no environment for {RED}: {type(error).__name__}") from None
    if said.returncode:
        raise RefusedError(f"pip could not install {RED} (is there a network?)")
    ready.touch()
    return python


async def try_red(folder: Path, seconds: float, gifts: int) -> Verdict:
    """The trial of Red's bank, in a process and an environment of its own."""
    python = await asyncio.to_thread(red_python)
    process = await asyncio.create_subprocess_exec(
        python, "-m", "benchmarks.red", str(folder), str(seconds), str(gifts),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, error = await process.communicate()
    if process.returncode:
        last = error.decode(errors="replace").strip().rpartition("\n")[2]
        raise RefusedError(f"{RED} did not run: {last[:120]}")
    return verdict_of(json.loads(out.splitlines()[-1]))
