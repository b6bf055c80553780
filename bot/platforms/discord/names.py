"""Names and texts of viewers, made safe to be shown: in Discord and on the screen."""

import re
import unicodedata

import discord

from commands.grammar import clean

LENGTH_MAX = 2_000  # of a message
NAME_LENGTH_MAX = 32
_MARKS_MAX = 3  # on one letter; more is a tower of accents
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters that nobody sees
_REFERENCE = re.compile(r"<(?=[@#:/]|a:|t:|id:)")  # people, channels, emoji, commands, times


def shown_name(name: str, otherwise: str) -> str:
    """A name as it is shown: no control of direction, no tower of accents, no link.

    otherwise: what to show when nothing visible is left of it.
    """
    kept: list[str] = []
    marks = 0
    for char in clean(name):
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= _MARKS_MAX and char not in _BLANKS:
            kept.append(char)
    whole = "".join(kept).replace("://", ":")[:NAME_LENGTH_MAX].strip()
    return whole if any(unicodedata.category(char)[0] in "LNPS" for char in whole) else otherwise


def plain(text: str) -> str:
    """The words as typed: names make no bold, no heading, no link, and stand for nobody.

    Pings are kept away by `AllowedMentions`; this keeps a name such as `<@1>` from looking like
    somebody else's.
    """
    escaped = discord.utils.escape_markdown(text, ignore_links=False)
    return _REFERENCE.sub(r"\<", escaped)[:LENGTH_MAX]
