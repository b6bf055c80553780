"""`alerts pause|resume|skip|mute|unmute|clear`: steer what the overlay plays."""

from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command
from commands.reference import gift_meant

ACTIONS = ("pause", "resume", "skip", "mute", "unmute", "clear")
_DONE = {
    "pause": "Gifts wait until “alerts resume”; their coins stay held.",
    "resume": "Gifts play again.",
    "skip": "Skipped.",
    "mute": "Gifts play silently until “alerts unmute”.",
    "unmute": "Gifts have their sound back.",
}


async def steer(call: Call) -> Reply:
    """Recorded like everything else, so that every process and page agrees."""
    action = call.values["action"]
    facts = {"action": action}
    if typed := call.values.get("gift"):
        facts["gift_id"] = (await gift_meant(call, typed)).gift_id
    await call.submit(call.transaction("control", facts=facts, aside={"by": call.asker.name}))
    if action == "clear" and not call.fresh:  # what has come in since then stays
        return Reply("Cleared.")
    if action == "clear":
        cleared = call.services.backstage.recall(call.stage, "cleared")
        what = "1 waiting gift goes" if cleared == 1 else f"{cleared:,} waiting gifts go"
        return Reply(f"Cleared: {what} back to the senders.")
    if action == "skip" and "gift_id" in facts:
        call.services.backstage.recall(call.stage, "skipped", (facts["gift_id"],))
    if action == "pause" and not call.services.stagehand.settling(call.stage):
        return Reply("Gifts wait until “alerts resume”. No OBS source is set up yet: they count.")
    return Reply(_DONE[action])


COMMAND = Command(
    name="alerts",
    summary="Pause, resume, skip, mute, unmute or clear what plays.",
    run=steer,
    arguments=(
        Argument("action", "choice", "What to do", choices=ACTIONS),
        Argument("gift", "gift_ref", "Which gift to skip", required=False, refs="ready"),
    ),
    role=Role.MODERATOR,
    books=True,
    examples=("alerts pause", "alerts skip"),
)
