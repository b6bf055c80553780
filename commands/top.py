"""`top [today|week|month|all|show]`: who gave most."""

from commands.boards import Boards
from commands.call import Call
from commands.chat import Reply
from commands.command import Argument, Command
from commands.spans import PERIODS, Spans
from commands.words import coins

_ROWS = 5
_WHEN = {"today": "Today", "week": "This week", "month": "This month", "all": "Ever"}


async def show(call: Call) -> Reply:
    """Settled gifts by the day they were sent, in the stage's time zone, or by the show."""
    period, services = call.values.get("period", "today"), call.services
    on, last = services.shows.current(call.stage), services.shows.latest(call.stage)
    when = _WHEN.get(period) or ("This show" if on else "Last show" if last else "No show yet")
    over = period == "show" and not on
    if period == "show" and not last:
        return Reply(f"{when}: no gifts.")
    span = Spans(services.policies, services.shows, services.now).of(call.stage, period)
    boards = Boards(services.books, services.people, services.policies)
    rows = await boards.read(call.stage, span, _ROWS)
    if not rows:
        return Reply(f"{when}: no gifts." if over else f"{when}: no gifts yet. Be the first!")
    places = (f"{n}. {row.name} {coins(row.coins)}" for n, row in enumerate(rows, start=1))
    return Reply(f"{when}: {' · '.join(places)}")


COMMAND = Command(
    name="top",
    summary="See who gave most.",
    run=show,
    arguments=(Argument("period", "choice", "Since when", required=False, choices=PERIODS),),
    aliases=("leaderboard",),
    cooldown_s=3,
    examples=("top", "top week", "top show"),
)
