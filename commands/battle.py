"""`battle start <left> <right> [minutes]`, `battle multiply <times> [seconds]`, `battle stop`."""

from commands.battles import BOOSTS_MAX, Battle, newest
from commands.call import Call
from commands.chat import Reply, Role
from commands.command import Argument, Command
from commands.grammar import clean
from commands.policy import CreatorPolicy
from data.errors import Code, GiftError

MINUTES, MINUTES_MAX = 5, 60
TIMES_MAX = 5
SECONDS, SECONDS_MAX = 30, 300
NAME_MAX = 24
CREATORS_MAX = 10  # of a side


async def steer(call: Call) -> Reply:
    """Recorded, so that a restart neither ends it nor loses a point."""
    words = call.values.get("how", "").split()
    battle = await newest(call.services.books, call.stage)
    now = call.services.now()
    on = battle if battle is not None and now < battle.until else None
    match call.values["action"]:
        case "start":
            return await _start(call, words, on)
        case "multiply":
            return await _multiply(call, words, _running(on))
        case _:
            return await _stop(call, _running(on))


def _running(battle: Battle | None) -> Battle:
    if battle is None:
        raise GiftError(Code.NO_BATTLE)
    return battle


async def _start(call: Call, words: list[str], on: Battle | None) -> Reply:
    if on is not None:
        raise GiftError(Code.BATTLE_ON, left=on.left.name, right=on.right.name)
    if len(call.policy.creators) < 2:
        raise GiftError(Code.NO_SIDE, name="", creators=_two(call))
    if len(words) < 2:
        raise _ask(call, "Which two sides", f"start {' '.join(_two(call))} {MINUTES}")
    (left, first), (right, second) = _side(call, words[0]), _side(call, words[1])
    if twice := {each.id for each in first} & {each.id for each in second}:
        raise GiftError(Code.BOTH_SIDES, name=min(twice))
    minutes = _number(words, 2, MINUTES, 1, MINUTES_MAX)
    facts = {
        "action": "start",
        "left": await _persons(call, first),
        "right": await _persons(call, second),
        "until": call.services.now() + minutes * 60_000,
    }
    aside = {"by": call.asker.name, "left": left, "right": right}
    await call.submit(call.transaction("battle", facts=facts, aside=aside))
    how = f"{call.policy.prefix}gift rose @"
    return Reply(
        f"Battle! {left} against {right}, {minutes} minutes. Gifts count for whom they are sent "
        f"to: {how}{first[0].id} or {how}{second[0].id}"
    )


async def _multiply(call: Call, words: list[str], battle: Battle) -> Reply:
    if not words:
        raise _ask(call, "How many times as much", f"multiply 2 {SECONDS}")
    if len(battle.boosts) >= BOOSTS_MAX:
        raise GiftError(Code.UNCHANGED, what=f"{BOOSTS_MAX} times are enough for one battle.")
    times = _number([words[0].lower().lstrip("x×"), *words[1:]], 0, 2, 2, TIMES_MAX)
    seconds = _number(words, 1, SECONDS, 5, SECONDS_MAX)
    until = min(battle.until, call.services.now() + seconds * 1000)
    facts = {"action": "multiply", "of": battle.seq, "times": times, "until": until}
    await call.submit(call.transaction("battle", facts=facts, aside={"by": call.asker.name}))
    return Reply(f"For {seconds} seconds every coin counts ×{times}!")


async def _stop(call: Call, battle: Battle) -> Reply:
    facts = {"action": "stop", "of": battle.seq}
    await call.submit(call.transaction("battle", facts=facts, aside={"by": call.asker.name}))
    return Reply("The battle is over.")


def _side(call: Call, word: str) -> tuple[str, list[CreatorPolicy]]:
    """The side that `ann`, `ann+cleo` or `red=ann+cleo` means: its name and its creators."""
    label, _, names = word.rpartition("=")
    found: list[CreatorPolicy] = []
    for name in names.split("+"):
        creator = call.policy.creator(name.removeprefix("@"))
        if creator is None:
            known = [each.id for each in call.policy.creators[:8]]
            raise GiftError(Code.NO_SIDE, name=name[:40], creators=known)
        if creator not in found:
            found.append(creator)
    if len(found) > CREATORS_MAX:
        raise GiftError(Code.TOO_MANY, most=CREATORS_MAX)
    own = clean(label)[:NAME_MAX]
    return own or " & ".join(each.name for each in found)[: 2 * NAME_MAX], found


async def _persons(call: Call, creators: list[CreatorPolicy]) -> list[int]:
    people = call.services.people
    return [
        (await people.person("creator", f"{call.stage}:{each.id}", each.name)).person
        for each in creators
    ]


def _number(words: list[str], at: int, usual: int, least: int, most: int) -> int:
    """The number that stands there, within its bounds; `usual` when nothing does."""
    if len(words) <= at:
        return usual
    word = words[at]
    if not (word.isascii() and word.isdigit() and len(word) < 6 and least <= int(word) <= most):
        raise GiftError(Code.NOT_BETWEEN, typed=word[:20], least=least, most=most)
    return int(word)


def _two(call: Call) -> list[str]:
    return [each.id for each in call.policy.creators[:2]]


def _ask(call: Call, asks: str, example: str) -> GiftError:
    line = f"{call.policy.prefix}{call.command.name} {example}"
    return GiftError(Code.MISSING, asks=asks, example=line)


COMMAND = Command(
    name="battle",
    summary="Let two sides compete for gifts.",
    run=steer,
    arguments=(
        Argument("action", "choice", "What to do", choices=("start", "multiply", "stop")),
        Argument("how", "text", "left right [minutes], or times [seconds]", required=False),
    ),
    role=Role.MODERATOR,
    books=True,
    examples=(
        "battle start ann bob 5",
        "battle start red=ann+cleo blue=bob 10",
        "battle multiply 2 30",
    ),
)
