"""`credits roll|stop`: roll the end credits of the show, or take them off."""

from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command

ROLL, STOP = "credits-roll", "credits-stop"  # the actions of the control records
_DONE = {
    "roll": "The credits roll, where a page shows them (the widget “credits”).",
    "stop": "The credits are off.",
}


async def steer(call: Call) -> Reply:
    """Recorded, so that every page rolls the same, also one that is loaded again meanwhile."""
    choice = call.values["action"]
    facts = {"action": ROLL if choice == "roll" else STOP}
    await call.submit(call.transaction("control", facts=facts, aside={"by": call.asker.name}))
    return Reply(_DONE[choice])


COMMAND = Command(
    name="credits",
    summary="Roll the end credits of the show, or take them off.",
    run=steer,
    arguments=(Argument("action", "choice", "What to do", choices=tuple(_DONE)),),
    role=Role.MODERATOR,
    books=True,
    examples=("credits roll",),
)
