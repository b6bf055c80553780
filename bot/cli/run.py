"""`giftcast run`: start everything."""

import asyncio
import contextlib
import signal
import sys
import webbrowser
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.called import called
from bot.cli.common import DataOption, fail, folder_of
from bot.cli.log import log_to
from bot.collector import calm
from bot.discovery import REPLAY, real_platforms
from bot.platform import Platform
from bot.running import Running, find_running, find_soon
from bot.settings import Settings, load_settings
from bot.trial import is_trial
from bot.trial import start_clean as begin_clean
from data.errors import JournalTakenError

Meanwhile = Callable[[Mapping[str, Platform]], Coroutine[Any, Any, None]]
PortOption = Annotated[int | None, typer.Option(help="Answer on this port.", min=0, max=65_535)]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    data: DataOption = None,
    port: PortOption = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    start_clean: Annotated[
        bool, typer.Option("--start-clean", help="Set a trial's coins aside and begin anew.")
    ] = False,
    replay: Annotated[
        Path | None, typer.Option("--replay", help="Play this recording meanwhile.")
    ] = None,
) -> None:
    """Start giftcast: the overlay, the chats that the settings name, and the books."""
    folder = folder_of(data)
    if other := find_running(folder):
        fail(_already(other))
    settings = prepared(folder, port)
    if replay is not None:
        settings = settings.with_section(REPLAY, {"file": str(replay)})
    try:
        _offer_clean_books(folder, real_platforms(settings), wanted=start_clean)
        start(settings, folder, open_browser=not no_open)
    except JournalTakenError as error:
        if other := find_soon(folder):
            fail(_already(other))
        fail(f"{error}, which has no address yet: try again in a moment")


def prepared(folder: Path, port: int | None) -> Settings:
    """Make the data folder, read its settings, begin the log."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        fail(f"{folder} cannot be the data folder ({error.strerror}): name another with --data")
    settings = load_settings(folder)
    if port is not None:
        server = settings.server.model_validate({"host": settings.server.host, "port": port})
        settings = replace(settings, server=server)
    log_to(folder / "giftcast.log")
    return settings


def start(
    settings: Settings, folder: Path, *, open_browser: bool, meanwhile: Meanwhile | None = None
) -> None:
    """Bring everything up and serve until a signal comes, or until `meanwhile` has ended."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(settings, folder, open_browser=open_browser, meanwhile=meanwhile))


def _offer_clean_books(folder: Path, real: list[str], *, wanted: bool) -> None:
    """A trial's play coins would be worth something once a real chat is connected."""
    if not wanted and not (real and is_trial(folder)):
        return
    console = Console(highlight=False)
    if not wanted and sys.stdin.isatty():
        wanted = typer.confirm(
            "This data folder is a trial with play coins. Begin with clean books for "
            f"{' and '.join(real)}? The trial's are kept",
            default=True,
        )
    if wanted:
        kept = asyncio.run(begin_clean(folder))
        console.print("Clean books." + (f" The old ones are kept in {kept}" if kept else ""))
    else:
        console.print(
            "This data folder is a trial: its play coins count as real ones now. "
            f"To set them aside: {called(folder, 'run --start-clean')}",
            soft_wrap=True,
        )


def _already(other: Running) -> str:
    return f"giftcast is running on this data folder already: {other.address} (process {other.pid})"


async def _serve(
    settings: Settings, folder: Path, *, open_browser: bool, meanwhile: Meanwhile | None
) -> None:
    stop = asyncio.Event()
    _on_signals(stop.set)  # first: it ends as it should also when it was told so amid all this
    # the heavy part, only when it is run
    from bot.cli.screen import show_first_screen  # noqa: PLC0415
    from bot.start import started  # noqa: PLC0415

    async with started(settings, folder) as app:
        login = show_first_screen(app)
        calm()
        if open_browser and sys.stdout.isatty():
            await asyncio.to_thread(webbrowser.open, login)
        waiting: list[asyncio.Task[Any]] = [asyncio.create_task(stop.wait())]
        if meanwhile is not None:
            waiting.append(asyncio.create_task(meanwhile(app.platforms)))
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        Console(stderr=True).print("Stopping: nothing is lost.")


def _on_signals(stop: Callable[[], None]) -> None:
    """SIGINT and SIGTERM end it cleanly; Windows has no loop handlers, so plain ones there."""
    loop = asyncio.get_running_loop()
    breaks = [signal.SIGBREAK] if hasattr(signal, "SIGBREAK") else []
    for number in (signal.SIGINT, signal.SIGTERM, *breaks):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
