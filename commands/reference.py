"""Which gift is meant: by its id, or by `@viewer` for their last one."""

from commands.call import Call
from commands.command import Mention
from data.errors import Code, GiftError
from data.ledger import Record, Transaction
from data.postings import give_back


async def record_meant(call: Call, typed: str) -> Record:
    """The record of that id. Raises `GiftError` when there is none such."""
    number, _, tag = typed.partition("-")
    if number.isascii() and number.isdigit() and len(number) < 16:
        record = await call.services.books.find(call.stage, int(number))
        if record and (not tag or record.gift_id == typed.lower()):
            return record
    raise GiftError(Code.UNKNOWN_RECORD, ref=typed[:40])


async def gift_meant(call: Call, typed: str) -> Record:
    """The gift. Raises `GiftError` when there is none such."""
    books = call.services.books
    if typed.startswith(("@", "<@")):
        known = call.message.mentions.get(typed.lower())
        mention = Mention(known.name, known.user_id) if known else Mention(typed.lstrip("@"))
        whose = await call.person(mention)
        if record := await books.last_gift(call.stage, whose.person):
            return record
        raise GiftError(Code.UNKNOWN_RECORD, ref=typed[:40])
    record = await record_meant(call, typed)
    if record.kind != "gift":
        raise GiftError(Code.UNKNOWN_RECORD, ref=typed[:40])
    return record


def returning(call: Call, gift: Record, cause: str, reason: str) -> Transaction:
    """The transaction that gives the coins of a gift not yet shown back, under this message."""
    return call.transaction(
        "return",
        subject=gift.subject,
        postings=give_back(gift.subject, gift.facts["total_coins"]),
        closes=gift.seq,
        facts={"gift_id": gift.gift_id, "cause": cause},
        aside={
            "reason": reason,
            "viewer": gift.aside.get("viewer", ""),
            "by": call.asker.name,
        },
    )
