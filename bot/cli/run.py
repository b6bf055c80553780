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
from rich.panel import Panel
from rich.table import Table

from bot.backup import set_aside
from bot.cli.common import DataOption, fail, folder_of
from bot.discovery import SIMULATOR, named_platforms
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
    from bot.app import App, started  # noqa: PLC0415 - the heavy part, only when it is run

    stop = asyncio.Event()
    _on_signals(stop.set)

    def links(app: App) -> tuple[str, str]:
        start = "/chat" if SIMULATOR in app.platforms else "/"
        return app.address(start), app.address(f"/login#{app.entry.new_code()}")

    async with started(settings, folder) as app:
        page, login = links(app)
        _welcome(app, page, login)
        if open_browser and sys.stdout.isatty():
            await asyncio.to_thread(webbrowser.open, login)
        await stop.wait()
        Console(stderr=True).print("Stopping: nothing is lost.")


def _welcome(app: "App", page: str, login: str) -> None:  # type: ignore[name-defined] # noqa: F821
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="bold")
    rows.add_column(overflow="fold")
    simulated = SIMULATOR in app.platforms
    if simulated:
        rows.add_row("Chat to try", f"{page}   then type  !gift rose 5")
    rows.add_row("Log in", f"{login}   (once, within 10 minutes; again: giftcast login)")
    if simulated:
        rows.add_row("Preview", app.preview_url())
    rows.add_row("Dashboard", app.address("/"))
    rows.add_row("OBS", "giftcast source add alerts   prints the link for a browser source")
    for name, platform in app.platforms.items():
        if name != SIMULATOR:
            rows.add_row(name.capitalize(), platform.status().cause or platform.status().state)
    rows.add_row("Data", str(app.folder))
    rows.add_row("Stop", "Ctrl-C")
    note = "trial: simulated chat, nothing real is counted" if simulated else "live"
    Console(soft_wrap=True).print(Panel(rows, title="giftcast", subtitle=note, expand=False))
    sys.stdout.flush()


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
