"""The first screen: where everything is."""

import sys

from rich.console import Console
from rich.markup import escape

from bot.app import VERSION, App
from bot.called import called
from bot.discovery import PLAY, SIMULATOR


def show_first_screen(app: App) -> str:
    """The first screen. Links stand alone on their lines, so that they can be copied whole.

    Returns the login link.
    """
    simulated = SIMULATOR in app.platforms
    login = app.address(f"/login#{app.entry.new_code()}")
    lines = [
        (
            "Open this first",
            f"{login}   (once, within 10 minutes; again: {called(app.folder, 'login')})",
        )
    ]
    if simulated:
        lines += [("Chat page", f"{app.address('/chat')}   type there:  !gift rose 5")]
        lines += [("Overlay preview", app.preview_url())]
    lines += [("Dashboard", app.address("/"))]
    by_hand = called(app.folder, "source add alerts")
    lines += [("For OBS", f"{called(app.folder, 'obs setup')}   or by hand: {by_hand}")]
    for name, platform in app.platforms.items():
        if name != SIMULATOR:
            lines.append((name.capitalize(), platform.status().cause or platform.status().state))
    lines += [("Your data", str(app.folder)), ("Stop", "Ctrl-C")]
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"\n  [bold magenta]giftcast[/] {VERSION} is running ({_kind(app)})\n")
    for name, text in lines:
        console.print(f"  [bold]{name:<16}[/] {escape(text)}")
    console.print()
    sys.stdout.flush()
    return login


def _kind(app: App) -> str:
    """What it is run for: what is given in a simulated chat counts, unless this is a trial."""
    simulated = SIMULATOR in app.platforms
    if app.trial:
        return "a trial: simulated chat, play coins" if simulated else "a trial: play coins"
    if not simulated:
        return "live"
    if set(app.platforms) - set(PLAY):
        return "live, and simulated chat in the same books"
    return "simulated chat in books of a real one"
