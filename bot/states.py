"""The states that widgets show, put together."""

import time
from collections.abc import Callable

from commands.boards import Boards
from commands.policies import Policies
from commands.shows import Shows
from commands.spans import Spans
from data.identities import Identities
from data.sqlite.journal import SqliteJournal
from overlay.kinds.boards import BoardKind
from overlay.kinds.show import ShowKind
from overlay.states import States


def make_states(
    journal: SqliteJournal,
    people: Identities,
    policies: Policies,
    shows: Shows,
    now: Callable[[], int],
) -> States:
    """Every kind of state, told as it changes. now: epoch ms."""
    books, spans = journal.books, Spans(policies.of, shows, now)
    kinds = (BoardKind(Boards(books, people, policies.of), spans), ShowKind(shows, books))
    return States(kinds, journal, day=spans.day, now=now, clock=time.monotonic)
