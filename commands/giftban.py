"""`giftban @viewer [reason]`: bar somebody from giving."""

from commands.ban import ARGUMENTS, bar
from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Command


async def ban(call: Call) -> Reply:
    """Recorded with who did it and why."""
    return await bar(call, "ban")


COMMAND = Command(
    name="giftban",
    summary="Bar a viewer from giving.",
    run=ban,
    arguments=ARGUMENTS,
    role=Role.MODERATOR,
    books=True,
    examples=("giftban @troll",),
)
