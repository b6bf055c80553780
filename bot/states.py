"""The states that widgets show, put together."""

import time
from collections.abc import Callable

from commands.arrivals import Arrivals
from commands.boards import Boards
from commands.givings import Givings
from commands.goals import Goals, Progress
from commands.pins import Pins
from commands.policies import Policies
from commands.settle import Settler
from commands.shows import Shows
from commands.spans import Spans
from data.catalogue import Catalogue
from data.identities import Identities
from data.sqlite.journal import SqliteJournal
from overlay.faces import Faces
from overlay.kinds.battles import BattleKind
from overlay.kinds.boards import BoardKind
from overlay.kinds.combos import ComboKind
from overlay.kinds.counts import CountKind
from overlay.kinds.credits import CreditsKind
from overlay.kinds.desk import DeskKind
from overlay.kinds.entrances import EntranceKind
from overlay.kinds.goals import GoalKind
from overlay.kinds.pin import PinKind
from overlay.kinds.recent import RecentKind
from overlay.kinds.show import ShowKind
from overlay.kinds.trains import TrainKind
from overlay.kinds.vases import VaseKind
from overlay.states import States


def make_states(
    journal: SqliteJournal,
    *,
    people: Identities,
    catalogue: Catalogue,
    policies: Policies,
    goals: Goals,
    shows: Shows,
    settler: Settler,
    arrivals: Arrivals,
    pins: Pins,
    faces: Faces,
    now: Callable[[], int],
) -> States:
    """Every kind of state, told as it changes. now: epoch ms."""
    books, spans = journal.books, Spans(policies.of, shows, now)
    boards = Boards(books, people, policies.of)
    givings = Givings(books, spans, journal)
    kinds = (
        BoardKind(boards, spans),
        GoalKind(goals, Progress(books, spans), spans, catalogue),
        CountKind(books, spans, catalogue),
        RecentKind(books, faces.path_of),
        ShowKind(shows, books),
        DeskKind(journal, books, people, settler, shows),
        CreditsKind(boards, books, givings, catalogue=catalogue, shows=shows, spans=spans),
        EntranceKind(arrivals, boards, books, people=people, spans=spans, faces=faces.path_of),
        ComboKind(givings, people, catalogue, policies.of, now),
        TrainKind(givings, people, now),
        BattleKind(givings, books, people, now),
        VaseKind(givings, catalogue),
        PinKind(pins, books, now, faces.path_of),
    )
    states = States(kinds, journal, day=spans.day, now=now, clock=time.monotonic)
    arrivals.follow(lambda stage: states.touch(EntranceKind.type, stage))
    return states
