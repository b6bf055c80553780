"""`earnresume @viewer [reason]`: let somebody earn again."""

from commands.ban import ARGUMENTS, bar
from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Command


async def resume(call: Call) -> Reply:
    """Recorded like the pause it ends."""
    return await bar(call, "earnresume")


COMMAND = Command(
    name="earnresume",
    summary="Let a viewer earn coins again.",
    run=resume,
    arguments=ARGUMENTS,
    role=Role.MODERATOR,
    books=True,
    examples=("earnresume @farmer",),
)
