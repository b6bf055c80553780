"""`daily`: the coins of the day, more with each day in a row."""

from commands.activity import Activity
from commands.call import Call
from commands.chat import Reply
from commands.command import Command
from commands.words import coins


async def claim(call: Call) -> Reply:
    """Once a day of the stage and person, whichever of their accounts asks."""
    message, services = call.message, call.services
    credit = await services.earner.credit(
        Activity(
            message.id,
            call.stage,
            message.platform,
            message.viewer,
            "daily",
            at=services.now(),
            standing=message.standing,
        )
    )
    call.judged, call.fresh = True, credit.fresh
    if credit.refused:
        raise credit.refused
    row = f", day {credit.units:,} in a row" if credit.units > 1 else ""
    now = (await services.books.balance(call.stage, call.asker.person)).coins
    return Reply(
        f"{coins(credit.coins)} for today{row}. You have {coins(now)}. More tomorrow!", private=True
    )


COMMAND = Command(
    name="daily",
    summary="Take your coins of the day.",
    run=claim,
    books=True,
    examples=("daily",),
)
