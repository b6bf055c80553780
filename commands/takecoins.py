"""`takecoins @viewer n reason`: take coins back; never more than there are."""

from commands.adjust import ARGUMENTS, adjust
from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Command


async def take(call: Call) -> Reply:
    """One transaction between mint and wallet."""
    return await adjust(call, "take", by=-call.values["coins"])


COMMAND = Command(
    name="takecoins",
    summary="Take coins from a viewer.",
    run=take,
    arguments=ARGUMENTS,
    role=Role.MODERATOR,
    aliases=("takepoints",),
    books=True,
    examples=("takecoins @mia 100 counted twice",),
)
