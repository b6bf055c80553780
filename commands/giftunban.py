"""`giftunban @viewer [reason]`: let somebody give again."""

from commands.ban import ARGUMENTS, bar
from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Command


async def unban(call: Call) -> Reply:
    """Recorded with who did it and why."""
    return await bar(call, "unban")


COMMAND = Command(
    name="giftunban",
    summary="Let a viewer give again.",
    run=unban,
    arguments=ARGUMENTS,
    role=Role.MODERATOR,
    books=True,
    examples=("giftunban @troll",),
)
