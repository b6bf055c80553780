"""Suggestions: what somebody who is typing an argument may mean, where a platform has menus."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commands.call import Services
from commands.chat import Role
from commands.command import Argument, Command, Refs
from commands.words import coins
from data.events import SHOWN_NAME_WHEN_ERASED
from data.gifts import fold
from data.ledger import REVERSIBLE, Record

SUGGESTIONS_MAX = 25
RECENT_MAX = 300  # records looked through


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody of that role is typing that argument of that command."""

    stage: str
    role: Role
    command: str
    argument: str
    typed: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to choose. label: what a person reads; value: what is then sent."""

    label: str
    value: str


async def suggestions(
    services: Services, commands: Iterable[Command], ask: Ask
) -> Sequence[Suggestion]:
    """At most 25; none for whom the command is not."""
    mine = {command.name: command for command in commands if command.role <= ask.role}
    argument = _argument(mine.get(ask.command), ask.argument)
    if argument is None:
        return []
    match argument.kind:
        case "gift":
            gifts = services.catalogue.suggest(ask.typed, SUGGESTIONS_MAX)
            return [Suggestion(f"{g.name} · {coins(g.price_coins)}", g.id) for g in gifts]
        case "creator":
            creators = services.policies(ask.stage).creators
            return _matching(ask, (Suggestion(creator.name, creator.id) for creator in creators))
        case "command":
            found = (Suggestion(f"{c.name} · {c.summary}", c.name) for c in mine.values())
            return _matching(ask, found)
        case "gift_ref" if argument.refs:
            records = await _records(services, ask.stage, argument.refs)
            return _matching(ask, map(_of_record, records))
        case _:
            return []


def _argument(command: Command | None, name: str) -> Argument | None:
    arguments = command.arguments if command else ()
    return next((argument for argument in arguments if argument.name == name), None)


def _matching(ask: Ask, offered: Iterable[Suggestion]) -> list[Suggestion]:
    typed = fold(ask.typed).removeprefix("@")
    fitting = [s for s in offered if typed in fold(s.label) or s.value.startswith(ask.typed)]
    return fitting[:SUGGESTIONS_MAX]


async def _records(services: Services, stage: str, refs: Refs) -> list[Record]:
    """The newest first, but gifts that wait for a decision in the order in which they wait."""
    if refs in ("waiting", "ready"):
        found = await services.books.open_gifts(stage, after=0, limit=RECENT_MAX)
        return [record for state, record in found if state == refs]
    kinds = {"gift"} if refs == "gifts" else REVERSIBLE.keys() - {"gift"}
    after = max(0, services.journal.head(stage) - RECENT_MAX)
    recent = await services.journal.read(stage, after=after, limit=RECENT_MAX)
    return [record for record in reversed(recent) if record.kind in kinds]


def _of_record(record: Record) -> Suggestion:
    name = record.aside.get("viewer", SHOWN_NAME_WHEN_ERASED)
    if record.kind != "gift":
        moved = max((abs(amount) for _, amount in record.postings), default=0)
        return Suggestion(f"{record.kind} · {name} · {coins(moved)}", record.gift_id)
    gift, count = record.facts["gift"], record.facts["count"]
    what = gift["name"] if count == 1 else f"{gift['name']} ×{count:,}"
    return Suggestion(f"{what} · {name} · {record.gift_id}", record.gift_id)
