"""`giftcast ledger`: check the books."""

import sys

import apsw
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.backup import verify_file
from bot.cli.common import DataOption, fail, folder_of, say
from data.sqlite.journal import FILE_NAME
from data.sqlite.verification import Verdict


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="The books.")
    group.command("verify")(verify)
    group.callback()(_group)
    app.add_typer(group, name="ledger")


def _group() -> None:
    """The books: every coin can be accounted for."""


def verify(data: DataOption = None) -> None:
    """Check every invariant of the journal; it is only read, also while giftcast runs."""
    path = folder_of(data) / FILE_NAME
    if not path.exists():
        fail(f"there is no journal at {path}: name the folder with --data")
    console = Console(file=sys.stderr)
    columns = (TextColumn("checking"), BarColumn(), TextColumn("{task.completed:,} records"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as shown:
        task = shown.add_task("", total=None)

        def progress(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)

        try:
            verdict: Verdict = verify_file(path, progress)
        except apsw.Error as error:
            fail(f"{path} cannot be read: {error}. Restore a backup with: giftcast restore")
    for finding in verdict.findings:
        place = f"stage {finding.stage}, record {finding.seq}" if finding.stage else "file"
        say(f"{place}: {finding.what}")
    if verdict.findings:
        fail(f"the books do not add up: {len(verdict.findings)} finding(s) in {path}")
    say(f"All is well: {verdict.checked:,} records, every sum is zero, the chain holds.")
