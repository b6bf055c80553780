"""`giftcast source`: the browser sources of OBS."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from bot.called import called
from bot.cli.common import DataOption, ask, fail, folder_of, hint, lacking, running_on, say
from bot.offline import SourceKeeper
from data.errors import DocumentError
from overlay.source_settings import Missing

StageOption = Annotated[str, typer.Option("--stage", help="Which stage.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Browser sources for OBS.")
    group.command("add")(add)
    group.command("list")(list_)
    group.command("rotate")(rotate)
    group.command("remove")(remove)
    group.command("settings")(settings)
    group.command("set")(set_)
    app.add_typer(group, name="source")


def add(
    widget: Annotated[str, typer.Argument(help="Which page, such as alerts.")],
    name: Annotated[str, typer.Option("--name", help="What to call it.")] = "",
    stage: StageOption = "main",
    data: DataOption = None,
) -> None:
    """Register a browser source and print its link."""
    folder = folder_of(data)
    if running := running_on(folder):
        body = {"widget": widget, "name": name, "stage": stage}
        made = ask(folder, running, "POST", "/api/v1/sources", body)
    else:
        made = _offline(SourceKeeper(folder).add(widget, name, stage))
    _give(folder, made)


def list_(data: DataOption = None) -> None:
    """List the sources."""
    folder = folder_of(data)
    running = running_on(folder)
    if running:
        found = ask(folder, running, "GET", "/api/v1/sources")
    else:
        found = _offline(SourceKeeper(folder).list())
    for source in found:
        state = "online" if source["online"] else "offline"
        say(f"{source['name']}\t{source['widget']}\t{source['stage']}\t{state}")
    if not found:
        say(f"No source yet. Add one with: {called(folder, 'source add alerts')}")


def rotate(name: str, stage: StageOption = "main", data: DataOption = None) -> None:
    """Give a source a new link; the old one is dead at once."""
    folder = folder_of(data)
    if running := running_on(folder):
        made = ask(folder, running, "POST", _path(name, stage, "/token"))
    else:
        made = _offline(SourceKeeper(folder).rotate(name, stage))
    _give(folder, made)


def remove(name: str, stage: StageOption = "main", data: DataOption = None) -> None:
    """Remove a source. After the last one, gifts not yet shown go back to their senders."""
    folder = folder_of(data)
    running = running_on(folder)
    if running is None:
        fail("start giftcast first: removing a source may give coins back. giftcast run")
    done = ask(folder, running, "DELETE", _path(name, stage))
    say(f"Removed {done['removed']}; gifts given back: {done['gifts_returned']}")


def settings(name: str, stage: StageOption = "main", data: DataOption = None) -> None:
    """Print a source's settings."""
    folder = folder_of(data)
    if running := running_on(folder):
        found = ask(folder, running, "GET", _path(name, stage, "/settings"))["settings"]
    else:
        found = _offline(SourceKeeper(folder).settings(name, stage))
    for setting in found:
        say(_line(setting))
    if not found:
        say("This widget has no settings.")


def set_(
    name: str,
    changes: Annotated[list[str], typer.Argument(help="Such as volume=0.4; volume= puts it back.")],
    stage: StageOption = "main",
    data: DataOption = None,
) -> None:
    """Change settings of a source; pages that are open follow at once."""
    wanted = dict(_change(each) for each in changes)
    folder = folder_of(data)
    if running := running_on(folder):
        body = {"settings": wanted}
        found = ask(folder, running, "PATCH", _path(name, stage, "/settings"), body)["settings"]
    else:
        found = _offline(SourceKeeper(folder).settings(name, stage, wanted))
    for setting in found:
        if setting["name"] in wanted:
            say(_line(setting))


def _give(folder: Path, made: Mapping[str, Any]) -> None:
    say(made["url"])
    if note := made.get("note"):
        hint(note)
    if missing := made.get("missing"):
        hint(lacking(folder, made["name"], Missing(**missing)))


def _change(typed: str) -> tuple[str, str | None]:
    name, equals, value = typed.partition("=")
    if not equals:
        fail(f"{typed!r} is no change: write NAME=VALUE, or NAME= for the value it had at first")
    return name.strip(), value or None


def _line(setting: dict[str, Any]) -> str:
    """`volume = 0.4`, what it is, and what it may hold."""
    said = f"{setting['name']} = {_shown(setting['value'])}"
    first = f"; at first {_shown(setting['default'])}"
    return f"{said}\t{setting['label']}\t{setting['allowed']}{first}"


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) or '""'


def _path(name: str, stage: str, more: str = "") -> str:
    return f"/api/v1/sources/{quote(name, safe='')}{more}?stage={quote(stage)}"


def _offline(work: Any) -> Any:
    try:
        return asyncio.run(work)
    except DocumentError as error:
        fail(str(error))
