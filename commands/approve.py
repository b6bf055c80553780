"""`approve <gift id or @viewer>`: let a waiting gift be shown."""

from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command
from commands.reference import gift_meant

GIFT = Argument("gift", "gift_ref", "Which gift: its id, or @viewer for their last", refs="waiting")


async def approve(call: Call) -> Reply:
    """The gift becomes ready and goes to the screen; without one it counts, like any other."""
    gift = await gift_meant(call, call.values["gift"], "waiting")
    facts = {"approves": gift.seq, "gift_id": gift.gift_id, **gift.facts, "waiting": False}
    facts["counts"] = not call.services.stagehand.settling(call.stage)
    aside = {name: text for name, text in gift.aside.items() if name != "fp"}
    approval = call.transaction("approve", subject=gift.subject, facts=facts, aside=aside)
    record = await call.submit(approval)
    what = f"Approved: {gift.facts['count']:,} × {gift.facts['gift']['name']}."
    if record.facts["counts"] and await call.services.backstage.count(call.stage, gift.seq):
        return Reply(f"{what} No OBS source is set up yet, so it counts at once.")
    return Reply(what)


COMMAND = Command(
    name="approve",
    summary="Let a waiting gift be shown.",
    run=approve,
    arguments=(GIFT,),
    role=Role.MODERATOR,
    books=True,
    examples=("approve 41-9f3a",),
)
