"""`giftcast <command>`: one file a group of commands."""

import sys
from typing import Annotated

import typer

from bot.cli import backup, check, gift, ledger, login, obs, replay, run, source, theme
from bot.cli.common import fail
from bot.errors import SettingsError, StartError
from data.errors import DocumentError, JournalError

__all__ = ["app"]


class _Group(typer.core.TyperGroup):
    """Turns what can go wrong into one clear line and a status other than 0."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (SettingsError, StartError, JournalError, DocumentError) as error:
            fail(str(error))
        except OSError as error:  # a disk that is full, a file that may not be read
            fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Virtual gifts for live streams. Start with: giftcast run",
)
for part in (run, source, theme, gift, login, obs, ledger, backup, replay, check):
    part.add_to(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - only when it is asked for

        sys.stdout.write(f"giftcast {version('giftcast')}\n")
        raise typer.Exit


@app.callback()
def giftcast(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Virtual gifts for live streams."""
