"""`help [command]`: what can be asked for."""

from commands.call import Call
from commands.chat import Reply
from commands.command import Argument, Command
from commands.grammar import usage
from data.errors import Code, GiftError
from data.gifts import fold


async def show(call: Call) -> Reply:
    """The commands that the asker may use, or how one is written."""
    prefix, role = call.policy.prefix, call.message.viewer.role
    mine = [command for command in call.commands if command.role <= role]
    wanted = fold(call.values.get("command", "")).removeprefix(prefix)
    if not wanted:
        names = " ".join(f"{prefix}{command.name}" for command in mine)
        return Reply(f"{names} — “{prefix}help gift” tells more about one.", private=True)
    for command in mine:
        if wanted == command.name or wanted in command.aliases:
            also = f" Also: {', '.join(command.aliases)}." if command.aliases else ""
            example = f" E.g. {prefix}{command.examples[0]}" if command.examples else ""
            return Reply(
                f"{usage(command, prefix)} — {command.summary}{also}{example}", private=True
            )
    raise GiftError(Code.UNKNOWN_COMMAND, name=wanted[:20])


COMMAND = Command(
    name="help",
    summary="See what you can do.",
    run=show,
    arguments=(Argument("command", "command", "About which command", required=False),),
    aliases=("commands",),
)
