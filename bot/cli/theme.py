"""`giftcast theme`: what pages wear."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import DataOption, fail, folder_of, say
from data.errors import DocumentError
from overlay.theme_folder import SHEET, read_theme
from overlay.theme_sheet import CONTRAST_MIN, contrasts, variables
from overlay.themes import FOLDER, HOUSE, SHIPPED, STARTER, Themes, check_name, shipped_names


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Themes: what the pages in OBS look like.")
    group.command("new")(new)
    group.command("list")(list_)
    group.command("check")(check)
    app.add_typer(group, name="theme")


def new(
    name: Annotated[str, typer.Argument(help="What to call it: small letters and hyphens.")],
    source: Annotated[
        str, typer.Option("--from", help="Begin with a copy of one that is shipped.")
    ] = "",
    data: DataOption = None,
) -> None:
    """Make a folder with a commented theme to begin with."""
    check_name(name)
    if source and source not in shipped_names()[1:]:
        fail(f"there is no theme {source!r} to begin with: {', '.join(shipped_names()[1:])}")
    folder = folder_of(data) / FOLDER / name
    if folder.exists():
        fail(f"{folder} is there already: edit its {SHEET}, or choose another name")
    if source:
        shutil.copytree(SHIPPED / source, folder)
    else:
        folder.mkdir(parents=True)
        shutil.copy(STARTER, folder / SHEET)
    say(f"Edit {folder / SHEET}; each save is worn at once. To wear it:")
    say(f'on all pages: "theme": "{name}" in policy.json; to look at it without gifts:')
    say(f"open /o/alerts?demo&theme={name} while giftcast runs. Then: giftcast theme check {name}")


def list_(data: DataOption = None) -> None:
    """List the themes that can be worn."""
    themes = Themes(folder_of(data) / FOLDER)
    for name in themes.names():
        say(f"{name}\t{'shipped' if name in shipped_names() else 'your own'}")
    for problem in themes.problems():
        sys.stderr.write(f"giftcast: {problem}\n")


def check(
    name: Annotated[str, typer.Argument(help="Which of your own.")], data: DataOption = None
) -> None:
    """Say whether a theme can be worn, and whether its text can be read."""
    folder = folder_of(data) / FOLDER / name
    if name in shipped_names():
        say(f"{name} is shipped with giftcast: nothing to check")
        return
    if not folder.is_dir():
        fail(f"there is no folder {folder}: giftcast theme new {name}")
    check_name(name)
    theme = read_theme(folder)
    if theme.fault:
        fail(f"{theme.fault} (the theme is worn without)")
    faint = _faint(theme.sheet.decode("utf-8-sig"))
    for line in faint:
        say(line)
    if faint:
        fail(f"{name} can be worn, but some of its text is hard to read")
    say(f"ok: {len(theme.sheet):,} bytes, {len(theme.files)} files beside the sheet")


def _faint(sheet: str) -> list[str]:
    """What is too faint on what, with the house's values where the theme says nothing."""
    house = variables((Path(SHIPPED).parent / "static" / "stage" / "stage.css").read_text("utf-8"))
    if not house:
        raise DocumentError(f"the {HOUSE} style cannot be read: install giftcast again")
    house |= {"--gift-ink": "#ffd3e4", "--said": "#fff3c2"}  # by the gift: about so
    return [
        f"{front} on {back}: contrast {ratio:.1f} : 1; make it {CONTRAST_MIN} or more"
        for (front, back), ratio in contrasts({**house, **variables(sheet)}).items()
        if ratio < CONTRAST_MIN
    ]
