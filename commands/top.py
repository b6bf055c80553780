"""`top [today|week|month|all|show]`: who gave most."""

from commands.call import Call
from commands.chat import Reply
from commands.command import Argument, Command
from commands.words import coins
from data.events import SHOWN_NAME_WHEN_ERASED
from data.journal import Rank

PERIODS = ("today", "week", "month", "all", "show")
_ROWS = 5


async def show(call: Call) -> Reply:
    """Settled gifts by the day they were sent, in the stage's time zone, or by the show."""
    period = call.values.get("period", "today")
    when, ranks = await (_of_show(call) if period == "show" else _since(call, period))
    if not ranks:
        over = period == "show" and not call.services.shows.current(call.stage)
        return Reply(f"{when}: no gifts." if over else f"{when}: no gifts yet. Be the first!")
    names = await call.services.people.names(rank.viewer for rank in ranks)
    rows = [
        f"{place}. {names.get(rank.viewer, SHOWN_NAME_WHEN_ERASED)} {coins(rank.coins)}"
        for place, rank in enumerate(ranks, start=1)
    ]
    return Reply(f"{when}: {' · '.join(rows)}")


async def _since(call: Call, period: str) -> tuple[str, list[Rank]]:
    since = call.policy.first_day(period, call.services.now())
    ranks = await call.services.books.top(call.stage, since_day=since, limit=_ROWS)
    when = {"today": "Today", "week": "This week", "month": "This month", "all": "Ever"}[period]
    return when, ranks


async def _of_show(call: Call) -> tuple[str, list[Rank]]:
    shows = call.services.shows
    show = shows.latest(call.stage)
    ranks = await call.services.books.top_of_show(call.stage, show, limit=_ROWS)
    when = "This show" if shows.current(call.stage) else "Last show" if show else "No show yet"
    return when, ranks


COMMAND = Command(
    name="top",
    summary="See who gave most.",
    run=show,
    arguments=(Argument("period", "choice", "Since when", required=False, choices=PERIODS),),
    aliases=("leaderboard",),
    cooldown_s=3,
    examples=("top", "top week", "top show"),
)
