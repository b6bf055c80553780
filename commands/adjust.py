"""Changing somebody's balance by hand: what the three commands for it share."""

from commands.call import Call
from commands.chat import Reply
from commands.command import Argument
from commands.words import coins
from data.errors import Code, GiftError
from data.ledger import BalanceIs, Guard, Kind
from data.money import Account
from data.postings import move

ARGUMENTS = (
    Argument("viewer", "person", "Whose wallet"),
    Argument("coins", "amount", "How many coins"),
    Argument("reason", "text", "Why; it stays in the books"),
)
MINT = Account("mint")


async def adjust(call: Call, kind: Kind, *, by: int = 0, to: int | None = None) -> Reply:
    """Move coins between mint and wallet, with the reason and who did it. by: the change;
    to: the new balance, valid only while the balance is what the moderator saw."""
    whose = await call.person(call.values["viewer"])
    wallet = Account("wallet", whose.person)
    guards: tuple[Guard, ...] = ()
    if to is not None:
        seen = (await call.services.books.balance(call.stage, whose.person)).coins
        by, guards = to - seen, (BalanceIs(wallet, seen),)
        if not by:
            raise GiftError(Code.UNCHANGED, what=f"{whose.name} has {coins(to)} already.")
    giver, taker = (MINT, wallet) if by > 0 else (wallet, MINT)
    try:
        record = await call.submit(
            call.transaction(
                kind,
                subject=whose.person,
                postings=move(giver, taker, abs(by)),
                guards=guards,
                facts={"coins": by} | ({} if to is None else {"balance": to}),
                aside={
                    "reason": call.values["reason"][:200],
                    "viewer": whose.name,
                    "by": call.asker.name,
                },
            )
        )
    except GiftError as refusal:
        if refusal.code is Code.NOT_ENOUGH:
            refusal.facts["name"] = whose.name
        raise
    now = (await call.services.books.balance(call.stage, whose.person)).coins
    return Reply(
        f"{whose.name}: {record.facts['coins']:+,} coins, {coins(now)} now. "
        f"Undo: {call.policy.prefix}undo {record.gift_id}"
    )
