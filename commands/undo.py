"""`undo <record> [reason]`: take back what a moderator did to a balance, or a transfer."""

from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command
from commands.reference import record_meant
from commands.words import coins
from data.errors import Code, GiftError
from data.events import SHOWN_NAME_WHEN_ERASED
from data.ledger import REVERSIBLE
from data.linking import meant
from data.postings import opposite


async def undo(call: Call) -> Reply:
    """The opposite transaction, naming what it reverses; each can be reversed once."""
    record = await record_meant(call, call.values["record"])
    if REVERSIBLE.get(record.kind) != "undo":
        raise GiftError(Code.NOT_REVERSIBLE, ref=record.gift_id)
    name = record.aside.get("viewer", SHOWN_NAME_WHEN_ERASED)
    done = await call.submit(
        call.transaction(
            "undo",
            subject=record.subject,
            postings=opposite(meant(record)),
            reverses=record.seq,
            facts={"undoes": record.kind, "record": record.gift_id},
            aside={
                "reason": call.values.get("reason", "")[:200],
                "viewer": name,
                "by": call.asker.name,
            },
        )
    )
    now = (await call.services.books.balance(call.stage, done.subject)).coins
    return Reply(f"Undone: {record.kind} {record.gift_id}. {name} has {coins(now)} now.")


COMMAND = Command(
    name="undo",
    summary="Take back a change of a balance.",
    run=undo,
    arguments=(
        Argument("record", "gift_ref", "The id in the reply to the change"),
        Argument("reason", "text", "Why", required=False),
    ),
    role=Role.MODERATOR,
    books=True,
    examples=("undo 12-ab3f wrong viewer",),
)
