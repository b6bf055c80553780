"""`giftcast replay`: play a recording, for drills and demos."""

import asyncio
import signal
import time
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.cli.common import DataOption, ask, fail, folder_of, running_on, say
from bot.cli.run import prepared, start
from bot.discovery import REPLAY
from bot.platform import Platform
from bot.running import Running

ADDRESS = "/api/v1/replay"
LOOK_S = 0.25


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    file: Annotated[
        Path | None, typer.Argument(help="The recording; the demo when left out.")
    ] = None,
    *,
    speed: Annotated[float, typer.Option(help="Times as fast.", min=0.01, max=10_000)] = 1.0,
    loop: Annotated[bool, typer.Option("--loop", help="Again and again.")] = False,
    stage: Annotated[str, typer.Option(help="On which stage, such as drill.")] = "",
    grant: Annotated[
        int | None, typer.Option(help="Coins for each viewer in it.", min=1, max=1_000_000_000)
    ] = None,
    run: Annotated[str, typer.Option(help="Take this run up where it broke off.")] = "",
    stop: Annotated[bool, typer.Option("--stop", help="End the one that is played.")] = False,
    data: DataOption = None,
) -> None:
    """Play recorded gifts and chat as if they came in now, here or in the running giftcast."""
    folder = folder_of(data)
    running = running_on(folder)
    if stop:
        if running is None:
            fail("no giftcast is running on this data folder, so nothing is played")
        _tell(ask(folder, running, "DELETE", ADDRESS))
        return
    section: dict[str, Any] = {"file": str((file or demo()).resolve()), "speed": speed}
    section |= {"loop": True} if loop else {}
    section |= {"stage": stage} if stage else {}
    section |= {"grant": grant} if grant else {}
    section |= {"run": run} if run else {}
    if running:
        _play_there(folder, running, section)
    else:
        _play_here(folder, section)


def demo() -> Path:
    """The recording that comes with giftcast."""
    return Path(str(resources.files("data") / "seed" / "demo.jsonl"))


def _play_there(folder: Path, running: Running, section: Mapping[str, Any]) -> None:
    """In the running giftcast; Ctrl-C ends the replay and leaves giftcast running."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    told = ask(folder, running, "POST", ADDRESS, section)
    try:
        with Console(stderr=True).status(told["told"]) as shown:
            while not told["over"]:
                time.sleep(LOOK_S)
                told = ask(folder, running, "GET", ADDRESS)
                shown.update(told["told"])
    except KeyboardInterrupt:
        told = ask(folder, running, "DELETE", ADDRESS)
    _tell(told)


def _play_here(folder: Path, section: Mapping[str, Any]) -> None:
    """In a giftcast that is started for it and stops with it."""
    # with the server, only when it is run
    from bot.platforms.replay import Replay  # noqa: PLC0415
    from bot.replays import report  # noqa: PLC0415

    told: dict[str, Any] = {}

    async def watch(platforms: Mapping[str, Platform]) -> None:
        played = platforms[REPLAY]
        assert isinstance(played, Replay)
        try:
            with Console(stderr=True).status("") as shown:
                while not played.over:
                    shown.update(played.status().cause)
                    await asyncio.sleep(LOOK_S)
        finally:
            told.update(report(played))

    settings = prepared(folder, None).with_section(REPLAY, section)
    start(settings, folder, open_browser=False, meanwhile=watch)
    _tell(told)


def _tell(told: Mapping[str, Any]) -> None:
    say(told["told"])
    for remark in told["remarks"]:
        say(f"  {remark}")
    if told["state"] == "failed" or not told["played"]:
        fail("nothing was carried out" if told["state"] != "failed" else "see giftcast.log")
