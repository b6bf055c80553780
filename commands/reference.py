"""Which gift is meant: by its id, or by `@viewer` for their last one."""

from commands.call import Call
from commands.command import Mention
from data.errors import Code, GiftError
from data.ledger import Record, Transaction
from data.postings import give_back

LOOKED_AT = 50  # of somebody's changes of balance


async def record_meant(call: Call, typed: str) -> Record:
    """The record of that id. Raises `GiftError` when there is none such."""
    number, _, tag = typed.partition("-")
    if number.isascii() and number.isdigit() and len(number) < 16:
        record = await call.services.books.find(call.stage, int(number))
        if record and (not tag or record.gift_id == typed.lower()):
            return record
    raise GiftError(Code.UNKNOWN_RECORD, ref=typed[:40])


async def gift_meant(call: Call, typed: str, state: str = "") -> Record:
    """The gift. Raises `GiftError` when there is none such.

    state: of a viewer's gifts the last in that state is meant; when there is none, their last,
        unless it is one that waits for a decision that is asked for.
    """
    if typed.startswith(("@", "<@")):
        known = call.message.mentions.get(typed.lower())
        mention = Mention(known.name, known.user_id) if known else Mention(typed.lstrip("@"))
        whose = await call.person(mention)
        if record := await _last(call, whose.person, state):
            return record
        raise GiftError(Code.UNKNOWN_RECORD, ref=typed[:40])
    record = await record_meant(call, typed)
    if record.kind != "gift":
        raise GiftError(Code.UNKNOWN_RECORD, ref=typed[:40])
    return record


async def _last(call: Call, person: int, state: str) -> Record | None:
    """Somebody's last gift in that state, or else their last. What does not wait is not decided
    about by mistake: raises `GiftError`."""
    books = call.services.books
    since = call.services.now() - call.policy.hold_max_s * 1000
    if state:
        recent = await books.recent_gifts(call.stage, person, since=since, limit=LOOKED_AT)
        for record in sorted(recent, key=lambda each: -each.seq):
            if await books.state(call.stage, record.seq) == state:
                return record
    if state == "waiting":
        raise GiftError(Code.UNCHANGED, what="Nothing of theirs waits for a decision.")
    return await books.last_gift(call.stage, person)


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
