"""`alerts pause|resume|skip|mute|unmute|clear|pin|unpin|replay`: steer what the overlay plays."""

from typing import Any

from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command
from commands.grammar import missing
from commands.pins import SECONDS, SECONDS_LEAST, SECONDS_MOST
from commands.reference import gift_meant
from commands.words import duration
from data.errors import Code, GiftError
from data.ledger import Record

ACTIONS = ("pause", "resume", "skip", "mute", "unmute", "clear", "pin", "unpin", "replay")
OF_SHOWN = ("pin", "replay")
_DONE = {
    "pause": "Gifts wait until {prefix}alerts resume; their coins stay held.",
    "resume": "Gifts play again.",
    "skip": "Skipped.",
    "mute": "Gifts play silently until {prefix}alerts unmute.",
    "unmute": "Gifts have their sound back.",
    "unpin": "Nothing is pinned any more.",
}


async def steer(call: Call) -> Reply:
    """Recorded like everything else, so that every process and page agrees."""
    action = call.values["action"]
    facts: dict[str, Any] = {"action": action}
    if typed := call.values.get("gift"):
        gift = await gift_meant(call, typed, "settled" if action in OF_SHOWN else "")
        facts["gift_id"] = gift.gift_id
    if action in OF_SHOWN:
        if not typed:
            raise missing(call.command, "gift", call.policy.prefix, action)
        return await _of_shown(call, gift, facts)
    record = await call.submit(
        call.transaction("control", facts=facts, aside={"by": call.asker.name})
    )
    if action == "clear" and not call.fresh:  # what has come in since then stays
        return Reply("Cleared.")
    if action == "clear":
        cleared = call.services.backstage.swept(call.stage, record.seq)
        if not cleared:
            return Reply("Cleared: no gift was waiting.")
        what = "1 waiting gift goes" if cleared == 1 else f"{cleared:,} waiting gifts go"
        return Reply(f"Cleared: {what} back to the senders.")
    if action == "pause" and not call.services.stagehand.settling(call.stage):
        resume = f"{call.policy.prefix}alerts resume"
        return Reply(f"Gifts wait until {resume}. No OBS source is set up yet: they count.")
    return Reply(_DONE[action].format(prefix=call.policy.prefix))


async def _of_shown(call: Call, gift: Record, facts: dict[str, Any]) -> Reply:
    """Pin or replay a gift, which moves nothing: it has been seen and paid."""
    state = await call.services.books.state(call.stage, gift.seq)
    if state != "settled":
        raise GiftError(Code.NOT_SHOWN, back=state in ("returned", "refunded"))
    what = f"{gift.facts['count']:,} × {gift.facts['gift']['name']}"
    if facts["action"] == "pin":
        seconds = call.values.get("seconds", SECONDS)
        if not SECONDS_LEAST <= seconds <= SECONDS_MOST:
            raise GiftError(Code.OUT_OF_RANGE, least=SECONDS_LEAST, most=SECONDS_MOST, of="seconds")
        facts |= {"gift": gift.seq, "seconds": seconds}
    await call.submit(call.transaction("control", facts=facts, aside={"by": call.asker.name}))
    if facts["action"] == "pin":
        return Reply(f"Pinned for {duration(seconds)}: {what}.")
    return Reply(f"Plays once more, for the eyes only: {what}.")


COMMAND = Command(
    name="alerts",
    summary="Pause, resume, skip, mute, clear, pin or replay what plays.",
    run=steer,
    arguments=(
        Argument("action", "choice", "What to do", choices=ACTIONS),
        Argument(
            "gift", "gift_ref", "Which gift: its id, or @viewer for their last", False, refs="gifts"
        ),
        Argument("seconds", "count", "How long it stays pinned, 5 to 600", required=False),
    ),
    role=Role.MODERATOR,
    books=True,
    examples=("alerts pause", "alerts skip", "alerts pin @mia 120", "alerts replay @mia"),
)
