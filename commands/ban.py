"""Barring somebody from giving: what `giftban` and `giftunban` share."""

from typing import Literal

from commands.call import Call
from commands.chat import Reply
from commands.command import Argument

ARGUMENTS = (
    Argument("viewer", "person", "Whom"),
    Argument("reason", "text", "Why; it stays in the books", required=False),
)


async def bar(call: Call, kind: Literal["ban", "unban"]) -> Reply:
    """The writer of the journal judges each later gift by it."""
    whom = await call.person(call.values["viewer"])
    await call.submit(
        call.transaction(
            kind,
            subject=whom.person,
            aside={
                "reason": call.values.get("reason", "")[:200],
                "viewer": whom.name,
                "by": call.asker.name,
            },
        )
    )
    if kind == "ban":
        return Reply(f"{whom.name} cannot send gifts any more. Undo: giftunban @{whom.name}")
    return Reply(f"{whom.name} can send gifts again.")
