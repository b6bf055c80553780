"""`giftcast run`: start everything."""

import asyncio
import contextlib
import logging
import signal
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console

from bot.backup import set_aside
from bot.cli.common import DataOption, fail, folder_of
from bot.discovery import named_platforms
from bot.errors import SettingsError
from bot.running import Running, find_running
from bot.settings import Settings, load_settings
from data.errors import JournalError


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    data: DataOption = None,
    port: Annotated[
        int | None, typer.Option(help="Answer on this port.", min=0, max=65_535)
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    start_clean: Annotated[
        bool, typer.Option("--start-clean", help="Set a trial's coins aside and begin anew.")
    ] = False,
) -> None:
    """Start giftcast: the overlay, the chats that the settings name, and the books."""
    folder = folder_of(data)
    if other := find_running(folder):
        fail(_already(other))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = load_settings(folder)
    if port is not None:
        server = settings.server.model_validate({"host": settings.server.host, "port": port})
        settings = Settings(server, settings.journal, settings.sections)
    named_platforms(settings)
    _log_to(folder / "giftcast.log")
    if start_clean and (kept := set_aside(folder, "trial")):
        Console().print(f"The books so far are kept in {kept}")
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(settings, folder, open_browser=not no_open))
    except JournalError as error:
        if other := find_running(folder):
            fail(_already(other))
        fail(str(error))
    except SettingsError as error:
        fail(str(error))


def _already(other: Running) -> str:
    return f"giftcast is running on this data folder already: {other.address} (process {other.pid})"


async def _serve(settings: Settings, folder: Path, *, open_browser: bool) -> None:
    # the heavy part, only when it is run
    from bot.app import started  # noqa: PLC0415
    from bot.cli.screen import show_first_screen  # noqa: PLC0415

    stop = asyncio.Event()
    _on_signals(stop.set)

    async with started(settings, folder) as app:
        login = show_first_screen(app)
        if open_browser and sys.stdout.isatty():
            await asyncio.to_thread(webbrowser.open, login)
        await stop.wait()
        Console(stderr=True).print("Stopping: nothing is lost.")


def _on_signals(stop: Callable[[], None]) -> None:
    """SIGINT and SIGTERM end it cleanly; Windows has no loop handlers, so plain ones there."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))


def _log_to(path: Path) -> None:
    """The log is a file of JSON lines, started anew when large; warnings also go to the screen."""
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".log.1"))
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
