"""Barring somebody from giving or earning: what the four commands for it share."""

from typing import Literal

from commands.call import Call
from commands.chat import Reply
from commands.command import Argument

ARGUMENTS = (
    Argument("viewer", "person", "Whom"),
    Argument("reason", "text", "Why; it stays in the books", required=False),
)


_DONE = {
    "ban": "{name} cannot send gifts any more. Undo: {prefix}giftunban @{name}",
    "unban": "{name} can send gifts again.",
    "earnpause": "{name} earns no coins any more. Undo: {prefix}earnresume @{name}",
    "earnresume": "{name} earns coins again.",
}


async def bar(call: Call, kind: Literal["ban", "unban", "earnpause", "earnresume"]) -> Reply:
    """The writer of the journal judges each later gift or payout by it."""
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
    return Reply(_DONE[kind].format(name=whom.name, prefix=call.policy.prefix))
