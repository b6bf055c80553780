"""The grammar: from a line of chat, or the options of a slash call, to an invocation.

Numbers are `[1-9][0-9]{0,n}` in ASCII and nothing else; whatever merely looks like a number
where one may stand is refused with a hint, never read as something else.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from commands.chat import Chatter
from commands.command import Argument, Command, Invocation, Mention
from data.errors import Code, GiftError
from data.gifts import WORDS_MAX, fold
from data.money import COUNT_MAX, TOTAL_COINS_MAX

LINE_MAX = 2_000
TOKENS_MAX = 200
NAME_MAX = 64  # of a command, a gift or a person, as typed
_COUNT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_AMOUNT = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
_GROUP = re.compile(r"[0-9]{3}", re.ASCII)
_MENTION = re.compile(r"<@!?([0-9]{1,20})>", re.ASCII)
_TIMES = re.compile(r"[x×*][0-9]", re.ASCII)
_NUMBER_WORDS = frozenset({"nan", "inf", "infinity", "∞", "all", "max"})
_SIGNS = "+-−–—±.,"


class Grammar:
    """Reads commands. is_gift: whether some words are exactly a gift's name."""

    def __init__(self, commands: Iterable[Command], is_gift: Callable[[str], bool]) -> None:
        self._commands: dict[str, Command] = {}
        self._is_gift = is_gift
        for command in commands:
            for name in (command.name, *command.aliases):
                assert name not in self._commands, f"two commands answer to {name}"
                self._commands[name] = command

    def command(self, name: str, aliases: Mapping[str, str]) -> Command | None:
        """The command of that name or alias, case and accents apart."""
        if len(name) > NAME_MAX:
            return None
        word = fold(name).replace(" ", "")
        return self._commands.get(aliases.get(word, word))

    def find(
        self, text: str, prefix: str, aliases: Mapping[str, str]
    ) -> tuple[Command, list[str]] | None:
        """The command that a line begins with, and the words after it; None when none does."""
        line = clean(_cut(text))
        if line.startswith("@"):
            line = line.partition(" ")[2].lstrip()  # a reply begins with whom it answers
        if not line.startswith(prefix):
            return None
        word, _, rest = line[len(prefix) :].lstrip().partition(" ")
        command = self.command(word, aliases)
        if command is None:
            return None
        return command, rest.split()[:TOKENS_MAX]

    def read(
        self, command: Command, tokens: list[str], prefix: str, mentions: Mapping[str, Any]
    ) -> Invocation:
        """The invocation in those words. Raises `GiftError` when something is wrong with them.

        mentions: people whom the platform resolved, by the token that names them.
        """
        reading = _Reading(command, tokens, mentions, self._is_gift, prefix)
        return Invocation(command, reading.values())

    def bind(self, command: Command, given: Mapping[str, Any]) -> Invocation:
        """The invocation of a slash call, whose options are named and typed. The same rules."""
        values: dict[str, Any] = {}
        for argument in command.arguments:
            value = given.get(argument.name)
            if value is None or value == "":
                _require(argument, command, "/")
                continue
            values[argument.name] = _bound(argument, value)
        return Invocation(command, values)


class _Reading:
    """One line being read, token by token, against a command's arguments."""

    def __init__(
        self,
        command: Command,
        tokens: list[str],
        mentions: Mapping[str, Any],
        is_gift: Callable[[str], bool],
        prefix: str,
    ) -> None:
        self._command = command
        self._tokens = tokens
        self._mentions = mentions
        self._is_gift = is_gift
        self._prefix = prefix
        self._at = 0

    def values(self) -> dict[str, Any]:
        """The values by argument."""
        values: dict[str, Any] = {}
        for argument in self._command.arguments:
            value = self._take(argument) if self._at < len(self._tokens) else None
            if value is None:
                _require(argument, self._command, self._prefix)
            else:
                values[argument.name] = value
        return values

    def _take(self, argument: Argument) -> Any:
        token = self._tokens[self._at]
        match argument.kind:
            case "gift":
                return self._take_gift()
            case "count" | "amount":
                if not argument.required and not looks_numeric(token):
                    return None
                self._at += 1
                if self._at < len(self._tokens) and _GROUP.fullmatch(self._tokens[self._at]):
                    token = f"{token} {self._tokens[self._at]}"  # 1 000 is neither 1 nor plain
                return number(token, argument)
            case "person" | "creator":
                return self._take_person(argument, token)
            case "choice":
                self._at += 1
                return choice(argument, token)
            case "text":
                words, self._at = self._tokens[self._at :], len(self._tokens)
                return " ".join(words)
            case _:
                self._at += 1
                return token[:NAME_MAX]

    def _take_gift(self) -> str:
        """The longest run of words that is a gift's name; otherwise one word, as typed."""
        rest = self._tokens[self._at :]
        if rest[0].startswith("@") or looks_numeric(rest[0]) or _MENTION.fullmatch(rest[0]):
            count = rest[1][:20] if len(rest) > 1 else ""
            raise GiftError(Code.NOT_A_GIFT, name=rest[0][:40], count=count)
        for size in range(min(WORDS_MAX, len(rest)), 0, -1):
            words = rest[:size]
            name = " ".join(words)
            if len(name) <= NAME_MAX and all(map(fold, words)) and self._is_gift(name):
                self._at += size
                return name
        self._at += 1
        return rest[0][:40]

    def _take_person(self, argument: Argument, token: str) -> Mention | None:
        if (known := self._mentions.get(token.lower())) is not None:
            self._at += 1
            return Mention(known.name, known.user_id)
        if found := _MENTION.fullmatch(token):
            self._at += 1
            return Mention(token, found.group(1))
        if token.startswith("@") and len(token) > 1:
            self._at += 1
            return Mention(token[1 : NAME_MAX + 1])
        if argument.required and not looks_numeric(token):
            self._at += 1
            return Mention(token[:NAME_MAX])
        return None


def clean(text: str) -> str:
    """The text without control and invisible characters (and the unassigned ones that some
    chat clients append), spaces made single. Joiners inside emoji stay."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if char.isspace():
            kept.append(" ")
        elif category in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") and char != "\u200d":
            continue
        else:
            kept.append(char)
    return " ".join("".join(kept).split())


def called(viewer: Chatter) -> str:
    """What to call somebody: by their name, or by their id when nothing of it is visible."""
    return clean(viewer.name) or viewer.user_id


def _cut(text: str) -> str:
    """An overlong line without its end, nor the word through which the cut would go: half a
    number is another number."""
    return text if len(text) <= LINE_MAX else text[: LINE_MAX + 1].rpartition(" ")[0]


def looks_numeric(token: str) -> bool:
    """Whether somebody may have meant a number by it."""
    word = token.lower().lstrip(_SIGNS)
    if word in _NUMBER_WORDS or (not word and token):
        return True
    return bool(word) and (unicodedata.category(word[0])[0] == "N" or bool(_TIMES.match(word)))


def number(token: str, argument: Argument) -> int:
    """The count or amount in a token. Raises `GiftError` for anything but plain digits."""
    if argument.kind == "count":
        if not _COUNT.fullmatch(token):
            raise GiftError(Code.NOT_A_COUNT, typed=token[:20], most=COUNT_MAX)
        return int(token)
    if argument.zero and token == "0":
        return 0
    if not _AMOUNT.fullmatch(token) or int(token) > TOTAL_COINS_MAX:
        raise GiftError(Code.NOT_AN_AMOUNT, typed=token[:20], most=TOTAL_COINS_MAX)
    return int(token)


def choice(argument: Argument, token: str) -> str:
    """One of the argument's choices, or a refusal that lists them."""
    word = fold(token[:NAME_MAX])
    if word[:1] in ("x", "×") and word[1:2].isdigit():
        word = word[1:]  # ×2 where 2 is a choice
    if word not in argument.choices:
        raise GiftError(Code.UNKNOWN_CHOICE, typed=token[:20], choices=list(argument.choices))
    return word


def usage(command: Command, prefix: str) -> str:
    """How the command is written: `!gift <gift> [count] …`."""
    parts = [f"{prefix}{command.name}"]
    for argument in command.arguments:
        name = "|".join(argument.choices) or argument.name
        name = f"@{name}" if argument.kind in ("person", "creator") else name
        parts.append(f"<{name}>" if argument.required else f"[{name}]")
    return " ".join(parts)


def missing(command: Command, name: str, prefix: str, typed: str = "") -> GiftError:
    """The refusal that asks for an argument, with an example: one that begins with what was
    typed after the command, or else the first."""
    argument = next(each for each in command.arguments if each.name == name)
    begun = f"{command.name} {typed}"
    fitting = [each for each in command.examples if each.startswith(begun)]
    example = f"{prefix}{(fitting or command.examples or (command.name,))[0]}"
    if name == "reason":
        return GiftError(Code.NO_REASON, example=example)
    choices = list(argument.choices)
    return GiftError(Code.MISSING, asks=argument.help, choices=choices, example=example)


def _require(argument: Argument, command: Command, prefix: str) -> None:
    if argument.required:
        raise missing(command, argument.name, prefix)


def _bound(argument: Argument, value: Any) -> Any:
    if argument.kind in ("count", "amount"):
        return number(clean(str(value)), argument)
    if argument.kind in ("person", "creator"):
        if isinstance(value, Mention):
            return value
        return Mention(clean(str(value)[:LINE_MAX]).removeprefix("@")[:NAME_MAX])
    text = clean(str(value)[:LINE_MAX])
    if argument.kind == "choice":
        return choice(argument, text)
    if argument.kind == "gift" and (text.startswith("@") or looks_numeric(text)):
        raise GiftError(Code.NOT_A_GIFT, name=text[:40], count="")
    return text if argument.kind == "text" else text[:NAME_MAX]
