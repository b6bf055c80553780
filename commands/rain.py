"""`rain <coins>`: share coins out among those who chat."""

import asyncio

from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command
from commands.earning_policy import RainRule
from commands.grammar import called
from commands.words import coins
from data.errors import Code, GiftError
from data.events import SHOWN_NAME_WHEN_ERASED
from data.ledger import Record
from data.money import Account, Posting

NAMES_SHOWN = 5
SPARE = 200  # looked at besides, for those who get nothing or have two accounts


async def share_out(call: Call) -> Reply:
    """One transaction for all of them: each coin goes to somebody, and a repeat to nobody."""
    rule, total = call.policy.earning.rain, call.values["coins"]
    if total > rule.most_coins:
        raise GiftError(Code.NOT_AN_AMOUNT, typed=str(total), most=rule.most_coins)
    under = await _under_the_cloud(call, rule)
    lucky = under[: min(total, rule.most_viewers)]
    if not lucky:
        raise GiftError(Code.NOBODY_THERE, minutes=rule.active_minutes)
    record = await call.submit(
        call.transaction(
            "grant",
            postings=shares(total, lucky),
            facts={"cause": "rain", "coins": total, "viewers": len(lucky)},
            aside={"by": call.asker.name},
        )
    )
    return Reply(await _told(call, record))


def shares(total: int, people: list[int]) -> tuple[Posting, ...]:
    """The total among so many people, no coin lost; the first get what does not go round."""
    each, over = divmod(total, len(people))
    return (
        Posting(Account("mint"), -total),
        *(
            Posting(Account("wallet", person), each + (place < over))
            for place, person in enumerate(people)
        ),
    )


async def _under_the_cloud(call: Call, rule: RainRule) -> list[int]:
    """Who gets something: each person once, without the asker and whose earning is paused."""
    people, books = call.services.people, call.services.books
    dry = await books.earning_paused(call.stage)
    spoken = call.services.earner.active(call.stage, rule.active_minutes)
    known = await asyncio.gather(
        *(
            people.person(one.platform, one.viewer.user_id, called(one.viewer))
            for one in spoken[: rule.most_viewers + SPARE]
        )
    )
    heads = await books.heads_of(call.stage, [call.asker.person, *(one.person for one in known)])
    first: dict[int, int] = {heads[call.asker.person]: 0}
    for one in known:
        first.setdefault(heads[one.person], one.person)
    return [person for person in first.values() if person and person not in dry]


async def _told(call: Call, record: Record) -> str:
    wet = [(account.owner, amount) for account, amount in record.postings if amount > 0]
    each = wet[-1][1]
    first = [person for person, _ in wet[:NAMES_SHOWN]]
    names = await call.services.people.names(first)
    who = ", ".join(names.get(person, SHOWN_NAME_WHEN_ERASED) for person in first)
    more = f" and {len(wet) - NAMES_SHOWN:,} more" if len(wet) > NAMES_SHOWN else ""
    least = f"{coins(each)} each" if wet[0][1] == each else f"{coins(each)} or one more each"
    undo = f"{call.policy.prefix}undo {record.gift_id}"
    return f"It rains {coins(record.facts['coins'])}: {least} for {who}{more}. Undo: {undo}"


COMMAND = Command(
    name="rain",
    summary="Share coins out among those who chat.",
    run=share_out,
    arguments=(Argument("coins", "amount", "How many coins in all"),),
    role=Role.MODERATOR,
    aliases=("makeitrain",),
    books=True,
    examples=("rain 1000",),
)
