"""Words: every sentence that a refusal becomes, in one place. A refusal says how to go on."""

from collections.abc import Callable
from typing import Any

from data.errors import Code, GiftError

Facts = dict[str, Any]
_ROLES = ("viewers", "moderators", "the streamer")


def coins(amount: int) -> str:
    """`1 coin`, `1,000 coins`."""
    return f"{amount:,} coin" if amount == 1 else f"{amount:,} coins"


def diamonds(thousandths: int) -> str:
    """`3.5 diamonds` of 3500 thousandths."""
    text = f"{thousandths / 1000:,.3f}".rstrip("0").rstrip(".")
    return f"{text} diamond" if text == "1" else f"{text} diamonds"


def duration(seconds: int) -> str:
    """`45 s`, `2 min 5 s`, `3 h 20 min`, `2 d 4 h`: the two largest units, none of them zero."""
    units = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
    parts: list[str] = []
    for size, unit in units:
        count, seconds = divmod(seconds, size)
        parts.append(f"{count:,} {unit}" if count else "")
    first = next((i for i, part in enumerate(parts) if part), len(parts) - 1)
    return " ".join(part for part in parts[first : first + 2] if part) or "0 s"


def span(seconds: int) -> str:
    """`7 h 5 min` of 25500; what is begun counts."""
    minutes = -(-seconds // 60)
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" * (hours > 0), f"{rest} min" * (rest > 0)) if part
    )


def _unknown_gift(facts: Facts) -> str:
    guess = facts.get("guess")
    hint = f"Did you mean {guess}?" if guess else f"See the list: {facts['prefix']}gifts."
    return f"There is no gift “{facts['name']}”. {hint} Nothing was charged."


def _not_a_gift(facts: Facts) -> str:
    prefix = facts["prefix"]
    return (
        f"“{facts['name']}” is no gift. To send one: {prefix}gift rose 5. "
        f"To hand coins to a viewer: {prefix}give @viewer 50. Nothing was charged."
    )


def _banned(facts: Facts) -> str:
    if facts.get("linking"):
        return (
            "One of the two accounts is barred from giving here; a moderator can lift that. "
            "Nothing was linked."
        )
    if "platform" not in facts:
        return "You cannot send gifts here. A moderator can lift that."
    where = facts["platform"].capitalize()
    if "wait_s" not in facts:
        return f"You are banned on {where}: no gifts until that is lifted. Nothing was charged."
    return (
        f"You are timed out on {where}: gifts are possible again in "
        f"{duration(facts['wait_s'])}. Nothing was charged."
    )


def _missing(facts: Facts) -> str:
    choices = f" One of: {', '.join(facts['choices'])}." if facts.get("choices") else ""
    return f"{facts['asks']}?{choices} For example: {facts['example']}"


def _no_side(facts: Facts) -> str:
    if len(facts["creators"]) < 2:
        return (
            f"A battle needs two sides, and only {' '.join(facts['creators'])} streams here. Put "
            "a second creator, or two teams, under “creators” in policy.json."
        )
    return (
        f"“{facts['name']}” is nobody who streams here ({', '.join(facts['creators'])}). A side is "
        "one of them, or several as in ann+cleo, with a name if you like: red=ann+cleo."
    )


_SENTENCES: dict[Code, Callable[[Facts], str]] = {
    Code.NOT_ENOUGH: lambda f: (
        f"You have {coins(f['have'])}, that costs {coins(f['need'])}. Nothing was charged."
        if not f.get("name")
        else f"{f['name']} has only {coins(f['have'])}, not {coins(f['need'])}. Nothing changed."
    ),
    Code.BANNED: _banned,
    Code.BALANCE_CHANGED: lambda f: (
        f"The balance has changed meanwhile, it is {coins(f['now'])} now. "
        "Please look and try again."
    ),
    Code.BALANCE_FULL: lambda f: f"No wallet may hold more than {coins(f['most'])}.",
    Code.UNKNOWN_GIFT: _unknown_gift,
    Code.GIFT_OFF: lambda f: f"{f['name']} is not offered just now. Nothing was charged.",
    Code.NOT_A_GIFT: _not_a_gift,
    Code.NOT_A_COUNT: lambda f: (
        f"“{f['typed']}” is no count: write a whole number from 1 to {f['most']:,} "
        "in plain digits. Nothing was charged. (A message that begins with a number comes "
        f"after the count: {f['prefix']}gift rose 1 4ever.)"
    ),
    Code.NOT_AN_AMOUNT: lambda f: (
        f"“{f['typed']}” is no amount: write a whole number up to {f['most']:,} in plain digits."
    ),
    Code.TOO_MUCH: lambda f: (
        f"That would cost {coins(f['total'])}; one gift may cost at most {coins(f['most'])}."
    ),
    Code.MISSING: _missing,
    Code.UNKNOWN_PERSON: lambda f: (
        f"I have not seen “{f['name']}” here yet: they have to write something here first."
    ),
    Code.UNKNOWN_CREATOR: lambda f: (
        f"“{f['name']}” does not stream here ({', '.join(f['creators'])}). For a message to "
        "somebody, begin it with another word. Nothing was charged."
    ),
    Code.NOT_REVERSIBLE: lambda f: (
        f"{f['ref']} cannot be undone. A gift is given back with {f['prefix']}refund, a ban with "
        f"{f['prefix']}giftunban, a link with {f['prefix']}unlink."
    ),
    Code.UNKNOWN_CHOICE: lambda f: f"“{f['typed']}”? Choose one of: {', '.join(f['choices'])}.",
    Code.UNKNOWN_COMMAND: lambda f: f"There is no command “{f['name']}”. See {f['prefix']}help.",
    Code.UNKNOWN_RECORD: lambda f: (
        f"I find no gift “{f['ref']}”. Its id stands in the reply and in {f['prefix']}history."
    ),
    Code.NOT_ALLOWED: lambda f: f"That is for {_ROLES[f['role']]}.",
    Code.COOLDOWN: lambda f: f"Please wait {f['wait_s']} s before doing that again.",
    Code.YOURSELF: lambda f: "You cannot do that with yourself.",
    Code.TRANSFERS_OFF: lambda f: "Coins cannot be handed over here.",
    Code.TRANSFER_CAP: lambda f: f"At most {coins(f['most'])} can be handed over at once.",
    Code.NO_REASON: lambda f: f"Please say why; it stays in the books. For example: {f['example']}",
    Code.ALREADY_CLOSED: lambda f: "That gift has been settled or returned already.",
    Code.ALREADY_REVERSED: lambda f: "That has been refunded already.",
    Code.STILL_OPEN: lambda f: "That gift is not settled: nothing was paid that could go back.",
    Code.NOT_SHOWN: lambda f: (
        "That gift went back to its sender; it is not shown any more."
        if f["back"]
        else "That gift has not been shown yet; it will be, and then this can be done."
    ),
    Code.OUT_OF_RANGE: lambda f: f"The {f['of']} go from {f['least']:,} to {f['most']:,}.",
    Code.UNCHANGED: lambda f: f.get("what") or "Nothing to change: it is so already.",
    Code.TOO_LONG: lambda f: f"That is too long: at most {f['most']} characters.",
    Code.EARNING_OFF: lambda f: "That earns no coins here just now.",
    Code.EARNING_PAUSED: lambda f: (
        "You earn no coins here for now. A moderator can lift that; what you have stays yours."
    ),
    Code.EARNED_ENOUGH: lambda f: (
        f"That would be more than the {coins(f['most'])} that can be earned so in a day; you have "
        f"{coins(f['earned'])} today. It goes on tomorrow."
    ),
    Code.DAILY_TAKEN: lambda f: (
        f"You had today’s coins already. The next are in {span(f['wait_s'])}."
    ),
    Code.OFFLINE: lambda f: (
        "Gifts are taken while the stream is live. Nothing was charged; see you there!"
    ),
    Code.NOBODY_THERE: lambda f: (
        f"Nobody else has chatted within the last {f['minutes']} minutes. Nothing was given."
    ),
    Code.NO_BATTLE: lambda f: f"No battle is on. Begin one: {f['prefix']}battle start",
    Code.BATTLE_ON: lambda f: (
        f"The battle of {f['left']} and {f['right']} is on. End it first: {f['prefix']}battle stop"
    ),
    Code.NO_SIDE: _no_side,
    Code.BOTH_SIDES: lambda f: f"“{f['name']}” cannot stand on both sides.",
    Code.TOO_MANY: lambda f: f"Too many: at most {f['most']}.",
    Code.NOT_BETWEEN: lambda f: (
        f"“{f['typed']}”? Write plain digits, from {f['least']} to {f['most']}."
    ),
    Code.BUSY: lambda f: "Too much is going on at once. Nothing was charged; please try again.",
    Code.JOURNAL_DOWN: lambda f: (
        f"The books could not be written, so this is not confirmed. Check {f['prefix']}history "
        "before trying again: repeating the same message never charges twice."
    ),
    Code.LINK_CODE: lambda f: (
        f"That is no code that is open. Write {f['prefix']}link on your other account, and type "
        "here, within 10 minutes, the code that it gets."
    ),
    Code.LINK_HERE: lambda f: (
        "That code is yours: type it with your account on the other platform."
    ),
    Code.SAME_PLATFORM: lambda f: (
        f"Both are accounts on {f['platform'].capitalize()}; only accounts on different platforms "
        "can be linked here."
    ),
    Code.NOT_ASKED: lambda f: (
        f"Nothing waits for your yes. Begin with {f['prefix']}link on one account, and type its "
        "code on the other."
    ),
    Code.ALREADY_LINKED: lambda f: (
        f"These are one person already. See {f['prefix']}whois."
        if f["same"]
        else f"Both are linked with others already. End one of the links first: {f['prefix']}unlink"
    ),
    Code.NOT_LINKED: lambda f: f"There is no such link (any more). See {f['prefix']}whois.",
    Code.LINKS_CHANGED: lambda f: (
        "Somebody was linked or unlinked meanwhile, so nothing was done. Please look with "
        f"{f['prefix']}whois and try again."
    ),
    Code.LINKS_FULL: lambda f: f"Nobody can have more than {f['most'] + 1} accounts here.",
    Code.LINK_WHICH: lambda f: (
        f"There is more than one link. Name the account: {', '.join(f['names'])}"
    ),
    Code.ONE_WALLET: lambda f: (
        "These are one person's accounts, with one wallet: nothing would change."
    ),
    Code.KEY_REUSED: lambda f: "This id was used before with another text; use a new one.",
}
assert set(_SENTENCES) == set(Code), "every refusal has its sentence"


def sentence(refusal: GiftError, prefix: str = "!") -> str:
    """What a person is told. prefix: that of the stage's commands."""
    return _SENTENCES[refusal.code]({**refusal.facts, "prefix": prefix})
