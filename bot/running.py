"""The file that tells other commands where a running giftcast is, and its API token."""

import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from data.sqlite.journal import FILE_NAME as JOURNAL_NAME

FILE_NAME = "running.json"
TOKEN_NAME = "api-token"
PORT_NAME = "port"


@dataclass(frozen=True, slots=True)
class Running:
    """A giftcast that is running on a data folder."""

    pid: int
    address: str


def write_private(path: Path, text: str) -> None:
    """A file that only its owner may read, complete or absent."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def api_token(folder: Path) -> str:
    """The token of programs on this machine; made at first use."""
    path = folder / TOKEN_NAME
    if path.exists() and (token := path.read_text("utf-8").strip()):
        return token
    token = secrets.token_urlsafe(32)
    write_private(path, token + "\n")
    return token


def announce(folder: Path, address: str) -> None:
    """Tell others that this process runs on the folder."""
    write_private(folder / FILE_NAME, json.dumps({"pid": os.getpid(), "address": address}))


def withdraw(folder: Path) -> None:
    """This process runs no more."""
    (folder / FILE_NAME).unlink(missing_ok=True)


def find_soon(folder: Path, pause: Callable[[float], None] = time.sleep) -> Running | None:
    """Whoever runs on the folder, or is just starting to: waited for, but not longer than 5 s."""
    for _ in range(50):
        if running := find_running(folder):
            return running
        pause(0.1)
    return None


def find_running(folder: Path) -> Running | None:
    """Whoever runs on the folder, if it is still alive."""
    try:
        said = json.loads((folder / FILE_NAME).read_text("utf-8"))
        running = Running(int(said["pid"]), str(said["address"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return running if psutil.pid_exists(running.pid) and _holds_journal(folder) else None


def _holds_journal(folder: Path) -> bool:
    """Whether anybody does. After a crash the number of a process may be somebody else's."""
    lock = FileLock((folder / JOURNAL_NAME).with_suffix(".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def kept_port(folder: Path) -> int | None:
    """The port that the folder's browser sources were told, if any."""
    try:
        return int((folder / PORT_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def keep_port(folder: Path, port: int) -> int | None:
    """Remember the port, since links in OBS name it. The one that it takes the place of, if any."""
    before = kept_port(folder)
    if before == port:
        return None
    write_private(folder / PORT_NAME, f"{port}\n")
    return before


def holder(port: int) -> str:
    """Who listens on a port of this machine, in words."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status != psutil.CONN_LISTEN or not connection.laddr:
                continue
            if connection.laddr.port == port:
                if connection.pid is None:
                    break
                process = psutil.Process(connection.pid)
                return f"{process.name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another program"
