"""`undo <record> [reason]`: take back what was done to a balance, or a transfer."""

from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command
from commands.reference import record_meant
from commands.words import coins
from data.errors import Code, GiftError
from data.events import SHOWN_NAME_WHEN_ERASED
from data.ledger import REVERSIBLE, Record
from data.linking import meant
from data.postings import opposite


async def undo(call: Call) -> Reply:
    """The opposite transaction, naming what it reverses; each can be reversed once."""
    record = await record_meant(call, call.values["record"])
    if REVERSIBLE.get(record.kind) != "undo":
        raise GiftError(Code.NOT_REVERSIBLE, ref=record.gift_id)
    name = await _whose(call, record)
    try:
        await call.submit(
            call.transaction(
                "undo",
                subject=record.subject,
                postings=opposite(meant(record)),
                reverses=record.seq,
                facts={"undoes": record.kind, "record": record.gift_id} | _cause(record),
                aside={
                    "reason": call.values.get("reason", "")[:200],
                    "viewer": name,
                    "by": call.asker.name,
                },
            )
        )
    except GiftError as refusal:
        if refusal.code is Code.NOT_ENOUGH:
            refusal.facts["name"] = name
        raise
    if record.facts.get("cause") == "rain":
        return Reply(f"Undone: the rain {record.gift_id} has dried up, every coin of it.")
    now = (await call.services.books.balance(call.stage, record.subject)).coins
    return Reply(f"Undone: {record.kind} {record.gift_id}. {name} has {coins(now)} now.")


def _cause(record: Record) -> dict[str, str]:
    return {"cause": "rain"} if record.facts.get("cause") == "rain" else {}


async def _whose(call: Call, record: Record) -> str:
    if record.facts.get("cause") == "rain":
        return "One of them"
    if name := record.aside.get("viewer"):
        return name
    names = await call.services.people.names([record.subject])
    return names.get(record.subject, SHOWN_NAME_WHEN_ERASED)


COMMAND = Command(
    name="undo",
    summary="Take back a change of a balance.",
    run=undo,
    arguments=(
        Argument("record", "gift_ref", "Which change: the id in its reply", refs="changes"),
        Argument("reason", "text", "Why", required=False),
    ),
    role=Role.MODERATOR,
    books=True,
    examples=("undo 12-ab3f wrong viewer",),
)
