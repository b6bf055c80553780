"""`deny <gift id or @viewer>`: do not show a waiting gift; its coins go back."""

from commands.approve import GIFT
from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Command
from commands.reference import gift_meant, returning


async def deny(call: Call) -> Reply:
    """The gift is returned to its sender."""
    gift = await gift_meant(call, call.values["gift"], "waiting")
    await call.submit(returning(call, gift, "denied", ""))
    return Reply(
        f"Not shown: {gift.facts['count']:,} × {gift.facts['gift']['name']}; coins are back."
    )


COMMAND = Command(
    name="deny",
    summary="Do not show a waiting gift; its coins go back.",
    run=deny,
    arguments=(GIFT,),
    role=Role.MODERATOR,
    books=True,
    examples=("deny 41-9f3a",),
)
