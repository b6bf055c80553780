"""`giftcast obs`: browser sources in OBS, set up and taken back by OBS's remote control."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import DataOption, ask, fail, folder_of, lacking, running_on, say
from bot.cli.links import links_of, port_kept
from bot.obs.errors import NO_PASSWORD, WRONG_PASSWORD, ObsError
from bot.obs.links import Links, Page, page_of
from bot.obs.loader import USUAL, loader_path, page_in, write_loader
from bot.obs.reach import Reach
from bot.obs.record import Record
from bot.obs.settings import SECTION, ObsSettings, obs_settings
from bot.obs.setup import Setup
from bot.obs.status import Finding, Status
from bot.obs.studio import Studio
from bot.obs.undo import Undo
from bot.settings import load_settings
from data.errors import DocumentError
from overlay.stages import DRILL, MAIN
from overlay.widget import discover

StageOption = Annotated[str, typer.Option("--stage", help="Whose gifts they show.")]
ReadOption = Annotated[
    bool,
    typer.Option(
        "--read-obs-settings",
        help="May giftcast read port and password from OBS's own settings on this machine?",
    ),
]
Work = Callable[[Studio, Links, Record, Path], Awaitable[bool]]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Set OBS up, look at it, take it back.")
    group.command("setup")(setup)
    group.command("status")(status)
    group.command("undo")(undo)
    group.command("loader")(loader)
    app.add_typer(group, name="obs")


def setup(
    widget: Annotated[
        list[str] | None, typer.Option("--widget", help="Which page, such as alerts; repeatable.")
    ] = None,
    *,
    scene: Annotated[
        str, typer.Option("--scene", help="The scene for it; else the one in the programme.")
    ] = "",
    with_loader: Annotated[
        bool,
        typer.Option("--loader", help="Through a page on this disk: OBS may start first."),
    ] = False,
    stage: StageOption = MAIN,
    read: ReadOption = False,
    data: DataOption = None,
) -> None:
    """Make or update the browser sources in OBS. Again and again, if you like."""
    widgets, known = list(dict.fromkeys(widget or ["alerts"])), discover()
    if unknown := [name for name in widgets if name not in known]:
        fail(f"there is no widget {unknown[0]!r}: choose from {', '.join(sorted(known))}")

    async def work(studio: Studio, links: Links, record: Record, folder: Path) -> bool:
        wanted = Setup(studio, links, record, folder, say)
        async with port_kept(folder, links, wanted.given):
            await wanted.run(widgets, scene=scene, loader=with_loader)
        for one in await links.sources():
            if one.missing and one.stage == links.stage and one.name in wanted.given:
                say(lacking(folder, one.name, one.missing))
        return True

    folder = folder_of(data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _with_obs(folder, work, read=read, stage=stage)
    say("To take it back: giftcast obs undo")
    if (running := running_on(folder)) and stage != DRILL:
        dock = "/dock" if stage == MAIN else f"/dock?stage={stage}"
        say(f"The moderator dock: in OBS, Docks, Custom Browser Docks, {running.address}{dock}")


def undo(read: ReadOption = False, data: DataOption = None) -> None:
    """Take back what setup did: exactly that."""

    async def work(studio: Studio, links: Links, record: Record, folder: Path) -> bool:
        return await Undo(studio, links, record, folder, say).run()

    folder = folder_of(data)
    if not Record(folder).acts:
        say("There is nothing to take back.")
    elif not _with_obs(folder, work, read=read):
        raise typer.Exit(1)


def status(read: ReadOption = False, data: DataOption = None) -> None:
    """Say in words what is wrong between OBS and giftcast, and the fix."""
    folder = folder_of(data)
    settings = _settings(folder, read=read)
    running = running_on(folder)
    found = [
        Finding("giftcast is running", bool(running), "it is not", "start it with giftcast run")
    ]

    async def work(studio: Studio, links: Links, record: Record, folder: Path) -> bool:
        found.extend(await Status(studio, links, record, folder).look(settings.on_hero))
        return True

    try:
        asyncio.run(_work(folder, settings, work))
    except ObsError as error:
        found.append(Finding("OBS", False, error.what, error.fix))
    if running and settings.on_hero:
        told = ask(folder, running, "GET", "/healthz")["obs"]
        good = told["state"] == "connected" and not told["cause"]
        found.append(Finding("effects", good, told["cause"] or told["state"], told["fix"]))
    for one in found:
        say(f"ok  {one.what}" if one.ok else f"BAD {one.what}: {one.why} — {one.fix}")
    if not all(one.ok for one in found):
        fail("something needs attention")


def loader(
    source: Annotated[
        str, typer.Option("--source", help="For which of giftcast's sources.")
    ] = USUAL,
    stage: StageOption = MAIN,
    data: DataOption = None,
) -> None:
    """Write a page for OBS's “Local file” that waits for giftcast and then becomes the overlay.

    The source gets a new link for it, unless setup has made the source or the page before.
    """
    folder = folder_of(data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        say(str(asyncio.run(_write_loader(folder, source, stage))))
    except DocumentError as error:
        fail(str(error))


async def _write_loader(folder: Path, name: str, stage: str) -> Path:
    links, path = links_of(folder, running_on(folder), stage), loader_path(folder, name, stage)
    given: list[str] = []
    async with port_kept(folder, links, given):
        write_loader(path, await _loader_page(folder, links, path, name))
        given.append(name)
    return path


async def _loader_page(folder: Path, links: Links, path: Path, name: str) -> Page:
    page = page_in(path)
    token = Record(folder).token(name, links.stage) or (page.token if page else "")
    seen = await links.known(token) if token else None
    if seen and (seen.name, seen.stage) == (name, links.stage):
        page = Page(links.address, seen.widget, token)
    elif name in {one.name for one in await links.sources() if one.stage == links.stage}:
        page = page_of(await links.rotate(name))
    elif name == USUAL:
        page = page_of(await links.add("alerts", name))
    else:
        fail(f"there is no source {name!r}: see giftcast source list")
    assert page is not None, "giftcast's own links are pages"
    return page


def _settings(folder: Path, *, read: bool) -> ObsSettings:
    settings = obs_settings(load_settings(folder).sections.get(SECTION, {}))
    return settings.model_copy(update={"read_obs_settings": True}) if read else settings


def _with_obs(folder: Path, work: Work, *, read: bool, stage: str = MAIN) -> bool:
    """Work on OBS; a password that it asks for may be typed in."""
    settings = _settings(folder, read=read)
    try:
        try:
            return asyncio.run(_work(folder, settings, work, stage))
        except ObsError as error:
            if error.code not in (NO_PASSWORD, WRONG_PASSWORD) or not sys.stdin.isatty():
                raise
            say(error.what)
            password = typer.prompt("Password of OBS's WebSocket server", hide_input=True)
            again = settings.model_copy(update={"password": password})
            return asyncio.run(_work(folder, again, work, stage))
    except (ObsError, DocumentError) as error:
        fail(str(error))


async def _work(folder: Path, settings: ObsSettings, work: Work, stage: str = MAIN) -> bool:
    async with Reach(settings)() as connection:
        links = links_of(folder, running_on(folder), stage)
        return await work(Studio(connection), links, Record(folder), folder)
