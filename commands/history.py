"""`history`: one's own statement, a page at a time."""

from commands.call import Call
from commands.chat import Reply
from commands.command import Argument, Command
from data.errors import Code, GiftError
from data.events import SHOWN_NAME_WHEN_ERASED
from data.journal import Line

_LINES = 5
COUNTED_MAX = 5_000  # lines, for “page 1 of 7”
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
    books, page, who = call.services.books, call.values.get("page", 1), call.asker.person
    skip = (page - 1) * _LINES
    lines = await books.statement(call.stage, who, limit=_LINES + 1, skip=skip)
    if not lines:
        counted = await books.statement_length(call.stage, who, most=skip) if skip else 0
        if counted:
            raise GiftError(Code.OUT_OF_RANGE, least=1, most=_pages(counted), of="pages")
        return Reply("Nothing has happened in your wallet yet.", private=True)
    told = [_line(line) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        counted = await books.statement_length(call.stage, who, most=skip + COUNTED_MAX + 1)
        over = counted > skip + COUNTED_MAX
        of = f"more than {_pages(skip + COUNTED_MAX):,}" if over else f"{_pages(counted):,}"
        older = f"{call.policy.prefix}history {page + 1}"
        told.append(f"page {page:,} of {of}, older: {older}")
    elif page > 1:
        told.append(f"page {page:,} of {page:,}")
    return Reply(" · ".join(told), private=True)


def _pages(lines: int) -> int:
    return -(-lines // _LINES)


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
    summary="See the lines of your wallet, the newest first.",
    run=show,
    arguments=(
        Argument("page", "count", "Which page; 2 is what came before the newest.", required=False),
    ),
    aliases=("statement",),
    examples=("history 2",),
)
