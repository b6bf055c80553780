"""`earnpause @viewer [reason]`: let somebody earn nothing for a while."""

from commands.ban import ARGUMENTS, bar
from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Command


async def pause(call: Call) -> Reply:
    """Recorded with who did it and why. What they have, they may spend."""
    return await bar(call, "earnpause")


COMMAND = Command(
    name="earnpause",
    summary="Let a viewer earn no coins.",
    run=pause,
    arguments=ARGUMENTS,
    role=Role.MODERATOR,
    books=True,
    examples=("earnpause @farmer",),
)
