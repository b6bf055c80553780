"""`addcoins @viewer n reason`: grant coins."""

from commands.adjust import ARGUMENTS, adjust
from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Command


async def grant(call: Call) -> Reply:
    """One transaction between mint and wallet."""
    return await adjust(call, "grant", by=call.values["coins"])


COMMAND = Command(
    name="addcoins",
    summary="Grant coins to a viewer.",
    run=grant,
    arguments=ARGUMENTS,
    role=Role.MODERATOR,
    aliases=("addpoints",),
    books=True,
    examples=("addcoins @mia 100 won the quiz",),
)
