"""`give @viewer n`: hand coins to another viewer."""

from commands.call import Call
from commands.chat import Reply
from commands.command import Argument, Command
from commands.words import coins
from data.errors import Code, GiftError
from data.ledger import NotBanned
from data.money import Account
from data.postings import move


async def hand_over(call: Call) -> Reply:
    """One transaction from wallet to wallet, where the stage allows it."""
    if not call.policy.transfers:
        raise GiftError(Code.TRANSFERS_OFF)
    amount = call.values["coins"]
    if amount > call.policy.transfer_most_coins:
        raise GiftError(Code.TRANSFER_CAP, most=call.policy.transfer_most_coins)
    taker = await call.person(call.values["viewer"])
    if taker.person == call.asker.person:
        raise GiftError(Code.YOURSELF)
    await call.submit(
        call.transaction(
            "transfer",
            postings=move(
                Account("wallet", call.asker.person), Account("wallet", taker.person), amount
            ),
            guards=(NotBanned(call.asker.person),),
            facts={"to": taker.person, "coins": amount},
            aside={"viewer": call.asker.name, "to": taker.name},
        )
    )
    left = await call.coins_left(call.asker.person)
    return Reply(f"{taker.name} got {coins(amount)} from you. {coins(left)} left.")


COMMAND = Command(
    name="give",
    summary="Hand coins to another viewer.",
    run=hand_over,
    arguments=(
        Argument("viewer", "person", "To whom"),
        Argument("coins", "amount", "How many coins"),
    ),
    aliases=("transfer", "pay"),
    books=True,
    examples=("give @mia 50",),
)
