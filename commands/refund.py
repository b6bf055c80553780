"""`refund <gift id or @viewer> reason`: give a gift's coins back."""

from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command
from commands.reference import gift_meant, returning
from commands.words import coins
from data.events import SHOWN_NAME_WHEN_ERASED
from data.postings import refund

COUNTED = ("total_coins", "day", "show")  # by which boards count a gift


async def give_back(call: Call) -> Reply:
    """A gift not yet shown is returned; a settled one is reversed, earnings and boards too."""
    gift = await gift_meant(call, call.values["gift"])
    name = gift.aside.get("viewer", SHOWN_NAME_WHEN_ERASED)
    state = await call.services.books.state(call.stage, gift.seq)
    reason = call.values.get("reason", "")[:200]
    if state in ("ready", "waiting"):
        await call.submit(returning(call, gift, "refund", reason))
    else:
        counted = {name: fact for name, fact in gift.facts.items() if name in COUNTED}
        await call.submit(
            call.transaction(
                "refund",
                subject=gift.subject,
                postings=refund(gift),
                reverses=gift.seq,
                facts={"gift_id": gift.gift_id, **counted},
                aside={"reason": reason, "viewer": name, "by": call.asker.name},
            )
        )
    what = f"{gift.facts['count']:,} × {gift.facts['gift']['name']}"
    back = coins(gift.facts["total_coins"])
    return Reply(f"{what} taken back: {back} went home to {name}.")


COMMAND = Command(
    name="refund",
    summary="Give the coins of a gift back.",
    run=give_back,
    arguments=(
        Argument("gift", "gift_ref", "Which gift: its id, or @viewer for their last", refs="gifts"),
        Argument("reason", "text", "Why", required=False),
    ),
    role=Role.MODERATOR,
    books=True,
    examples=("refund 41-9f3a sent by mistake", "refund @mia"),
)
