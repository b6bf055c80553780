"""`giftcast login`: a link that logs a browser in, once."""

import typer

from bot.cli.common import DataOption, ask, fail, folder_of, hint, running_on, say


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("login")(login)


def login(data: DataOption = None) -> None:
    """Print a one-time link to the pages of the running giftcast."""
    folder = folder_of(data)
    running = running_on(folder)
    if running is None:
        fail("no giftcast is running on this data folder: start it with giftcast run")
    code = ask(folder, running, "POST", "/api/v1/login-codes")["code"]
    say(f"{running.address}/login#{code}")
    hint(f"For the moderator dock in OBS ({running.address}/dock) type its code there: {code}")
