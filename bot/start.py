"""The composition root: every part is made here, once, and handed to those that use it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import running
from bot.app import STAGE, App
from bot.discovery import SIMULATOR, PlatformDirectory, build_platforms, real_platforms
from bot.duties import every, looking, settling
from bot.edited import load_edited
from bot.extras import build_extras
from bot.notices import Notices
from bot.platform import Front, House, Platform
from bot.port import bind_port
from bot.preview import keep_preview
from bot.routes import make_routes
from bot.screen import make_screen
from bot.settings import Settings
from bot.trial import is_play
from commands import known_bots
from commands.arrivals import Arrivals
from commands.call import Services
from commands.cheers import Cheers
from commands.desk import Desk
from commands.earning import Earner
from commands.gaps import Gaps
from commands.rulings import Rulings
from commands.settle import Settler
from commands.shows import Shows
from data.access import Access
from data.identities import Identities
from data.sqlite.journal import FILE_NAME, SqliteJournal
from overlay.entry import Entry, preview_token
from overlay.links import PING_S
from overlay.looks import WATCH_S
from overlay.server import Server, make_app

TICK_S = 1.0
PRUNE_S = 3_600.0
VERIFY_S = 60.0


def wall_ms() -> int:
    """Milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


@asynccontextmanager
async def started(
    settings: Settings, folder: Path, *, now: Callable[[], int] = wall_ms
) -> AsyncIterator[App]:
    """Bring everything up, in order; and down again, in the opposite order."""
    journal = await SqliteJournal.open(folder / FILE_NAME)
    try:
        with closing(bind_port(settings.server, folder)) as sock:
            app = await _assemble(journal, folder, sock.getsockname()[1], now)
            extras = build_extras(
                settings, STAGE, journal, folder, people=app.people, platforms=app.platforms,
                edited=app.edited, settler=app.settler, screen=app.screen,
            )  # fmt: skip
            trial = not real_platforms(settings) and is_play(folder)
            app = replace(app, extras=extras, trial=trial)
            house = _house(app)
            app.platforms.update(build_platforms(settings, house))
            await app.shows.load(app.platforms)
            token, shown = preview_token(app.api_token, STAGE), SIMULATOR in app.platforms
            await keep_preview(app.access, journal, STAGE, token, wanted=shown)
            server = Server(make_app(make_routes(app, house)), sock)
            await server.start()
            duties = [asyncio.create_task(duty, name=name) for name, duty in _duties(app)]
            try:
                running.announce(folder, app.address(""))
                yield app
            finally:
                for duty in duties:
                    duty.cancel()
                await asyncio.gather(*duties, return_exceptions=True)
                app.hub.close()
                await server.stop()
                running.withdraw(folder)
    finally:
        await journal.close()


async def _assemble(journal: SqliteJournal, folder: Path, port: int, now: Callable[[], int]) -> App:
    access, people = Access(journal, now), Identities(journal, now)
    await access.load()
    edited = load_edited(folder, access)
    gifts, policies = edited.catalogue, edited.policies
    settler = Settler(journal, journal.books, policies.of, now)
    shows = Shows(journal, journal.books, now)
    arrivals = Arrivals(journal, shows, policies.of)
    screen = await make_screen(
        journal, folder, access=access, people=people, edited=edited, settler=settler, shows=shows,
        arrivals=arrivals, now=now,
    )  # fmt: skip
    hub = screen.hub
    await settler.load(hub)
    earner = Earner(
        journal=journal,
        books=journal.books,
        people=people,
        policies=policies.of,
        shows=shows,
        bots=known_bots.shipped(),
        now=now,
    )
    await earner.load()
    earner.follow(arrivals.spoke)
    rulings, gaps = Rulings(journal, journal.books, people, now), Gaps(journal, journal.books, now)
    await gaps.load()
    platforms: dict[str, Platform] = {}
    desk = Desk(
        Services(
            journal=journal,
            books=journal.books,
            people=people,
            catalogue=gifts,
            policies=policies.of,
            stagehand=hub,
            backstage=settler,
            earner=earner,
            shows=shows,
            directory=PlatformDirectory(platforms),
            now=now,
            struck=rulings.struck,
        ),
        time.monotonic,
    )
    token = running.api_token(folder)
    entry = Entry(access, token, time.monotonic)
    return App(
        port, folder, token, now, journal, access, people, edited, settler, screen,
        desk, earner, shows, Cheers(journal, people, policies.of), rulings, gaps, entry,
        platforms,
    )  # fmt: skip


def _house(app: App) -> House:
    front = Front(
        require=app.entry.require,
        csrf=app.entry.csrf,
        overlay_url=app.preview_url,
        prefix=lambda: app.policies.of(STAGE).prefix,
        welcome_coins=lambda stage: app.policies.of(stage).welcome_coins,
        stages=app.policies.knows,
        trial=app.trial,
        address=app.address,
    )
    return House(
        app.desk, STAGE, app.folder, app.now, front, policies=app.policies.of, earner=app.earner,
        shows=app.shows, cheers=app.cheers, rulings=app.rulings, gaps=app.gaps,
    )  # fmt: skip


def _duties(app: App) -> list[tuple[str, Any]]:
    notices = Notices(app.journal, app.people, app.platforms)

    def changed() -> None:
        app.screen.states.refresh()
        app.hub.refit()
        app.hub.restyle()

    return [
        *((f"platform {name}", platform.run()) for name, platform in app.platforms.items()),
        *app.extras.duties(),
        ("notices", notices.run()),
        ("settler", every(TICK_S, settling(app.settler, app.now))),
        ("earner", every(TICK_S, app.earner.tick)),
        ("states", every(TICK_S, app.screen.states.tick)),
        ("verify", every(VERIFY_S, app.journal.check_new)),
        ("prune", every(PRUNE_S, app.hub.prune)),
        ("ping", every(PING_S, app.hub.ping)),
        ("looks", every(WATCH_S, app.looks.watch(app.hub.restyle))),
        ("documents", every(TICK_S, looking(app.edited.watched, changed))),
    ]
