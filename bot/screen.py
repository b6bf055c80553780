"""The screen, put together: pages that are connected, what they are told, faces they show."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.edited import Edited
from bot.states import make_states
from commands.arrivals import Arrivals
from commands.pins import Pins
from commands.settle import Settler
from commands.shows import Shows
from data.access import Access
from data.feed import Feed
from data.identities import Identities
from data.sqlite.journal import SqliteJournal
from overlay.clips import Clips
from overlay.faces import Faces
from overlay.hub import Hub
from overlay.looks import Looks
from overlay.states import States


@dataclass(frozen=True, slots=True)
class Screen:
    """What everything that is shown goes through."""

    hub: Hub
    states: States
    faces: Faces
    clips: Clips
    looks: Looks


async def make_screen(
    journal: SqliteJournal,
    folder: Path,
    *,
    access: Access,
    people: Identities,
    edited: Edited,
    settler: Settler,
    shows: Shows,
    arrivals: Arrivals,
    now: Callable[[], int],
) -> Screen:
    """Ready for pages. now: epoch ms."""
    faces, pins = Faces(folder / "avatars"), Pins(journal, journal.books)
    faces.load()
    await pins.load()
    states = make_states(
        journal,
        people=people,
        catalogue=edited.catalogue,
        policies=edited.policies,
        goals=edited.goals,
        shows=shows,
        settler=settler,
        arrivals=arrivals,
        pins=pins,
        faces=faces,
        now=now,
    )
    looks = Looks(folder, edited.policies.of)
    hub = Hub(
        feed=Feed(journal),
        journal=journal,
        books=journal.books,
        access=access,
        settler=settler,
        states=states,
        settings=edited.settings.of,
        faces=faces.path_of,
        looks=looks.of,
        policies=edited.policies.of,
        now=now,
        clock=time.monotonic,
    )
    return Screen(hub, states, faces, Clips(time.monotonic), looks)
