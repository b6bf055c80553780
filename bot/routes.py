"""What answers on the server's addresses, put together."""

import time
from dataclasses import replace
from functools import partial

from bot import running
from bot.app import VERSION, App
from bot.backup import make_backup
from bot.called import called
from bot.discovery import SIMULATOR
from bot.health import Health
from bot.platform import House
from bot.replays import Replays
from data.access import Source
from overlay.api import Api
from overlay.dock import Dock
from overlay.here import Here
from overlay.pages import Pages
from overlay.qr import QrCodes
from overlay.server import Routes
from overlay.settings_api import SettingsApi
from overlay.socket import SocketHandler
from overlay.source_settings import Missing
from overlay.stages import known_stages
from overlay.widget import discover


def make_routes(app: App, house: House) -> list[Routes]:
    """Everything that can be asked for, of the overlay and of the platforms."""
    widgets = discover()
    health = Health(
        version=VERSION,
        platforms=app.platforms,
        gaps=app.gaps,
        usable=lambda: app.journal.usable,
        problems=app.problems,
        effects=app.extras.effects,
        speech=app.extras.speaker,
    )

    def missing(source: Source) -> Missing | None:
        found = app.edited.settings.missing(source)
        return replace(found, command=called(app.folder, found.command)) if found else None

    pages = Pages(
        entry=app.entry,
        access=app.access,
        hub=app.hub,
        widgets=widgets,
        socket=SocketHandler(app.hub, app.access, widgets, time.monotonic),
        platforms=health.platforms,
        gaps=health.gaps,
        effects=health.effects,
        missing=missing,
        data_dir=app.folder,
        version=VERSION,
        called=partial(called, app.folder),
        chat=SIMULATOR in app.platforms,
        trial=app.trial,
    )
    api = Api(
        entry=app.entry,
        access=app.access,
        hub=app.hub,
        journal=app.journal,
        books=app.journal.books,
        widgets=widgets,
        health=health.report,
        backup=lambda: make_backup(app.journal, app.folder, app.now),
        given=lambda: running.keep_port(app.folder, app.port),
        stages=lambda: known_stages(app.journal.books, app.policies),
        removed=lambda stage: app.settler.return_all(stage, "no_source"),
        settings=app.edited.settings,
        address=app.overlay_url,
    )
    fitting = SettingsApi(app.entry, app.access, app.edited.settings, app.hub.refit)
    uploads = app.looks.uploads(app.entry, app.edited.catalogue, app.hub.restyle)
    dock = Dock(
        entry=app.entry, access=app.access, hub=app.hub, desk=app.desk, states=app.screen.states,
        policies=app.policies, missing=missing, now=app.now,
        platforms=health.platforms,
    )  # fmt: skip
    screen: list[Routes] = [app.screen.faces, app.screen.clips, app.looks.themes, uploads]
    own = [platform for platform in app.platforms.values() if isinstance(platform, Routes)]
    return [
        pages, api, fitting, dock, QrCodes(), *screen, Replays(app.entry, app.platforms, house),
        Here(), *own,
    ]  # fmt: skip
