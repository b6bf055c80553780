"""The shape of a command: declared once, from which text, slash and help are made."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from commands.chat import Reply, Role

if TYPE_CHECKING:
    from commands.call import Call

Kind = Literal[
    "gift", "count", "amount", "person", "creator", "choice", "text", "gift_ref", "command"
]
Refs = Literal["", "waiting", "ready", "gifts", "changes"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command.

    kind: `gift` a name in the catalogue, `count` 1 to 99,999, `amount` coins (0 allowed when
        `zero`), `person` an @mention, `creator` the @name of somebody who streams, `choice`
        one of `choices`, `text` the rest of the line, `gift_ref` a gift's id or `@viewer` for
        their last, `command` a command's name.
    refs: which records are offered for a `gift_ref` where a platform has menus: `waiting` or
        `ready` gifts, all `gifts`, or `changes` of balances.
    """

    name: str
    kind: Kind
    help: str
    required: bool = True
    choices: tuple[str, ...] = ()
    zero: bool = False
    refs: Refs = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A verb. Each file in `commands/` that holds a `COMMAND` adds one.

    run: carries it out; raises `GiftError` to refuse.
    books: whether it writes in the journal: its verdict, also a refusal, is then remembered.
    ahead: whether its outcome follows from the journal's judgement alone, so that it may be
        submitted before the viewer's earlier commands are decided.
    cooldown_s: seconds between two uses by one viewer; talkative commands have one.
    """

    name: str
    summary: str
    run: Callable[["Call"], Awaitable[Reply]]
    arguments: tuple[Argument, ...] = ()
    role: Role = Role.VIEWER
    aliases: tuple[str, ...] = ()
    books: bool = False
    ahead: bool = False
    cooldown_s: float = 0.0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command with the raw values typed for it, each already of its argument's form.

    values: by argument name: int for `count` and `amount`, `Mention` for `person`,
        otherwise str. Absent arguments are absent.
    """

    command: Command
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named in a command. `user_id` is empty when only the name is known."""

    name: str
    user_id: str = ""
