"""`top [today|week|month|all]`: who gave most."""

from commands.call import Call
from commands.chat import Reply
from commands.command import Argument, Command
from commands.words import coins
from data.events import SHOWN_NAME_WHEN_ERASED

PERIODS = ("today", "week", "month", "all")
_ROWS = 5


async def show(call: Call) -> Reply:
    """Settled gifts by the day they were sent, in the stage's time zone."""
    period = call.values.get("period", "today")
    since = call.policy.first_day(period, call.services.now())
    ranks = await call.services.books.top(call.stage, since_day=since, limit=_ROWS)
    when = {"today": "Today", "week": "This week", "month": "This month", "all": "Ever"}[period]
    if not ranks:
        return Reply(f"{when}: no gifts yet. Be the first!")
    names = await call.services.people.names(rank.viewer for rank in ranks)
    rows = [
        f"{place}. {names.get(rank.viewer, SHOWN_NAME_WHEN_ERASED)} {coins(rank.coins)}"
        for place, rank in enumerate(ranks, start=1)
    ]
    return Reply(f"{when}: {' · '.join(rows)}")


COMMAND = Command(
    name="top",
    summary="See who gave most.",
    run=show,
    arguments=(Argument("period", "choice", "Since when", required=False, choices=PERIODS),),
    aliases=("leaderboard",),
    cooldown_s=3,
    examples=("top", "top week"),
)
