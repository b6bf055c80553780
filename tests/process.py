"""The program itself, started as somebody starts it, in a process of its own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientError, ClientSession

COMMAND = str(Path(sys.executable).with_name("giftcast"))


def surroundings(**more: str) -> dict[str, str]:
    """The environment without settings of ours."""
    usual = {k: v for k, v in os.environ.items() if not k.startswith("GIFTCAST_")}
    return usual | {"PYTHONUNBUFFERED": "1"} | more


def giftcast(folder: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """One command, carried out to its end."""
    return subprocess.run(
        [COMMAND, *words, "--data", str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=surroundings(**environment),
        stdin=subprocess.DEVNULL,
    )


class Giftcast:
    """`giftcast run` on a folder. On a free port, unless the words say otherwise."""

    def __init__(self, folder: Path, *words: str, **environment: str) -> None:
        self.folder = folder
        self.began = time.monotonic()
        port = () if "--port" in words else ("--port", "0")
        self.process = subprocess.Popen(
            [COMMAND, "run", "--no-open", "--data", str(folder), *port, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            env=surroundings(**environment),
        )
        self.lines: list[str] = []
        self._said = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._said:
                self.lines.append(line)
                self._said.notify_all()
        with self._said:
            self._said.notify_all()

    def _word(self, part: str) -> str:
        """The word on its screen that holds this; empty when there is none yet."""
        return next((w for line in self.lines for w in line.split() if part in w), "")

    async def shows(self, part: str, within_s: float = 20) -> str:
        """Wait until its screen shows a word with this in it; the word."""

        def wait() -> str:
            with self._said:
                self._said.wait_for(
                    lambda: self._word(part) or not self._listener.is_alive(), within_s
                )
            return self._word(part)

        found = await asyncio.to_thread(wait)
        assert found, f"no {part!r} on the screen: {''.join(self.lines)}"
        return found

    async def ready(self) -> Self:
        """Wait until it answers."""
        await self.shows("/login#")
        return self

    @property
    def address(self) -> str:
        """Where it said it runs."""
        said = json.loads((self.folder / "running.json").read_text())
        return str(said["address"]).replace("localhost", "127.0.0.1")

    @property
    def token(self) -> str:
        """The token of programs."""
        return (self.folder / "api-token").read_text().strip()

    def kill(self) -> None:
        """As a power cut of this one program."""
        self.process.kill()
        self.ended()

    def ended(self, within_s: float = 20) -> int:
        """Wait for its end; the exit status."""
        status = self.process.wait(within_s)
        self._listener.join(within_s)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Ask it to stop; the exit status, and how long it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        return self.ended(), time.monotonic() - began


@asynccontextmanager
async def running(folder: Path, *words: str, **environment: str) -> AsyncIterator[Giftcast]:
    """A giftcast that answers, and is stopped in the end."""
    program = Giftcast(folder, *words, **environment)
    try:
        yield await program.ready()
    finally:
        if program.process.poll() is None:
            program.stop()
        elif program._listener.is_alive() or not program.process.stdout.closed:  # type: ignore[union-attr]
            program.ended()


class Client:
    """A program that talks to a giftcast."""

    def __init__(self, session: ClientSession, program: Giftcast) -> None:
        self.session = session
        self.address = program.address
        self._headers = {"Authorization": f"Bearer {program.token}"}

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        async with self.session.request(
            method, self.address + path, json=body, headers=self._headers
        ) as answer:
            return await answer.json()

    async def say(self, id: str, text: str, viewer: str = "Mia", **more: str) -> Any:  # noqa: A002
        """A line of chat; the answer, or None when it never came."""
        line = {"id": id, "viewer": viewer, "text": text, **more}
        try:
            return await self.ask("POST", "/api/v1/chat", line)
        except (ClientError, OSError):
            return None

    async def add_source(self, name: str = "alerts") -> str:
        """A new alerts source; its token."""
        made = await self.ask("POST", "/api/v1/sources", {"widget": "alerts", "name": name})
        return str(made["url"]).partition("#")[2]


@asynccontextmanager
async def talking(program: Giftcast) -> AsyncIterator[Client]:
    """A client of a running giftcast."""
    async with ClientSession() as session:
        yield Client(session, program)
