"""`balance [@viewer]`: what somebody has."""

from commands.call import Call
from commands.chat import Reply
from commands.command import Argument, Command
from commands.words import coins, diamonds


async def show(call: Call) -> Reply:
    """Coins to spend, coins held for gifts under way, diamonds earned."""
    mention = call.values.get("viewer")
    whose = await call.person(mention) if mention else call.asker
    balance = await call.services.books.balance(call.stage, whose.person)
    subject = "You have" if whose.person == call.asker.person else f"{whose.name} has"
    parts = [f"{subject} {coins(balance.coins)}"]
    if balance.held:
        parts.append(f"{coins(balance.held)} held for gifts not yet shown")
    if balance.diamonds:
        parts.append(diamonds(balance.diamonds))
    return Reply(", ".join(parts) + ".", private=True)


COMMAND = Command(
    name="balance",
    summary="See your coins, or somebody's.",
    run=show,
    arguments=(Argument("viewer", "person", "Whose", required=False),),
    aliases=("coins", "wallet", "bal"),
    examples=("balance", "balance @mia"),
)
