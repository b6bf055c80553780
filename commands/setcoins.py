"""`setcoins @viewer n reason`: set a balance, judged against the one that was seen."""

from dataclasses import replace

from commands.adjust import ARGUMENTS, adjust
from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Command


async def set_to(call: Call) -> Reply:
    """Refused when the balance changes between looking and writing."""
    return await adjust(call, "set", to=call.values["coins"])


COMMAND = Command(
    name="setcoins",
    summary="Set a viewer's coins.",
    run=set_to,
    arguments=(ARGUMENTS[0], replace(ARGUMENTS[1], zero=True), ARGUMENTS[2]),
    role=Role.MODERATOR,
    aliases=("setpoints",),
    books=True,
    examples=("setcoins @mia 0 season ended",),
)
