"""`bonus <multiplier> <minutes>` and `bonus off`: a time in which all earn more."""

from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command
from commands.grammar import missing
from data.errors import Code, GiftError

MINUTES_MAX = 1_440
_PCT = {"1.5": 150, "2": 200, "3": 300, "5": 500, "10": 1_000}


async def steer(call: Call) -> Reply:
    """Recorded, so that a restart does not end it. A new one takes the place of the old."""
    chosen = call.values["multiplier"]
    if chosen == "off":
        return await _end(call)
    minutes = call.values.get("minutes")
    if minutes is None:
        raise missing(call.command, "minutes", call.policy.prefix)
    if minutes > MINUTES_MAX:
        raise GiftError(Code.NOT_AN_AMOUNT, typed=str(minutes), most=MINUTES_MAX)
    until = call.services.now() + minutes * 60_000
    facts = {"action": "start", "pct": _PCT[chosen], "until": until}
    await call.submit(call.transaction("bonus", facts=facts, aside={"by": call.asker.name}))
    return Reply(
        f"Bonus time! For {minutes:,} minutes everything earned here counts ×{chosen} (rewards, "
        f"which have their price, do not). To end it: {call.policy.prefix}{call.command.name} off"
    )


async def _end(call: Call) -> Reply:
    bonus = call.services.earner.bonuses.running(call.stage)
    if bonus is None:
        raise GiftError(Code.UNCHANGED, what="No bonus time is running.")
    facts = {"action": "stop", "of": bonus.seq}
    await call.submit(call.transaction("bonus", facts=facts, aside={"by": call.asker.name}))
    return Reply("Bonus time is over.")


COMMAND = Command(
    name="bonus",
    summary="Let everybody earn more for a while.",
    run=steer,
    arguments=(
        Argument("multiplier", "choice", "How many times as much", choices=("off", *_PCT)),
        Argument("minutes", "amount", "For how many minutes", required=False),
    ),
    role=Role.MODERATOR,
    books=True,
    examples=("bonus x2 60", "bonus off"),
)
