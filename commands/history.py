"""`history`: the newest lines of one's own statement."""

from commands.call import Call
from commands.chat import Reply
from commands.command import Command
from data.events import SHOWN_NAME_WHEN_ERASED
from data.journal import Line

_LINES = 5
_KINDS = {
    "grant": "granted",
    "take": "taken",
    "set": "balance set",
    "return": "came back, not shown",
    "refund": "refunded",
    "undo": "undone",
}


async def show(call: Call) -> Reply:
    """What happened to the wallet, newest first, with what was left after each."""
    books = call.services.books
    lines = await books.statement(call.stage, call.asker.person, limit=_LINES)
    if not lines:
        return Reply("Nothing has happened in your wallet yet.", private=True)
    return Reply(" · ".join(map(_line, lines)), private=True)


_EARNED = {
    "welcome": "welcome",
    "reward": "reward",
    "follow": "for following",
    "subscription": "for subscribing",
    "resubscription": "for subscribing on",
    "subscription_gift": "for subscriptions given",
    "raid": "for the raid",
    "watch_streak": "for the watch streak",
    "chat": "for chatting",
    "watch": "for watching",
    "daily": "of the day",
    "rain": "rain",
}


def _line(line: Line) -> str:
    record = line.record
    what = _KINDS.get(record.kind, record.kind)
    if record.kind == "grant":
        what = _EARNED.get(record.facts.get("cause", ""), what)
    elif record.kind == "gift":
        what = f"{record.facts['gift']['name']} × {record.facts['count']:,} ({record.gift_id})"
    elif record.kind in ("return", "refund"):
        what = f"gift {record.facts['gift_id']} {what}"
    elif record.kind == "transfer":
        given = line.amount < 0
        other = record.aside.get("to" if given else "viewer", SHOWN_NAME_WHEN_ERASED)
        what = f"to {other}" if given else f"from {other}"
    elif record.kind in ("link", "unlink"):
        # coins go to the head at a link, and from the head at its end
        own = (line.amount < 0) == (record.kind == "link")
        other = record.aside.get("to" if own else "viewer", SHOWN_NAME_WHEN_ERASED)
        what = f"{'linked with' if record.kind == 'link' else 'unlinked from'} {other}"
    if reason := record.aside.get("reason"):
        what += f", {reason[:40]}"
    return f"{what}: {line.amount:+,}, left {line.balance:,}"


COMMAND = Command(
    name="history",
    summary="See the last lines of your wallet.",
    run=show,
    aliases=("statement",),
)
