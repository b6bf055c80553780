"""A giftcast in a process of its own, as a user starts it."""

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.place import ROOT

PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Started:
    """A process that was asked to run. at: when, on the clock of `time.perf_counter`."""

    process: asyncio.subprocess.Process
    port: int
    at: float

    def memory_mb(self) -> float:
        """What it holds of physical memory now, with its children."""
        process = psutil.Process(self.process.pid)
        family = [process, *process.children(recursive=True)]
        return sum(float(each.memory_info().rss) for each in family) / 1e6

    async def until_answers(self, path: str) -> float:
        """Seconds from the start to the first whole answer with status 200."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n"
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(request.encode())
                answer = await reader.read()
                writer.close()
            except OSError:
                answer = b""
            passed = time.perf_counter() - self.at
            if answer.startswith(b"HTTP/1.1 200"):
                return passed
            if passed > PATIENCE_S or self.process.returncode is not None:
                raise TimeoutError(f"{path} was not answered: {answer[:80]!r}")
            await asyncio.sleep(0.002)


@asynccontextmanager
async def giftcast_run(folder: Path) -> AsyncIterator[Started]:
    """`giftcast run` on a data folder, with no settings but those in it; ended at once after."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIFTCAST_")}
    at = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *program(), "run", "--no-open", "--port", str(port), "--data", str(folder),
        cwd=ROOT, env=environment, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Started(process, port, at)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), 10)
            except TimeoutError:
                process.kill()
                await process.wait()


def program() -> list[str]:
    """The console script beside this Python, or the package itself."""
    script = Path(sys.executable).with_name("giftcast")
    return [str(script)] if script.exists() else [sys.executable, "-m", "bot"]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_settings(folder: Path, sections: dict[str, dict[str, object]]) -> None:
    """`giftcast.toml` with these sections."""
    lines: list[str] = []
    for name, values in sections.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    (folder / "giftcast.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
