"""`link [code|look|yes|no]`: make one person of two accounts on different platforms.

One account asks for a code, the other types it; each is told who the other is and what will
happen, and each says yes. The second yes is the link.
"""

from commands.call import Call
from commands.chat import Offer, Reply
from commands.command import Argument, Command
from commands.linkage import LOOK, NO, YES, Pair, accounts, pair, title
from commands.words import coins
from data.errors import Code, GiftError
from data.gifts import fold
from data.ledger import NotBanned
from data.link_codes import LENGTH, VALID_MS, Handshake

_MINUTES = VALID_MS // 60_000
_LOOK = Offer("Who typed it?", "link", "code", "look")
_DECIDE = (Offer("Yes, that is me", "link", "code", "yes"), Offer("No", "link", "code", "no"))


async def link(call: Call) -> Reply:
    """What is typed after it says which step it is."""
    typed = call.values.get("code", "")
    word = fold(typed)
    if word in NO:
        return await _drop(call)
    person, key = call.asker.person, call.message.id
    found = await call.services.people.codes.of(call.stage, person, key)
    if found and key in (found.told_key, found.taken_key, found.yes(person)):
        call.fresh = False
    if word in YES:
        return await _agree(call, found)
    if word and word not in LOOK:
        return await _take(call, typed)
    if found and found.taker and not found.over and key != found.made_key:
        return await _tell(call, found)
    return await (_wait(call, found) if word else _make(call))


async def _make(call: Call) -> Reply:
    person, key, prefix = call.asker.person, call.message.id, call.policy.prefix
    code, call.fresh = await call.services.people.codes.make(call.stage, person, key)
    if not code:
        return Reply(f"That was heard before. For another code: {prefix}link", private=True)
    shown = f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"
    return Reply(
        f"Your code is {shown}. Within {_MINUTES} minutes, write in the chat of the other "
        f"platform: {prefix}link {shown} — and follow what is said there. Nothing happens "
        "before both of you have said yes. Never write a code that somebody else gave you.",
        private=True,
        offers=(_LOOK,),
    )


async def _wait(call: Call, found: Handshake | None) -> Reply:
    if found is None or found.over:
        raise GiftError(Code.NOT_ASKED)
    return Reply("Nobody has typed your code yet.", private=True, offers=(_LOOK,))


async def _take(call: Call, typed: str) -> Reply:
    codes, person, key = call.services.people.codes, call.asker.person, call.message.id
    found = await codes.find(call.stage, person, typed, key)
    if found.over:
        return _repeated(call)
    between = await pair(call, found.maker, person)
    return await _told(call, await codes.take(call.stage, found, person, key), between)


async def _tell(call: Call, found: Handshake) -> Reply:
    """Who the other one is, and what a yes would do."""
    between = await pair(call, found.maker, found.taker)
    if call.asker.person == found.maker:
        await call.services.people.codes.tell(call.stage, found, call.message.id)
    return await _told(call, found, between)


async def _told(call: Call, found: Handshake, between: Pair) -> Reply:
    prefix = call.policy.prefix
    if found.yes(call.asker.person):
        return await _noted(call, found)
    (other,) = await accounts(call, (found.other(call.asker.person),))
    mine = between.brought if between.joins.person == call.asker.person else between.coins
    theirs = between.coins + between.brought - mine
    return Reply(
        f"{title(other)} with {coins(theirs)} would be one person with you ({coins(mine)}): one "
        f"wallet of {coins(mine + theirs)} that both accounts spend from, one line on boards, "
        f"one ban. Only if that account is yours as well: {prefix}link yes — otherwise: "
        f"{prefix}link no",
        private=True,
        offers=_DECIDE,
    )


async def _agree(call: Call, found: Handshake | None) -> Reply:
    codes, person, key = call.services.people.codes, call.asker.person, call.message.id
    if found is None or not found.taker:
        raise GiftError(Code.NOT_ASKED)
    if found.over:
        return _repeated(call)
    if not found.told(person, key):
        return await _tell(call, found)
    between = await pair(call, found.maker, found.taker)
    found = await codes.agree(call.stage, found, person, key)
    return await (_join(call, between) if found.agreed else _noted(call, found))


async def _noted(call: Call, found: Handshake) -> Reply:
    (other,) = await accounts(call, (found.other(call.asker.person),))
    prefix = call.policy.prefix
    return Reply(
        f"Your yes is noted. Now as {title(other)}, write {prefix}link, look, and {prefix}link yes",
        private=True,
    )


async def _join(call: Call, between: Pair) -> Reply:
    joins, head = between.joins, between.head
    try:
        record = await call.submit(
            call.transaction(
                "link",
                subject=joins.person,
                guards=(NotBanned(joins.person), NotBanned(head.person)),
                facts={"head": head.person, "group": list(between.group)},
                aside={"viewer": title(joins), "to": title(head)},
            )
        )
    except GiftError as refusal:
        if refusal.code is Code.BANNED:
            refusal.facts["linking"] = True
        raise
    await call.services.people.codes.drop(call.stage, call.asker.person)
    wallet = (await call.services.books.balance(call.stage, head.person)).coins
    return Reply(
        f"Linked: {title(head)} and {title(joins)} are one person now, with {coins(wallet)} in "
        f"one wallet; {coins(record.facts['coins'])} came with {joins.name}. "
        f"Undo: {call.policy.prefix}unlink",
        private=True,
    )


async def _drop(call: Call) -> Reply:
    await call.services.people.codes.drop(call.stage, call.asker.person)
    return Reply("Nothing was linked, and no code of yours is open.", private=True)


def _repeated(call: Call) -> Reply:
    call.fresh = False
    return Reply(f"That was heard before. See {call.policy.prefix}whois", private=True)


COMMAND = Command(
    name="link",
    summary="Make one person, with one wallet, of your accounts on two platforms.",
    run=link,
    arguments=(
        Argument(
            "code", "text", "The code from the other platform, or look, yes, no", required=False
        ),
    ),
    aliases=("linkaccount",),
    books=True,
    examples=("link", "link CDFG-3467", "link yes"),
)
